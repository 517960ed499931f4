package dev.latchkey.testkit;

import com.sun.net.httpserver.HttpExchange;
import dev.latchkey.Access;
import dev.latchkey.AuthResponse;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/** An exchange of the JDK's own server in the hands of the contract's handlers. */
final class HttpServerExchange implements Exchange {

    private final LatchkeyHandler adapter;
    private final HttpExchange exchange;
    private Outcome met;

    HttpServerExchange(LatchkeyHandler adapter, HttpExchange exchange, Outcome met) {
        this.adapter = adapter;
        this.exchange = exchange;
        this.met = met;
    }

    HttpExchange exchange() {
        return exchange;
    }

    @Override
    public Optional<VerifiedToken> findToken() {
        return Outcome.findTokenOf(met);
    }

    @Override
    public VerifiedToken token() {
        return adapter.token(met);
    }

    @Override
    public String user() {
        return token().user(String.class);
    }

    @Override
    public String principal() {
        return adapter.principal(met).orElse(null);
    }

    @Override
    public Optional<VerifiedToken> check(Access access) {
        met = adapter.check(exchange, access, met).orThrow();
        return met.token();
    }

    @Override
    public byte[] body() {
        try {
            return exchange.getRequestBody().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String formField(String name) {
        return Stream.of(new String(body(), StandardCharsets.UTF_8).split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst()
                .orElse(null);
    }

    @Override
    public void cookie(String name, String value) {
        exchange.getResponseHeaders().add("Set-Cookie", name + "=" + value);
    }

    @Override
    public void header(String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    @Override
    public void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        try {
            exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
            if (!head) {
                exchange.getResponseBody().write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void begin(String text) {
        try {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(AuthResponse response) {
        try {
            adapter.write(exchange, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
