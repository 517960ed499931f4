package dev.latchkey.vertx;

import dev.latchkey.Access;
import dev.latchkey.AuthException;
import dev.latchkey.AuthResponse;
import dev.latchkey.VerifiedToken;
import dev.latchkey.testkit.Exchange;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** A request of Vert.x in the hands of the contract's handlers, which wait and so run off the loop. */
record VertxExchange(LatchkeyHandler latchkey, RoutingContext rc, Buffer read) implements Exchange {

    @Override
    public Optional<VerifiedToken> findToken() {
        return LatchkeyHandler.findToken(rc);
    }

    @Override
    public VerifiedToken token() {
        return LatchkeyHandler.token(rc);
    }

    @Override
    public String user() {
        return LatchkeyHandler.user(rc, String.class);
    }

    @Override
    public String principal() {
        return rc.user() == null ? null : rc.user().subject();
    }

    @Override
    public Optional<VerifiedToken> check(Access access) {
        try {
            return Optional.ofNullable(Server.await(latchkey.check(rc, access)));
        } catch (CompletionException e) {
            throw e.getCause() instanceof AuthException refusal ? refusal : e;
        }
    }

    @Override
    public byte[] body() {
        return read.getBytes();
    }

    @Override
    public String formField(String name) {
        return rc.request().getFormAttribute(name);
    }

    @Override
    public void cookie(String name, String value) {
        rc.response().addCookie(Cookie.cookie(name, value));
    }

    @Override
    public void header(String name, String value) {
        rc.response().putHeader(name, value);
    }

    @Override
    public void text(String text) {
        Server.await(rc.end(text));
    }

    @Override
    public void begin(String text) {
        Server.await(rc.response().setChunked(true).write(text));
    }

    @Override
    public void write(AuthResponse response) {
        Server.await(LatchkeyHandler.write(rc, response));
    }
}
