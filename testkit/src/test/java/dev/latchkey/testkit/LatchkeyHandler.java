package dev.latchkey.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.latchkey.Access;
import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Latchkey on the JDK's own server, which has no router: routes by method and literal path, denies by default. */
class LatchkeyHandler implements HttpHandler {

    /** What answers a route; the exchange's attributes are shared by all requests, so its outcome is a parameter. */
    interface Handler {
        void handle(HttpExchange exchange, Outcome met) throws IOException;
    }

    /** What a handler knows of its user. */
    Optional<String> principal(Outcome met) {
        return Outcome.findTokenOf(met).map(VerifiedToken::subject);
    }

    VerifiedToken token(Outcome met) {
        return Outcome.tokenOf(met);
    }

    record Target(Optional<Access> access, Handler handler) {}

    final Latchkey auth;
    private final Map<String, Target> routes = new ConcurrentHashMap<>();
    private final Map<String, Access> groups = new TreeMap<>();

    LatchkeyHandler(Latchkey auth) {
        this.auth = auth;
    }

    LatchkeyHandler group(String path, Access access) {
        groups.put(path, access);
        return this;
    }

    LatchkeyHandler route(String method, String path, Optional<Access> access, Handler handler) {
        routes.put(method + " " + path, new Target(access, handler));
        return this;
    }

    // region handle
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = path(exchange);
            if (auth.endpoints().contains(path)) {
                write(exchange, auth.serve(request(exchange, null)));
                return;
            }
            Target target = target(exchange, path);
            if (target == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            Outcome outcome = check(exchange, access(target, path), null);
            if (outcome.response().isPresent()) {
                write(exchange, outcome.response().get());
                return;
            }
            answer(exchange, target.handler(), outcome);
        }
    }

    void answer(HttpExchange exchange, Handler handler, Outcome met) throws IOException {
        try {
            handler.handle(exchange, met);
        } catch (AuthException refusal) {
            write(exchange, auth.respond(refusal));
        }
    }

    /** The check, for routes, and for handlers, which hand in what came of the one before. */
    Outcome check(HttpExchange exchange, Access access, @Nullable Outcome before) {
        Outcome outcome = auth.check(request(exchange, before), access);
        outcome.headers(present(exchange)).forEach(exchange.getResponseHeaders()::put);
        return outcome;
    }
    // endregion

    /** The path as it was sent: what the routes are compared with, so that nothing is decided on another spelling. */
    String path(HttpExchange exchange) {
        return exchange.getRequestURI().getRawPath();
    }

    Target target(HttpExchange exchange, String path) {
        String method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        return routes.get(method + " " + path);
    }

    Access access(Target target, String path) {
        return target.access()
                .orElseGet(() -> groups.entrySet().stream()
                        .filter(group -> path.startsWith(group.getKey() + "/"))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(Access.required()));
    }

    // region write
    /** What the response has already: cookies of the application stay. */
    private static Function<String, List<String>> present(HttpExchange exchange) {
        return name -> exchange.getResponseHeaders().getOrDefault(name, List.of());
    }

    void write(HttpExchange exchange, AuthResponse response) throws IOException {
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        response.headers(present(exchange)).forEach(exchange.getResponseHeaders()::put);
        boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(response.status(), none ? -1 : body.length);
        if (!none) {
            exchange.getResponseBody().write(body);
        }
    }
    // endregion

    // region request
    /** An exchange as the core sees it. */
    AuthRequest request(HttpExchange exchange, @Nullable Outcome before) {
        return AuthRequest.of(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getRawPath(),
                        exchange.getRequestURI().getRawQuery(),
                        name -> exchange.getRequestHeaders().getOrDefault(name, List.of()),
                        exchange.getRemoteAddress().getAddress().getHostAddress(),
                        limit -> body(exchange, limit))
                .withBefore(before);
    }

    /** Read once and put back, so that a handler can read it again. */
    private static byte[] body(HttpExchange exchange, int limit) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(limit);
        InputStream again = new ByteArrayInputStream(body);
        exchange.setStreams(new SequenceInputStream(again, exchange.getRequestBody()), null);
        return body;
    }
    // endregion
}
