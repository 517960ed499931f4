package dev.latchkey.testkit;

import static dev.latchkey.testkit.Breakage.asking;
import static dev.latchkey.testkit.Breakage.bodied;
import static dev.latchkey.testkit.Breakage.demanding;
import static dev.latchkey.testkit.Breakage.header;
import static dev.latchkey.testkit.Breakage.method;
import static dev.latchkey.testkit.Breakage.query;
import static dev.latchkey.testkit.Breakage.status;
import static dev.latchkey.testkit.Breakage.without;
import static dev.latchkey.testkit.Breakage.writing;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import dev.latchkey.Access;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** More of the same, with cookies, queries and forms. */
enum BrokenCookies implements Function<Latchkey, LatchkeyHandler> {
    SENDS_THE_FIRST_COOKIE_ALONE(auth ->
            writing(auth, r -> cookies(r, lines -> lines.limit(1).toList()))),
    JOINS_COOKIES(auth -> writing(auth, r -> cookies(r, lines -> List.of(lines.collect(Collectors.joining(", ")))))),
    SETS_NO_COOKIES(auth -> writing(auth, r -> without(r, "Set-Cookie"))),
    FORGETS_HTTP_ONLY(auth -> writing(
            auth,
            r -> cookies(
                    r,
                    lines -> lines.map(line -> line.replace("; HttpOnly", "")).toList()))),
    TAKES_THE_REFRESH_COOKIE_BACK_TOO(auth -> writing(
            auth,
            r -> cookies(
                    r,
                    lines -> lines.flatMap(line -> Stream.of(line, line.replace("access_token", "refresh_token")))
                            .toList()))),
    DROPS_HEADERS_OF_REFUSALS(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            Outcome outcome = auth.check(request(exchange, before), access);
            return outcome.admitted() ? super.check(exchange, access, before) : outcome;
        }
    }),
    LETS_CACHES_KEEP_WHAT_COOKIES_BROUGHT(auth -> dropping(auth, "Cache-Control")),
    TELLS_OTHERS_THE_QUERY(auth -> dropping(auth, "Referrer-Policy")),
    SETS_NO_COOKIE_ON_ADMISSION(auth -> dropping(auth, "Set-Cookie")),
    OVERWRITES_COOKIES_OF_THE_APPLICATION(auth -> new LatchkeyHandler(auth) {
        @Override
        void write(HttpExchange exchange, AuthResponse response) throws IOException {
            if (response.headers().containsKey("Set-Cookie")) {
                exchange.getResponseHeaders().remove("Set-Cookie");
            }
            super.write(exchange, response);
        }
    }),
    OVERWRITES_THEM_ON_ADMISSION(auth -> new LatchkeyHandler(auth) {
        @Override
        Outcome check(HttpExchange exchange, Access access, Outcome before) {
            Outcome outcome = auth.check(request(exchange, before), access);
            outcome.headers().forEach(exchange.getResponseHeaders()::put);
            return outcome;
        }
    }),
    RENEWS_BESIDE_A_CLEAR(auth -> new LatchkeyHandler(auth) {
        @Override
        void write(HttpExchange exchange, AuthResponse response) throws IOException {
            List<String> before = List.copyOf(exchange.getResponseHeaders().getOrDefault("Set-Cookie", List.of()));
            super.write(
                    exchange,
                    cookies(
                            response,
                            lines -> Stream.concat(before.stream(), lines).toList()));
        }
    }),
    SHOWS_NO_COOKIES(auth -> asking(auth, r -> header(r, "Cookie", all -> Stream.of()))),
    TAKES_THE_FIRST_COOKIE_LINE(auth -> asking(auth, r -> header(r, "Cookie", all -> all.limit(1)))),
    KEEPS_ONE_COOKIE_OF_A_NAME(auth -> asking(
            auth,
            r -> header(
                    r,
                    "Cookie",
                    all -> all
                            .flatMap(line -> Stream.of(line.split("; ?")))
                            .collect(Collectors.toMap(pair -> pair.split("=")[0], pair -> pair, (one, other) -> other))
                            .values()
                            .stream()))),
    UNQUOTES_COOKIES(auth -> asking(auth, r -> header(r, "Cookie", all -> all.map(line -> line.replace("\"", ""))))),
    LOOKS_AT_COOKIES_FIRST(auth ->
            asking(auth, r -> r.headers("Cookie").isEmpty() ? r : header(r, "Authorization", all -> Stream.of()))),
    CALLS_A_LARGE_HEADER_AN_ERROR(auth -> new LatchkeyHandler(auth) {
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            String cookie = String.valueOf(exchange.getRequestHeaders().getFirst("Cookie"));
            if (cookie.length() < 40_000 || !status(exchange, 500)) {
                super.handle(exchange);
            }
        }
    }),
    FORGETS_CSRF(auth -> demanding(auth, a -> a.equals(Access.open()) ? a : a.withoutCsrfProtection())),
    FORGETS_CSRF_OF_A_GET(auth -> demanding(Route.CSRF, auth, Access.required())),
    DEMANDS_CSRF_ALWAYS(auth -> demanding(Route.WITHOUT_CSRF, auth, Access.required())),
    TAKES_THE_FIRST_VALUE(auth -> asking(auth, r -> header(r, "X-CSRF-TOKEN", all -> all.limit(1)))),
    KNOWS_METHODS_IN_UPPER_CASE(auth -> new LatchkeyHandler(auth) {
        @Override
        Target target(HttpExchange exchange, String path) {
            boolean lower = exchange.getRequestMethod().equals("get");
            return lower
                    ? new Target(Optional.of(Access.required()), (open, token) -> Route.HANDLED.increment())
                    : super.target(exchange, path);
        }

        @Override
        AuthRequest request(HttpExchange exchange, Outcome before) {
            return method(super.request(exchange, before), name -> name.toUpperCase(Locale.ROOT));
        }
    }),
    CALLS_UNKNOWN_METHODS_GET(auth -> asking(auth, r -> method(r, name -> name.equals("PROPFIND") ? "GET" : name))),
    HIDES_THE_ORIGIN(auth -> asking(auth, r -> header(r, "Origin", all -> Stream.of()))),
    HIDES_THE_HOST(auth -> asking(auth, r -> header(r, "Host", all -> Stream.of()))),
    HIDES_WHAT_THE_BROWSER_SAYS(auth -> asking(auth, r -> header(r, "Sec-Fetch-Site", all -> Stream.of()))),
    GIVES_NO_QUERY(auth -> asking(auth, r -> query(r, query -> ""))),
    DECODES_THE_QUERY(auth -> asking(auth, r -> query(r, query -> URLDecoder.decode(query, UTF_8)))),
    KEEPS_ONE_PARAMETER_OF_A_NAME(auth -> asking(
            auth,
            r -> query(
                    r,
                    query -> String.join(
                            "&",
                            Stream.of(query.split("&"))
                                    .collect(Collectors.toMap(
                                            pair -> pair.replace("%6A", "j").split("=")[0],
                                            pair -> pair,
                                            (one, other) -> other))
                                    .values())))),
    SHOWS_NO_FORMS(auth -> asking(auth, r -> isForm(r) ? bodied(r, body -> new byte[0]) : r)),
    LOSES_FORMS(auth -> new LatchkeyHandler(auth) {
        @Override
        AuthRequest request(HttpExchange exchange, Outcome before) {
            AuthRequest request = super.request(exchange, before);
            return !isForm(request)
                    ? request
                    : bodied(request, body -> {
                        exchange.setStreams(InputStream.nullInputStream(), null);
                        return body;
                    });
        }
    }),
    LOSES_THE_REST_OF_A_FORM(auth -> new LatchkeyHandler(auth) {
        @Override
        AuthRequest request(HttpExchange exchange, Outcome before) {
            AuthRequest request = super.request(exchange, before);
            return !isForm(request)
                    ? request
                    : bodied(request, body -> {
                        exchange.setStreams(new ByteArrayInputStream(body), null);
                        return body;
                    });
        }
    }),
    SHOWS_THE_QUERY_AS_A_FORM(auth ->
            asking(auth, r -> bodied(r, body -> (r.query() + "&" + new String(body, UTF_8)).getBytes(UTF_8)))),
    SHOWS_EVERY_BODY_AS_A_FORM(auth ->
            asking(auth, r -> header(r, "Content-Type", all -> all.map(type -> "application/x-www-form-urlencoded")))),
    TAKES_WHAT_CAME_FOR_THE_WHOLE(auth -> new LatchkeyHandler(auth) {
        @Override
        AuthRequest request(HttpExchange exchange, Outcome before) {
            return new Breakage.Changed(super.request(exchange, before)) {
                @Override
                public byte[] body(int limit) {
                    ByteArrayOutputStream body = new ByteArrayOutputStream();
                    try {
                        int next = exchange.getRequestBody().read();
                        while (next >= 0 && body.size() < limit) {
                            body.write(next);
                            next = exchange.getRequestBody().read();
                        }
                    } catch (IOException e) {
                        // What has come is what there is.
                    }
                    return body.toByteArray();
                }
            };
        }
    });

    private static boolean isForm(AuthRequest request) {
        return String.join("", request.headers("Content-Type")).contains("form-urlencoded");
    }

    private static AuthResponse cookies(AuthResponse response, Function<Stream<String>, List<String>> other) {
        List<String> lines = response.headers().get("Set-Cookie");
        if (lines == null) {
            return response;
        }
        List<String> changed = other.apply(lines.stream());
        return response.withHeader(
                "Set-Cookie", changed.get(0), changed.stream().skip(1).toArray(String[]::new));
    }

    /** Without one header of what an admission says. */
    private static LatchkeyHandler dropping(Latchkey auth, String name) {
        return new LatchkeyHandler(auth) {
            @Override
            Outcome check(HttpExchange exchange, Access access, Outcome before) {
                List<String> lines =
                        new ArrayList<>(exchange.getResponseHeaders().getOrDefault(name, List.of()));
                Outcome outcome = super.check(exchange, access, before);
                exchange.getResponseHeaders().put(name, lines);
                return outcome;
            }
        };
    }

    private final Function<Latchkey, LatchkeyHandler> maker;

    BrokenCookies(Function<Latchkey, LatchkeyHandler> maker) {
        this.maker = maker;
    }

    @Override
    public LatchkeyHandler apply(Latchkey auth) {
        return maker.apply(auth);
    }
}
