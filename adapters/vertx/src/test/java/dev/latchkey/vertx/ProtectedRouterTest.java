package dev.latchkey.vertx;

import static dev.latchkey.vertx.LatchkeyHandler.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import io.vertx.ext.web.handler.LoggerHandler;
import io.vertx.ext.web.handler.SessionHandler;
import io.vertx.ext.web.impl.UserContextInternal;
import io.vertx.ext.web.sstore.LocalSessionStore;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectedRouterTest {

    private static final Vertx VERTX = Vertx.vertx();

    private final TestTokens tokens = TestTokens.of("notes");
    private final Latchkey auth = tokens.settings().build();
    private final String alice = tokens.access("alice");
    private Server server;

    @AfterAll
    static void stopVertx() {
        Server.await(VERTX.close());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyWayToAddAHandlerIsGuarded() throws Exception {
        server = Server.protect(auth, (latchkey, router) -> {
            router.get("/handler").handler(rc -> rc.end("in"));
            router.get("/blocking").blockingHandler(rc -> rc.end("in"));
            router.get("/unordered").blockingHandler(rc -> rc.end("in"), false);
            router.get("/respond").respond(rc -> Future.succeededFuture("in"));
            router.route().path("/route").handler(rc -> rc.end("in"));
            router.getWithRegex("/re+gex").handler(rc -> rc.end("in"));
            router.get("/id/:id").last().handler(rc -> rc.end("in"));
            Router sub = Router.router(VERTX);
            sub.get("/page").handler(rc -> rc.end("in"));
            router.route("/sub/*").subRouter(sub);
            router.get("/body").handler(BodyHandler.create(false)).handler(rc -> rc.end("in"));
        });

        for (String path : List.of(
                "/handler", "/blocking", "/unordered", "/respond", "/route", "/regex", "/id/7", "/sub/page", "/body")) {
            assertThat(server.get(path)).as(path).startsWith("401");
            assertThat(server.get(path, alice)).as(path).startsWith("200").contains("in");
        }
    }

    @Test
    void whatStandsBeforeTheGuardIsNotGuarded() throws Exception {
        server = Server.start(auth, (latchkey, router) -> {
            router.route().handler(LoggerHandler.create());
            router.route().handler(CorsHandler.create().addOrigin("https://app.example"));
            router.route().handler(BodyHandler.create(false));
            router.get("/before").handler(rc -> rc.end("before"));
            latchkey.open("/open").protect(router);
            router.get("/open").handler(rc -> rc.end("open"));
            router.get("/closed").handler(rc -> rc.end("closed"));
        });

        assertThat(server.get("/before")).isEqualTo("200 before");
        assertThat(server.get("/open")).isEqualTo("200 open");
        assertThat(server.get("/closed")).startsWith("401");
        assertThat(server.get("/none")).startsWith("401");
        assertThat(server.get("/none", alice)).startsWith("404");
    }

    @Test
    void pathDemandsSomethingElseAndARouteMore() throws Exception {
        server = Server.protect(
                auth,
                latchkey -> latchkey.require("/refresh", Access.refresh()).require("/admin/*", Access.role("admin")),
                (latchkey, router) -> {
                    router.get("/refresh").handler(rc -> rc.end(token(rc).type()));
                    router.get("/more")
                            .handler(latchkey.require(Access.fresh()))
                            .handler(rc -> rc.end("more"));
                    router.get("/refresh-too")
                            .handler(latchkey.require(Access.refresh()))
                            .handler(rc -> rc.end("never"));
                    Router admin = Router.router(VERTX);
                    admin.get("/people").handler(rc -> rc.end("people"));
                    admin.get("/teapot").handler(rc -> {
                        throw AuthException.of(AuthError.CLAIMS_REJECTED);
                    });
                    router.route("/admin/*").subRouter(admin);
                });
        String admin = tokens.access("root", Grant.create().claim("roles", List.of("admin")));

        assertThat(server.get("/refresh", tokens.refresh("alice"))).isEqualTo("200 refresh");
        assertThat(server.get("/refresh", alice)).startsWith("401").contains("token_type_invalid");
        assertThat(server.get("/more", alice)).startsWith("401").contains("fresh_token_required");
        assertThat(server.get("/more", tokens.fresh("alice"))).isEqualTo("200 more");
        assertThat(server.get("/refresh-too", tokens.refresh("alice"))).startsWith("401");
        assertThat(server.get("/refresh-too", alice)).startsWith("401");
        assertThat(server.get("/admin/people")).startsWith("401");
        assertThat(server.get("/admin/people", alice)).startsWith("403").contains("role_missing");
        assertThat(server.get("/admin/people", admin)).isEqualTo("200 people");
        assertThat(server.get("/admin/teapot", admin)).startsWith("401").contains("claims_rejected");
        assertThat(server.get("/admin/none", admin)).startsWith("404");
    }

    @Test
    void rulesCountBelowTheMountPointOfTheirRouter() throws Exception {
        server = Server.start(auth, (latchkey, root) -> {
            Router app = Router.router(VERTX);
            latchkey.open("/health").protect(app);
            for (String path : List.of("/health", "/me", "/app/health")) {
                app.get(path).handler(rc -> rc.end("in"));
            }
            Router nested = Router.router(VERTX);
            nested.get("/health").handler(rc -> rc.end("nested"));
            app.route("/nested/*").subRouter(nested);
            root.route("/app/*").subRouter(app);
        });

        assertThat(server.get("/app/health")).isEqualTo("200 in");
        for (String closed : List.of("/app/me", "/app/app/health", "/app/nested/health", "/app/health/")) {
            assertThat(server.get(closed)).as(closed).startsWith("401");
            assertThat(server.get(closed, alice)).as(closed).startsWith("200");
        }
        assertThat(server.get("/app/auth/refresh")).startsWith("405");
        assertThat(server.get("/app/health/../me")).startsWith("401");
        assertThat(server.get("/%61pp/me")).startsWith("401");
    }

    /** Over a bare socket, since clients mend paths. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "//admin/x",
                "/admin//x",
                "/./admin/x",
                "/open/../admin/x",
                "/open/%2e%2e/admin/x",
                "/open/..%2fadmin/x",
                "/open/%2e%2e%2fadmin%2fx",
                "/%61dmin/x",
                "/admin%2fx",
                "/admin/x/",
                "/admin;x=1/x",
                "/open/..;/admin/x",
                "/ADMIN/x",
                "/admin/%78",
                "/open\\..\\admin/x",
                "/open/%5c..%5cadmin/x",
                "/admin/x;jsessionid=1",
                "/open/./../admin/x",
                "/open//../admin/x",
                "/admin/x?/open/x",
                "/open%00/../admin/x",
                "/./open/../admin/x"
            })
    void noSpellingOfAPathReachesItsRouteUnchecked(String target) throws Exception {
        server = Server.protect(
                auth,
                latchkey -> latchkey.open("/open/*").require("/admin/*", Access.role("admin")),
                (latchkey, router) -> {
                    router.getWithRegex("/(?i)admin.*").handler(rc -> rc.end("admin reached"));
                    router.get("/admin/*").handler(rc -> rc.end("admin reached"));
                    router.get("/admin/x").useNormalizedPath(false).handler(rc -> rc.end("admin reached"));
                    router.get("/open/*").handler(rc -> rc.end("open reached"));
                    router.get("/:any/:more").handler(rc -> rc.end("any reached"));
                });

        for (String token : List.of("", "Authorization: Bearer " + alice + "\r\n")) {
            String answer =
                    raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + token + "Connection: close\r\n\r\n");
            assertThat(answer).as(target).startsWith("HTTP/1.1 ").doesNotContain("admin reached", "HTTP/1.1 500");
            assertThat(token.isEmpty() && answer.contains("any reached"))
                    .as(answer)
                    .isFalse();
        }
    }

    @Test
    void openPathIsOpenInOneSpellingOnly() throws Exception {
        server = Server.protect(
                auth,
                latchkey -> latchkey.open("/health", "/open/*"),
                (latchkey, router) -> router.get().handler(rc -> rc.end("in")));

        for (String open : List.of("/health", "/health?x=/../y", "/open", "/open/x", "/open/a%20b")) {
            assertThat(raw("GET " + open + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .as(open)
                    .startsWith("HTTP/1.1 200");
        }
        for (String odd : List.of(
                "/health/",
                "//health",
                "/%68ealth",
                "/./health",
                "/health;x",
                "/x/../health",
                "/HEALTH",
                "/open//x",
                "/open/./x",
                "/open/x;y",
                "/op%65n/x",
                "/open/x%2fy")) {
            assertThat(raw("GET " + odd + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .as(odd)
                    .startsWith("HTTP/1.1 401");
        }
    }

    private String raw(String request) throws Exception {
        URI address = server.uri("http", "/");
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void openPathSaysNothingOfAUserOfAnothersAuthentication() throws Exception {
        server = Server.start(auth, (latchkey, router) -> {
            router.route().handler(rc -> {
                ((UserContextInternal) rc.userContext()).setUser(User.fromName("of another"));
                rc.next();
            });
            latchkey.open("/open").require("/optional", Access.optional()).protect(router);
            router.route()
                    .handler(rc ->
                            rc.end("" + (rc.user() == null ? null : rc.user().subject())));
        });

        assertThat(server.get("/open", alice)).isEqualTo("200 of another");
        assertThat(server.get("/optional")).isEqualTo("200 null");
        assertThat(server.get("/optional", alice)).isEqualTo("200 alice");
    }

    @Test
    void sessionIsNoWayIn() throws Exception {
        server = Server.start(auth, (latchkey, plain) -> {
            plain.route().handler(SessionHandler.create(LocalSessionStore.create(VERTX)));
            latchkey.protect(plain).get("/me").handler(rc -> {
                rc.session().put("seen", true);
                rc.end("me");
            });
        });
        var first = server.client.send(
                server.request("/me").header("Authorization", "Bearer " + alice).build(), BodyHandlers.ofString());
        String cookie = first.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(server.send(server.request("/me").header("Cookie", cookie))).startsWith("401");
    }
}
