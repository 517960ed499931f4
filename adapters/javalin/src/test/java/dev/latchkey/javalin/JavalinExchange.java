package dev.latchkey.javalin;

import dev.latchkey.Access;
import dev.latchkey.AuthResponse;
import dev.latchkey.VerifiedToken;
import dev.latchkey.testkit.Exchange;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A request of Javalin in the hands of the contract's handlers; Javalin knows no users. */
record JavalinExchange(Context ctx) implements Exchange {

    @Override
    public Optional<VerifiedToken> findToken() {
        return LatchkeyPlugin.findToken(ctx);
    }

    @Override
    public VerifiedToken token() {
        return LatchkeyPlugin.token(ctx);
    }

    @Override
    public String user() {
        return LatchkeyPlugin.user(ctx, String.class);
    }

    @Override
    public String principal() {
        return findToken().map(VerifiedToken::subject).orElse(null);
    }

    @Override
    public Optional<VerifiedToken> check(Access access) {
        return LatchkeyPlugin.check(ctx, access);
    }

    @Override
    public byte[] body() {
        return ctx.bodyAsBytes();
    }

    @Override
    public String formField(String name) {
        return ctx.formParam(name);
    }

    @Override
    public void cookie(String name, String value) {
        ctx.cookie(name, value);
    }

    @Override
    public void header(String name, String value) {
        ctx.header(name, value);
    }

    @Override
    public void text(String text) {
        ctx.result(text);
    }

    @Override
    public void begin(String text) {
        try {
            ctx.outputStream().write(text.getBytes(StandardCharsets.UTF_8));
            ctx.res().flushBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(AuthResponse response) {
        LatchkeyPlugin.write(ctx, response);
    }
}
