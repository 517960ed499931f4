package dev.latchkey.vertx;

import static dev.latchkey.vertx.LatchkeyHandler.open;
import static dev.latchkey.vertx.LatchkeyHandler.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import io.vertx.ext.web.handler.LoggerHandler;
import io.vertx.ext.web.handler.SessionHandler;
import io.vertx.ext.web.sstore.LocalSessionStore;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedRouterTest {

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
    void handlersThatVertxPutsBeforeAuthenticationAreNotGuarded() throws Exception {
        server = Server.protect(auth, (latchkey, router) -> {
            router.route().handler(LoggerHandler.create());
            router.route().handler(CorsHandler.create().addOrigin("https://app.example"));
            router.route().handler(BodyHandler.create(false));
            router.get("/open").handler(open()).handler(rc -> rc.end("open"));
            router.get("/closed").handler(rc -> rc.end("closed"));
        });

        assertThat(server.get("/open")).isEqualTo("200 open");
        assertThat(server.get("/closed")).startsWith("401");
    }

    @Test
    void ownDemandCountsInsteadOfTheDefault() throws Exception {
        server = Server.protect(auth, (latchkey, router) -> {
            router.get("/refresh")
                    .handler(latchkey.require(Access.refresh()))
                    .handler(rc -> rc.end(token(rc).type()));
            router.get("/late").handler(rc -> rc.next());
            assertThatThrownBy(
                            () -> router.get("/x").handler(rc -> rc.end("in")).handler(open()))
                    .isInstanceOf(IllegalStateException.class);
        });

        assertThat(server.get("/refresh", tokens.refresh("alice"))).isEqualTo("200 refresh");
        assertThat(server.get("/refresh", alice)).startsWith("401").contains("token_type_invalid");
        assertThat(server.get("/x")).startsWith("401");
    }

    @Test
    void openRouteThatPassesOnOpensNothingElse() throws Exception {
        server = Server.protect(auth, (latchkey, router) -> {
            router.route("/*").handler(open()).handler(rc -> rc.next());
            router.get("/me").handler(rc -> rc.end(token(rc).subject()));
        });

        assertThat(server.get("/me")).startsWith("401");
        assertThat(server.get("/me", alice)).isEqualTo("200 alice");
    }

    @Test
    void routeAddedBehindTheGuardIsRefusedAndGone() throws Exception {
        server = Server.start(auth, (latchkey, plain) -> {
            plain.get("/before").handler(rc -> rc.end("before"));
            Route early = plain.get("/early");
            Router router = latchkey.protect(plain);
            assertThatThrownBy(() -> plain.get("/stray").handler(rc -> rc.end("in")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("/stray")
                    .hasMessageContaining("LatchkeyHandler");
            assertThatThrownBy(() -> early.handler(rc -> rc.end("in"))).isInstanceOf(IllegalStateException.class);
            router.get("/after").handler(rc -> rc.end("after"));
        });

        assertThat(server.get("/before")).isEqualTo("200 before");
        assertThat(server.get("/stray")).startsWith("404");
        assertThat(server.get("/early")).startsWith("404");
        assertThat(server.get("/after", alice)).isEqualTo("200 after");
    }

    @Test
    void routesOfAGroupSpeakForThemselves() throws Exception {
        server = Server.protect(auth, (latchkey, router) -> {
            Router admin = latchkey.group(Router.router(VERTX), Access.role("admin"));
            admin.get("/people").handler(rc -> rc.end("people"));
            admin.get("/health").handler(open()).handler(rc -> rc.end("ok"));
            admin.get("/teapot").handler(open()).handler(rc -> {
                throw AuthException.of(AuthError.CLAIMS_REJECTED);
            });
            router.route("/admin/*").subRouter(admin);
            router.get("/me").handler(rc -> rc.end("me"));
        });
        String admin = tokens.access("root", Grant.create().claim("roles", List.of("admin")));

        assertThat(server.get("/admin/people")).startsWith("401");
        assertThat(server.get("/admin/people", alice)).startsWith("403").contains("role_missing");
        assertThat(server.get("/admin/people", admin)).isEqualTo("200 people");
        assertThat(server.get("/admin/health")).isEqualTo("200 ok");
        assertThat(server.get("/admin/teapot")).startsWith("401").contains("claims_rejected");
        assertThat(server.get("/admin/none")).startsWith("404");
        assertThat(server.get("/me", alice)).isEqualTo("200 me");
    }

    @Test
    void guardedRouterIsMountedByAGuardedOneOnly() throws Exception {
        server = Server.start(auth, (latchkey, plain) -> {
            Router real = Router.router(VERTX);
            Router group = latchkey.group(real, Access.fresh());
            group.get("/page").handler(rc -> rc.end("page"));
            assertThatThrownBy(() -> plain.route("/a/*").subRouter(group)).isInstanceOf(IllegalStateException.class);
            plain.route("/b/*").subRouter(real);
        });

        assertThat(server.get("/b/page")).startsWith("401");
        assertThat(server.get("/b/page", tokens.fresh("alice"))).isEqualTo("200 page");
        assertThat(server.get("/b/none")).startsWith("404");
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
