package dev.latchkey.testkit;

import static dev.latchkey.testkit.Breakage.addressless;
import static dev.latchkey.testkit.Breakage.asking;
import static dev.latchkey.testkit.Breakage.bodied;
import static dev.latchkey.testkit.Breakage.body;
import static dev.latchkey.testkit.Breakage.demanding;
import static dev.latchkey.testkit.Breakage.headers;
import static dev.latchkey.testkit.Breakage.serving;
import static dev.latchkey.testkit.Breakage.status;
import static dev.latchkey.testkit.Breakage.without;
import static dev.latchkey.testkit.Breakage.writing;

import com.sun.net.httpserver.HttpExchange;
import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;

/** Adapters that each make one mistake, as adapters do. The contract must notice every one of them. */
enum BrokenAdapter implements Function<Latchkey, LatchkeyHandler> {
    OPENS_ROUTES_OF_WHICH_NOTHING_IS_SAID(auth -> new LatchkeyHandler(auth) {
        @Override
        Access access(Target target, String path) {
            return target.access().isEmpty() && !path.startsWith("/group") ? Access.open() : super.access(target, path);
        }
    }),
    CLOSES_OPEN_ROUTES(auth -> demanding(auth, a -> a.equals(Access.open()) ? Access.required() : a)),
    OPENS_OPTIONAL_ROUTES(auth -> demanding(auth, a -> a.equals(Access.optional()) ? Access.open() : a)),
    CLOSES_OPTIONAL_ROUTES(auth -> demanding(auth, a -> a.equals(Access.optional()) ? Access.required() : a)),
    FORGETS_FRESHNESS(auth -> demanding(Route.FRESH, auth, Access.required())),
    FORGETS_MAX_AGE(auth -> demanding(Route.MAX_AGE, auth, Access.required())),
    FORGETS_TYPES(auth -> demanding(Route.INVITE, auth, Access.anyType())),
    FORGETS_REFRESH(auth -> demanding(Route.REFRESH, auth, Access.required())),
    FORGETS_SCOPES(auth -> demanding(Route.SCOPE, auth, Access.required())),
    FORGETS_ROLES(auth -> demanding(Route.ROLE, auth, Access.required())),
    OPENS_LENIENT_ROUTES(auth -> demanding(Route.LENIENT, auth, Access.open())),
    ASKS_THE_STORE_ALWAYS(auth -> demanding(Route.WITHOUT_REVOCATION, auth, Access.required())),
    NEVER_ASKS_THE_STORE(
            auth -> demanding(Route.REQUIRED, auth, Access.required().withoutRevocationCheck())),
    NEVER_LOADS_THE_USER(auth -> demanding(auth, a -> a.equals(Access.open()) ? a : a.withoutUser())),
    LOADS_THE_USER_ALWAYS(auth -> demanding(Route.WITHOUT_USER, auth, Access.required())),
    FORGETS_GROUPS(auth -> new LatchkeyHandler(auth) {
        @Override
        Access access(Target target, String path) {
            return target.access().orElse(Access.required());
        }
    }),
    CHECKS_NOTHING_INSIDE_A_HANDLER(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            boolean inside = path(exchange).equals("/inside");
            return super.check(exchange, inside ? Access.required() : access, before);
        }
    }),
    LOSES_THE_REFUSAL_OF_A_HANDLER(auth -> new LatchkeyHandler(auth) {
        @Override
        void answer(HttpExchange exchange, Handler handler, Outcome met) throws IOException {
            try {
                handler.handle(exchange, met);
            } catch (RuntimeException e) {
                exchange.sendResponseHeaders(500, -1);
            }
        }
    }),
    DROPS_HEADERS_OF_ADMISSIONS(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            return auth.check(request(exchange, before), access);
        }
    }),
    DROPS_THE_CHALLENGE(auth -> writing(auth, r -> without(r, "WWW-Authenticate"))),
    DROPS_CACHE_CONTROL(auth -> writing(auth, r -> without(r, "Cache-Control"))),
    DROPS_RETRY_AFTER(auth -> writing(auth, r -> without(r, "Retry-After"))),
    DROPS_ALLOW(auth -> writing(auth, r -> without(r, "Allow"))),
    DROPS_LOCATION(auth -> writing(auth, r -> without(r, "Location"))),
    WRITES_PLAIN_TEXT(auth -> writing(auth, r -> r.withHeader("Content-Type", "text/plain"))),
    CALLS_EVERYTHING_JSON(auth -> writing(auth, r -> r.withHeader("Content-Type", "application/json"))),
    WRITES_NO_BODY(auth -> writing(auth, r -> body(r, ""))),
    TRIMS_THE_BODY(auth -> writing(auth, r -> body(r, r.body().strip()))),
    WRITES_LATIN_1(auth -> writing(
            auth, r -> body(r, new String(r.body().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)))),
    CHALLENGES_ALWAYS(auth -> writing(
            auth, r -> r.headers().containsKey("WWW-Authenticate") ? r : r.withHeader("WWW-Authenticate", "Bearer"))),
    REFUSES_WITH_401_ALWAYS(auth -> writing(auth, r -> r.status() < 300 ? r : status(r, 401))),
    ANSWERS_200_TO_A_LOGOUT(auth -> writing(auth, r -> r.status() == 204 ? body(status(r, 200), "{}") : r)),
    CALLS_UNAVAILABLE_AN_ERROR(auth -> writing(auth, r -> r.status() == 503 ? status(r, 500) : r)),
    FAILS_OPEN(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            Outcome outcome = super.check(exchange, access, before);
            boolean down = outcome.refusal()
                    .filter(e -> e.error() == AuthError.UNAVAILABLE)
                    .isPresent();
            return down ? super.check(exchange, Access.open(), before) : outcome;
        }
    }),
    READS_THE_FIRST_HEADER(auth ->
            asking(auth, request -> headers(request, (name, all) -> all.stream().limit(1)))),
    READS_THE_LAST_HEADER(auth ->
            asking(auth, request -> headers(request, (name, all) -> all.stream().skip(Math.max(0, all.size() - 1))))),
    JOINS_HEADERS(auth -> asking(
            auth,
            request -> headers(request, (n, all) -> all.isEmpty() ? Stream.of() : Stream.of(String.join(", ", all))))),
    REPAIRS_HEADERS(auth -> asking(
            auth, request -> headers(request, (name, all) -> all.stream().map(v -> v.replaceAll("[,.\\s]+$", ""))))),
    READS_AUTHORIZATION_ONLY(auth -> asking(
            auth,
            request -> headers(
                    request,
                    (name, all) -> (name.equals("X-Token") ? request.headers("Authorization") : all).stream()))),
    TAKES_A_TOKEN_FROM_THE_QUERY(auth -> new LatchkeyHandler(auth) {
        @Override
        AuthRequest request(HttpExchange exchange, Outcome before) {
            String query = String.valueOf(exchange.getRequestURI().getQuery()).replaceAll("^jwt=|&.*$", "");
            return headers(
                    super.request(exchange, before),
                    (name, all) -> name.equals("Authorization") && query.contains(".")
                            ? Stream.of("Bearer " + query)
                            : all.stream());
        }
    }),
    SHOWS_NO_BODY(auth -> asking(auth, request -> bodied(request, body -> new byte[0]))),
    CUTS_THE_BODY(auth -> asking(
            auth, request -> bodied(request, body -> body.length > 60_000 ? Arrays.copyOf(body, 60_000) : body))),
    GUESSES_THE_BODY(auth -> asking(
            auth,
            request -> bodied(
                    request, body -> body.length < 40 ? ContractBase.LOGIN.getBytes(StandardCharsets.UTF_8) : body))),
    CONSUMES_THE_BODY(auth -> new LatchkeyHandler(auth) {
        @Override
        AuthRequest request(HttpExchange exchange, Outcome before) {
            return bodied(super.request(exchange, before), body -> {
                exchange.setStreams(InputStream.nullInputStream(), null);
                return body;
            });
        }
    }),
    HIDES_THE_BODY_BEHIND_A_HEADER(auth -> asking(
            auth,
            request -> request.headers("Authorization").isEmpty() ? request : bodied(request, body -> new byte[0]))),
    DOES_NOT_KNOW_THE_ADDRESS(auth -> asking(auth, request -> addressless(request))),
    ECHOES_THE_REQUEST(auth -> new LatchkeyHandler(auth) {
        @Override
        void write(HttpExchange exchange, AuthResponse response) throws IOException {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            boolean refused = response.status() == 401;
            super.write(
                    exchange,
                    refused ? body(response, response.body() + new String(sent, StandardCharsets.UTF_8)) : response);
        }
    }),
    SERVES_NO_ENDPOINTS(auth -> serving(auth, exchange -> status(exchange, 404))),
    KNOWS_THE_ENDPOINTS_BY_HEART(auth -> new LatchkeyHandler(auth) {
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            boolean moved =
                    auth.endpoints().contains(path(exchange)) && !path(exchange).startsWith("/auth/");
            if (!moved || !status(exchange, 404)) {
                super.handle(exchange);
            }
        }
    }),
    MOUNTS_POST_ONLY(
            auth -> serving(auth, exchange -> !exchange.getRequestMethod().equals("POST") && status(exchange, 404))),
    CHECKS_THE_TOKEN_OF_A_LOGIN(auth -> serving(
            auth,
            exchange -> exchange.getRequestHeaders().containsKey("Authorization")
                    && !auth.check(new LatchkeyHandler(auth).request(exchange, null), Access.anyType())
                            .admitted()
                    && status(exchange, 401))),
    EXEMPTS_ALL_OPTIONS(auth -> new LatchkeyHandler(auth) {
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            if (!exchange.getRequestMethod().equals("OPTIONS") || !status(exchange, 204)) {
                super.handle(exchange);
            }
        }
    }),
    CLEARS_HEADERS_ON_REFUSAL(auth -> new LatchkeyHandler(auth) {
        @Override
        void write(HttpExchange exchange, AuthResponse response) throws IOException {
            exchange.getResponseHeaders().clear();
            super.write(exchange, response);
        }
    }),
    LETS_HEAD_THROUGH(auth -> new LatchkeyHandler(auth) {
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            if (!exchange.getRequestMethod().equals("HEAD") || !status(exchange, 200)) {
                super.handle(exchange);
            }
        }
    }),
    CACHES_THE_OUTCOME(auth -> new LatchkeyHandler(auth) {
        private final Map<String, Outcome> cache = new ConcurrentHashMap<>();

        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            return cache.computeIfAbsent(path(exchange), path -> super.check(exchange, access, before));
        }
    }),
    KEEPS_THE_TOKEN_ON_THE_CONNECTION(auth -> new LatchkeyHandler(auth) {
        private final Map<Object, Outcome> last = new ConcurrentHashMap<>();

        @Override
        void answer(HttpExchange exchange, Handler handler, Outcome met) throws IOException {
            Outcome known = met.token().isPresent() ? met : last.getOrDefault(exchange.getRemoteAddress(), met);
            last.put(exchange.getRemoteAddress(), known);
            super.answer(exchange, handler, known);
        }
    }),
    KEEPS_THE_TOKEN_IN_A_FIELD(auth -> new LatchkeyHandler(auth) {
        private Outcome kept;

        @Override
        synchronized void answer(HttpExchange exchange, Handler handler, Outcome met) throws IOException {
            kept = kept == null || kept.token().isEmpty() ? met : kept;
            super.answer(exchange, handler, kept);
        }
    }),
    TAKES_WHAT_ANOTHER_REQUEST_MET(auth -> new LatchkeyHandler(auth) {
        private final Map<String, Outcome> last = new ConcurrentHashMap<>();

        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            Outcome outcome = super.check(exchange, access, last.getOrDefault(path(exchange), before));
            if (outcome.admitted()) {
                last.put(path(exchange), outcome);
            }
            return outcome;
        }
    }),
    ANSWERS_BEFORE_THE_CHECK(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            Route.HANDLED.increment();
            return super.check(exchange, access, before);
        }
    }),
    SERVES_ONE_AT_A_TIME(auth -> new LatchkeyHandler(auth) {
        @Override
        public synchronized void handle(HttpExchange exchange) throws IOException {
            super.handle(exchange);
        }
    }),
    LEAKS_A_PERMIT_WHEN_A_CLIENT_HANGS_UP(auth -> new LatchkeyHandler(auth) {
        private final Semaphore permits = new Semaphore(5);

        @Override
        public void handle(HttpExchange exchange) throws IOException {
            if (!permits.tryAcquire()) {
                status(exchange, 503);
                return;
            }
            boolean whole = exchange.getRequestHeaders().getFirst("Content-Length") == null
                    || !exchange.getRequestHeaders().getFirst("Content-Length").equals("1000");
            super.handle(exchange);
            if (whole) {
                permits.release();
            }
        }
    }),
    DECIDES_ON_ANOTHER_SPELLING(auth -> new LatchkeyHandler(auth) {
        @Override
        Target target(HttpExchange exchange, String path) {
            String decoded =
                    URI.create(path.replaceFirst("^/+", "/")).normalize().getPath();
            return super.target(exchange, decoded.replaceAll(";.*|/$", ""));
        }

        @Override
        Access access(Target target, String path) {
            return Set.of("/required", "/default", "/group/page").contains(path)
                    ? super.access(target, path)
                    : Access.open();
        }
    });

    private final Function<Latchkey, LatchkeyHandler> maker;

    BrokenAdapter(Function<Latchkey, LatchkeyHandler> maker) {
        this.maker = maker;
    }

    @Override
    public LatchkeyHandler apply(Latchkey auth) {
        return maker.apply(auth);
    }
}
