package dev.latchkey.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.latchkey.Access;
import dev.latchkey.AccessRules;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.TokenLocation;
import dev.latchkey.VerifiedToken;
import dev.latchkey.testkit.AdapterContract.App;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** As much of a container as handing requests on needs, with an adapter that can make one mistake. */
final class DispatchServer {

    private static final Access JSON = Access.required().withLocations(TokenLocation.HEADER, TokenLocation.JSON);
    private static final AccessRules RULES = AccessRules.create()
            .open("/open/*")
            .require("/admin/*", Access.role("admin"))
            .require("/optional", Access.optional())
            .require("/json/*", JSON);
    private static final Set<String> PAGES =
            Set.of("/page", "/admin/page", "/open/page", "/optional", "/WEB-INF/view", "/error/view");

    private final Latchkey auth;
    private final @Nullable BrokenDispatch mistake;

    DispatchServer(Latchkey auth, @Nullable BrokenDispatch mistake) {
        this.auth = auth;
        this.mistake = mistake;
    }

    App start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ExecutorService threads = Executors.newCachedThreadPool();
            server.setExecutor(Count.here(threads));
            server.createContext("/", exchange -> new Visit(exchange).serve());
            server.start();
            return App.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), () -> {
                server.stop(0);
                threads.shutdownNow();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An error that is shown by a page. */
    private static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;

        Failure(int status) {
            super(null, null, false, false);
            this.status = status;
        }
    }

    /** One request through all its dispatches. */
    private final class Visit {

        private final HttpExchange exchange;
        private final byte[] body;
        private final AuthRequest request;
        private @Nullable Outcome met;
        private Optional<VerifiedToken> token = Optional.empty();

        Visit(HttpExchange exchange) throws IOException {
            this.exchange = exchange;
            this.body = exchange.getRequestBody().readAllBytes();
            exchange.setStreams(new ByteArrayInputStream(body), null);
            this.request = new LatchkeyHandler(auth).request(exchange, null);
        }

        void serve() throws IOException {
            try (exchange) {
                if (AdapterContract.ORIGIN.equals(exchange.getRequestHeaders().getFirst("Origin"))) {
                    exchange.getResponseHeaders().set("Access-Control-Allow-Origin", AdapterContract.ORIGIN);
                }
                try {
                    String path = exchange.getRequestURI().getPath();
                    if (!path.equals("/error/page") || mistake != BrokenDispatch.OPENS_ERROR_PAGES) {
                        admit(path);
                    }
                    send(200, run(path));
                } catch (Failure failure) {
                    fail(failure.status);
                } catch (AuthException refusal) {
                    refuse(refusal);
                }
            }
        }

        private void fail(int status) throws IOException {
            try {
                if (mistake == BrokenDispatch.CHECKS_ERROR_PAGES
                        || (mistake == BrokenDispatch.CHECKS_WHAT_ERROR_PAGES_FORWARD_TO && status == 410)) {
                    admit("/error/page");
                }
                send(status, run(status == 410 ? "/error/view" : "/error/page"));
            } catch (AuthException refusal) {
                refuse(refusal);
            }
        }

        private void send(int status, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }

        private void refuse(AuthException refusal) throws IOException {
            AuthResponse response = auth.respond(refusal);
            if (mistake == BrokenDispatch.CLEARS_EVERY_HEADER) {
                exchange.getResponseHeaders().clear();
            } else if (mistake != BrokenDispatch.KEEPS_WHAT_WAS_WRITTEN) {
                for (String name : List.of("Content-Encoding", "ETag")) {
                    exchange.getResponseHeaders().remove(name);
                }
            }
            response.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, new ArrayList<>(values)));
            send(response.status(), response.body());
        }

        private void admit(String path) {
            boolean byExtension = path.endsWith(".do") && mistake != BrokenDispatch.OPENS_EXTENSIONS;
            RULES.demands(path, path, byExtension).forEach(this::check);
        }

        private void check(Access access) {
            Outcome before = mistake == BrokenDispatch.CHECKS_EVERY_DISPATCH_ANEW ? null : met;
            met = auth.check(new LatchkeyHandler(auth).request(exchange, before), access)
                    .orThrow();
            token = Outcome.findTokenOf(met).or(() -> token);
        }

        private String handOn(String to, BrokenDispatch unchecked) throws IOException {
            boolean view = to.startsWith("/WEB-INF/") && mistake != BrokenDispatch.CLOSES_VIEWS;
            if (!view && mistake != unchecked) {
                admit(to);
            }
            if (mistake == BrokenDispatch.LOSES_THE_USER) {
                token = Optional.empty();
            }
            return run(to);
        }

        private String remoteUser() {
            return token.map(VerifiedToken::subject).orElse(null);
        }

        private String run(String path) throws IOException {
            if (PAGES.contains(path)) {
                return path + " " + remoteUser();
            }
            String how = path.substring(path.lastIndexOf('/') + 1);
            if (path.startsWith("/open/late/")) {
                refuseLate(how);
            }
            String to = String.valueOf(exchange.getRequestURI().getQuery()).replace("to=", "");
            return switch (how) {
                case "me" -> user();
                case "page" -> "sorry, " + remoteUser();
                case "forward" -> handOn(to, BrokenDispatch.CHECKS_NO_FORWARD);
                case "include" -> "before;" + handOn(to, BrokenDispatch.CHECKS_NO_INCLUDE) + ";after " + remoteUser();
                case "async" -> handOn(to, BrokenDispatch.CHECKS_NO_ASYNC);
                case "lost" -> throw new Failure(404);
                case "gone" -> throw new Failure(410);
                case "fail" -> throw new Failure(500);
                case "x.do" -> "do";
                case "reader" -> read().replace("\n", "");
                case "json" -> {
                    check(JSON);
                    yield read();
                }
                default -> read();
            };
        }

        private String user() {
            boolean blind = mistake == BrokenDispatch.KNOWS_NO_ROLES;
            return String.join(
                    ",",
                    remoteUser(),
                    remoteUser(),
                    token.map(known -> "Bearer").orElse(null),
                    ""
                            + token.filter(known -> !blind && known.roles().contains("reader"))
                                    .isPresent(),
                    "" + token.filter(known -> known.roles().contains("admin")).isPresent());
        }

        private void refuseLate(String how) {
            for (String header : List.of("Content-Encoding", "ETag", "Cache-Control", "X-Kept")) {
                exchange.getResponseHeaders().set(header, "yes");
            }
            if (how.equals("checked") || how.equals("async")) {
                check(Access.fresh());
            }
            throw AuthException.of(AuthError.CLAIMS_REJECTED);
        }

        /** As text that {@link #send} turns into the same bytes, unless it was read as ISO-8859-1. */
        private String read() {
            boolean reader = exchange.getRequestURI().getPath().endsWith("reader");
            boolean latin = reader && !request.headers("Content-Type").get(0).contains("utf-8");
            String text = new String(body, latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
            if (mistake == BrokenDispatch.CUTS_THE_BODY) {
                return text.substring(0, Math.min(text.length(), 100_000));
            }
            return mistake == BrokenDispatch.CONSUMES_THE_BODY ? "" : text;
        }
    }
}
