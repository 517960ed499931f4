package dev.latchkey.docs;

import static dev.latchkey.docs.Http.bearer;
import static dev.latchkey.javalin.LatchkeyPlugin.check;
import static dev.latchkey.javalin.LatchkeyPlugin.findToken;
import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.token;
import static dev.latchkey.javalin.LatchkeyPlugin.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.VerifiedToken;
import dev.latchkey.javalin.LatchkeyPlugin;
import io.javalin.http.staticfiles.Location;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs what docs/javalin.md shows of routes, files and sockets. */
class JavalinTest extends JavalinPage {

    @Test
    void routesSayWhatTheyDemand() {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region javalin routes
            config.routes.get(
                    "/hello",
                    ctx -> ctx.result(
                            "Hello, " + findToken(ctx).map(t -> t.subject()).orElse("stranger")),
                    require(Access.optional()));
            config.routes.post(
                    "/transfer",
                    ctx -> ctx.result("done"),
                    require(Access.required().withMaxAge(Duration.ofMinutes(5))));
            // endregion
        });

        assertThat(http.get("/hello").body()).isEqualTo("Hello, stranger");
        assertThat(http.get("/hello").headers().firstValue("Vary")).hasValue("Authorization");
        assertThat(http.get("/hello", bearer(stale)).body()).isEqualTo("Hello, alice");
        assertThat(http.get("/hello", bearer("garbage")).statusCode()).isEqualTo(401);
        assertThat(http.post("/transfer", "{}", bearer(fresh)).body()).isEqualTo("done");
        assertThat(http.post("/transfer", "{}", bearer(stale))
                        .headers()
                        .firstValue("WWW-Authenticate")
                        .orElse(""))
                .contains("insufficient_user_authentication", "max_age=\"300\"");
    }

    @Test
    void handlersReadTokenAndUser() {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region javalin user
            config.routes.get("/profile", ctx -> {
                Person person = user(ctx, Person.class);
                VerifiedToken token = token(ctx);
                ctx.result(person.name() + ", until " + token.expiresAt());
            });
            // endregion
            config.routes.get("/open", ctx -> ctx.result(token(ctx).subject()), open());
        });

        assertThat(http.get("/profile", bearer(stale)).body()).startsWith("Alice, until 2");
        assertThat(http.get("/open", bearer(stale)).statusCode()).isEqualTo(500);
    }

    @Test
    void handlersStepUp() {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region javalin check
            config.routes.post("/orders", ctx -> {
                if (Integer.parseInt(ctx.body()) > 1000) {
                    check(ctx, Access.fresh()); // throws AuthException, which becomes the response
                }
                ctx.result("ordered");
            });
            // endregion
        });

        assertThat(http.post("/orders", "10", bearer(stale)).body()).isEqualTo("ordered");
        assertThat(http.post("/orders", "5000", bearer(stale)).body()).contains("fresh_token_required");
        assertThat(http.post("/orders", "5000", bearer(fresh)).body()).isEqualTo("ordered");
    }

    @Test
    void groupsDemandByPath() {
        Http http = start(config -> {
            // region javalin group
            config.registerPlugin(new LatchkeyPlugin(auth)
                    .group("/api", Access.required())
                    .group("/api/public", Access.open())
                    .group("/admin", Access.fresh()));
            // endregion
            config.routes.get("/api/x", ctx -> ctx.result("x"));
            config.routes.get("/api/public/x", ctx -> ctx.result("x"));
            config.routes.get("/api/publicity", ctx -> ctx.result("x"));
            config.routes.get("/admin", ctx -> ctx.result("x"));
            config.routes.get("/admin/help", ctx -> ctx.result("x"), open());
            config.routes.get("/admin/{page}", ctx -> ctx.result("x"));
        });

        assertThat(http.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(http.get("/api/public/x").statusCode()).isEqualTo(200);
        assertThat(http.get("/api/publicity").statusCode()).isEqualTo(401);
        assertThat(http.get("/admin", bearer(stale)).body()).contains("fresh_token_required");
        assertThat(http.get("/admin/y", bearer(stale)).body()).contains("fresh_token_required");
        assertThat(http.get("/admin/help").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> new LatchkeyPlugin(auth).group("/admin/*", Access.fresh()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void staticFilesNeedATokenUnlessTheirFolderIsOpen() {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region javalin static
            config.staticFiles.add("/public", Location.CLASSPATH, Set.of(open()));
            config.staticFiles.add(files -> {
                files.directory = "/manual";
                files.hostedPath = "/manual";
            });
            // endregion
        });

        assertThat(http.get("/index.html").statusCode()).isEqualTo(200);
        assertThat(http.get("/manual/page.txt").statusCode()).isEqualTo(401);
        assertThat(http.get("/manual/page.txt", bearer(stale)).body()).startsWith("for members");
    }

    @Test
    void thePageOfASinglePageApplicationNeedsAToken() {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            config.spaRoot.addFile("/", "/public/index.html", Location.CLASSPATH);
        });

        assertThat(http.get("/some/view").statusCode()).isEqualTo(401);
        assertThat(http.get("/some/view", bearer(stale)).body()).contains("Notes");
    }

    @Test
    void theDeclaredPathDecidesAboutTheGroup() {
        Http http = start(config -> {
            config.router.contextPath = "/app";
            config.registerPlugin(new LatchkeyPlugin(auth).group("/admin", Access.fresh()));
            config.routes.get("/admin/x", ctx -> ctx.result("in the group"));
            config.routes.get("/{any}/y", ctx -> ctx.result("in none"));
        });

        assertThat(http.get("/app/admin/x", bearer(stale)).body()).contains("fresh_token_required");
        assertThat(http.get("/app/admin/y", bearer(stale)).body()).isEqualTo("in none");
        assertThat(http.get("/app/auth/refresh").statusCode()).isEqualTo(405);
    }

    @Test
    void twoInstancesProtectTwoParts() {
        Latchkey partners = Latchkey.builder()
                .issuer("notes-partners")
                .key(JwtKey.generate())
                .endpoints("/partners/auth")
                .build();
        Http http = start(config -> {
            // region javalin two
            config.registerPlugin(new LatchkeyPlugin(auth).part("/partners", partners));
            // endregion
            config.routes.get("/me", ctx -> ctx.result(token(ctx).subject()));
            config.routes.get("/partners/me", ctx -> ctx.result(token(ctx).subject()));
        });
        String partner = partners.issue("acme").accessToken();

        assertThat(http.get("/partners/me", bearer(partner)).body()).isEqualTo("acme");
        assertThat(http.get("/partners/me", bearer(fresh)).statusCode()).isEqualTo(401);
        assertThat(http.get("/me", bearer(partner)).statusCode()).isEqualTo(401);
        assertThat(http.post("/partners/auth/logout", "", bearer(partner)).statusCode())
                .isEqualTo(204);
        assertThat(http.get("/partners/me", bearer(partner)).body()).contains("token_revoked");
    }

    @Test
    void theHandshakeOfAWebSocketIsChecked() throws Exception {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region javalin websocket
            config.routes.ws(
                    "/live",
                    ws -> ws.onConnect(ctx -> {
                        VerifiedToken token = findToken(ctx).orElseThrow();
                        ctx.send("welcome, " + token.subject());
                    }));
            config.routes.ws("/ticker", ws -> ws.onConnect(ctx -> ctx.send("42")), open());
            // endregion
        });

        assertThat(firstMessage(http, "/live", fresh)).isEqualTo("welcome, alice");
        assertThat(firstMessage(http, "/ticker", null)).isEqualTo("42");
        for (String[] offer : new String[][] {{"live", "bearer." + fresh}, {"bearer." + fresh, "live"}}) {
            WebSocket offered = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .subprotocols(offer[0], offer[1])
                    .buildAsync(
                            URI.create(http.address().replace("http:", "ws:") + "/live"), new WebSocket.Listener() {})
                    .join();
            assertThat(offered.getSubprotocol()).isEqualTo("live");
            offered.abort();
        }
        assertThatThrownBy(() -> firstMessage(http, "/live", null))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
    }

    private static String firstMessage(Http http, String path, String token) throws Exception {
        CompletableFuture<String> message = new CompletableFuture<>();
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        WebSocket socket = builder.buildAsync(
                        URI.create(http.address().replace("http:", "ws:") + path), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                                message.complete(data.toString());
                                return CompletableFuture.completedFuture(null);
                            }
                        })
                .join();
        String first = message.get(30, TimeUnit.SECONDS);
        socket.abort();
        return first;
    }
}
