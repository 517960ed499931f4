package dev.latchkey.testkit;

import static dev.latchkey.testkit.Breakage.added;
import static dev.latchkey.testkit.Breakage.body;
import static dev.latchkey.testkit.Breakage.serving;
import static dev.latchkey.testkit.Breakage.status;
import static dev.latchkey.testkit.Breakage.uncheckedly;
import static dev.latchkey.testkit.Breakage.writing;

import com.sun.net.httpserver.HttpExchange;
import dev.latchkey.Access;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** More of the same, in what handlers see and may do. */
enum BrokenHandling implements Function<Latchkey, LatchkeyHandler> {
    HIDES_THE_USER(auth -> new LatchkeyHandler(auth) {
        @Override
        Optional<String> principal(Outcome met) {
            return Optional.empty();
        }
    }),
    GIVES_NO_REASON(auth -> new LatchkeyHandler(auth) {
        @Override
        VerifiedToken token(Outcome met) {
            return met.token().orElseThrow();
        }
    }),
    CHECKS_AGAIN_WHAT_IS_MET(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            return super.check(exchange, access, null);
        }
    }),
    TAKES_EVERY_DEMAND_FOR_MET(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            return before == null ? super.check(exchange, access, null) : before;
        }
    }),
    CLOSES_OPTIONAL_CHECKS(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            boolean inside = path(exchange).equals("/inside-optional") && !access.equals(Access.open());
            return super.check(exchange, inside ? Access.required() : access, before);
        }
    }),
    ADDS_TO_HEADERS_THAT_ARE_SET(auth -> new LatchkeyHandler(auth) {
        @Override
        void write(HttpExchange exchange, AuthResponse response) throws IOException {
            Map<String, List<String>> before = Map.copyOf(exchange.getResponseHeaders());
            super.write(exchange, added(response, before));
        }
    }),
    WRITES_ONE_LINE_PER_HEADER(auth -> writing(auth, r -> status(r, r.status()))),
    WRITES_INTO_A_RESPONSE_THAT_HAS_BEGUN(auth -> new LatchkeyHandler(auth) {
        @Override
        void write(HttpExchange exchange, AuthResponse response) throws IOException {
            if (exchange.getResponseCode() < 0) {
                super.write(exchange, response);
            } else {
                exchange.getResponseBody().write(response.body().getBytes(StandardCharsets.UTF_8));
            }
        }
    }),
    CALLS_EVERY_FAILURE_A_REFUSAL(auth -> new LatchkeyHandler(auth) {
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            if (!path(exchange).equals("/fails") || !status(exchange, 401)) {
                super.handle(exchange);
            }
        }
    }),
    SERVES_WHAT_DOES_NOT_EXIST(auth -> new LatchkeyHandler(auth) {
        @Override
        Target target(HttpExchange exchange, String path) {
            Target target = super.target(exchange, path);
            return target != null
                    ? target
                    : new Target(Optional.of(Access.open()), (open, met) -> open.sendResponseHeaders(200, -1));
        }
    }),
    LOSES_A_LARGE_BODY(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            Outcome outcome = super.check(exchange, access, before);
            InputStream body = exchange.getRequestBody();
            exchange.setStreams(
                    new ByteArrayInputStream(uncheckedly(() -> body.readNBytes(AuthRequest.MAX_BODY))), null);
            return outcome;
        }
    }),
    KNOWS_NO_EXPECTATIONS(auth ->
            serving(auth, exchange -> exchange.getRequestHeaders().containsKey("Expect") && status(exchange, 417)));

    private final Function<Latchkey, LatchkeyHandler> maker;

    BrokenHandling(Function<Latchkey, LatchkeyHandler> maker) {
        this.maker = maker;
    }

    @Override
    public LatchkeyHandler apply(Latchkey auth) {
        return maker.apply(auth);
    }
}
