package dev.latchkey.docs;

import static dev.latchkey.LatchkeyBuilder.nonBlocking;
import static dev.latchkey.docs.Http.bearer;
import static dev.latchkey.vertx.LatchkeyHandler.findToken;
import static dev.latchkey.vertx.LatchkeyHandler.token;
import static dev.latchkey.vertx.LatchkeyHandler.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.TokenLocation;
import dev.latchkey.vertx.LatchkeyHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.auth.authorization.RoleBasedAuthorization;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.AuthorizationHandler;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs what docs/vertx.md shows, over HTTP. */
class VertxTest {

    private record Person(String id, String name) {}

    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .identity(Person.class, Person::id)
            .userLoader(claims -> Optional.of(new Person(claims.subject(), "Alice")))
            .build();
    private final Person alice = new Person("alice", "Alice");
    private final String stale = auth.accessToken(alice);
    private final String fresh = auth.issue(alice).accessToken();
    private final Vertx vertx = Vertx.vertx();
    private int port;

    private Http start(Router router) {
        HttpServerOptions options = new HttpServerOptions().addWebSocketSubProtocol("live");
        HttpServer server = vertx.createHttpServer(options).requestHandler(router);
        port = await(server.listen(0, "127.0.0.1")).actualPort();
        return new Http("http://127.0.0.1:" + port);
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    @Test
    void routesSayWhatTheyDemand() {
        // region vertx routes
        LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth).require("/hello", Access.optional());
        Router router = latchkey.protect(Router.router(vertx));
        router.get("/hello")
                .handler(rc ->
                        rc.end("Hello, " + findToken(rc).map(t -> t.subject()).orElse("stranger")));
        router.post("/password")
                .handler(BodyHandler.create())
                .handler(latchkey.require(Access.fresh())) // in addition to what its path demands
                .handler(rc -> rc.end("changed"));
        // endregion
        Http http = start(router);

        assertThat(http.get("/hello").body()).isEqualTo("Hello, stranger");
        assertThat(http.get("/hello", bearer(stale)).body()).isEqualTo("Hello, alice");
        assertThat(http.post("/password", "{}", bearer(stale)).body()).contains("fresh_token_required");
        assertThat(http.post("/password", "{}", bearer(fresh)).body()).isEqualTo("changed");
    }

    @Test
    void plainHandlersStandBeforeTheGuard() {
        LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth);
        // region vertx order
        Router router = Router.router(vertx);
        router.route().handler(CorsHandler.create().addOrigin("https://notes.example"));
        router.route().handler(rc -> {
            rc.response().putHeader("X-Served-By", "notes");
            rc.next();
        });
        latchkey.protect(router); // what comes from here on is protected
        // endregion
        router.get("/me").handler(rc -> rc.end(token(rc).subject()));
        var refused = start(router).get("/me", "Origin", "https://notes.example");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://notes.example");
        assertThat(refused.headers().firstValue("X-Served-By")).hasValue("notes");
    }

    @Test
    void handlersReadUserAndCheckForMore() {
        LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth);
        Router router = latchkey.protect(Router.router(vertx));
        // region vertx user
        router.get("/profile").handler(rc -> rc.end(user(rc, Person.class).name()));
        router.post("/orders").handler(rc -> {
            if (rc.queryParam("amount").contains("1001")) {
                latchkey.check(rc, Access.fresh()).onSuccess(token -> rc.end("ordered"));
            } else {
                rc.end("ordered");
            }
        });
        // endregion
        // region vertx refusal
        router.get("/welcome").handler(rc -> {
            if (token(rc).claims().string("email").isEmpty()) {
                rc.fail(AuthException.of(AuthError.CLAIMS_REJECTED));
            } else {
                rc.end("welcome");
            }
        });
        // endregion
        Http http = start(router);

        assertThat(http.get("/profile", bearer(stale)).body()).isEqualTo("Alice");
        assertThat(http.post("/orders?amount=7", "{}", bearer(stale)).body()).isEqualTo("ordered");
        assertThat(http.post("/orders?amount=1001", "{}", bearer(stale)).body()).contains("fresh_token_required");
        assertThat(http.post("/orders?amount=1001", "{}", bearer(fresh)).body()).isEqualTo("ordered");
        assertThat(http.get("/welcome", bearer(stale)).body()).contains("claims_rejected");
    }

    @Test
    void subRouterIsAGroup() {
        // region vertx group
        LatchkeyHandler latchkey =
                LatchkeyHandler.create(vertx, auth).open("/admin/health").require("/admin/*", Access.role("admin"));
        Router router = latchkey.protect(Router.router(vertx));
        Router admin = Router.router(vertx);
        admin.get("/people").handler(rc -> rc.end("everybody"));
        admin.get("/health").handler(rc -> rc.end("ok"));
        router.route("/admin/*").subRouter(admin);
        // endregion
        // region vertx authorization
        router.get("/audit")
                .handler(AuthorizationHandler.create(RoleBasedAuthorization.create("auditor")))
                .handler(rc -> rc.end("audited by " + rc.user().subject()));
        // endregion
        Http http = start(router);
        String boss = auth.accessToken(alice, Grant.create().claim("roles", List.of("admin", "auditor")));

        assertThat(http.get("/admin/people", bearer(stale)).body()).contains("role_missing");
        assertThat(http.get("/admin/people", bearer(boss)).body()).isEqualTo("everybody");
        assertThat(http.get("/admin/health").body()).isEqualTo("ok");
        assertThat(http.get("/audit", bearer(stale)).statusCode()).isEqualTo(403);
        assertThat(http.get("/audit", bearer(boss)).body()).isEqualTo("audited by alice");
    }

    @Test
    void hookMayPromiseNotToBlock() {
        Map<String, Person> people = Map.of("alice", alice);
        // region vertx blocking
        Latchkey quick = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.generate())
                .identity(Person.class, Person::id)
                .userLoader(nonBlocking(claims -> Optional.ofNullable(people.get(claims.subject()))))
                .build();
        LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, quick, 50); // threads for what does block
        // endregion
        Router router = latchkey.protect(Router.router(vertx));
        router.get("/me").handler(rc -> rc.end(user(rc, Person.class).name()));

        assertThat(start(router).get("/me", bearer(quick.accessToken(alice))).body())
                .isEqualTo("Alice");
    }

    @Test
    void bodyHandlerReadsBeforeTheTokenIsLookedFor() {
        // region vertx body
        Access inBody = Access.required().withLocations(TokenLocation.HEADER, TokenLocation.JSON);
        Router router = Router.router(vertx);
        router.post("/import").handler(BodyHandler.create());
        LatchkeyHandler.create(vertx, auth).require("/import", inBody).protect(router);
        router.post("/import").handler(rc -> rc.end(token(rc).subject()));
        // endregion

        assertThat(start(router)
                        .post("/import", "{\"access_token\":\"" + stale + "\"}")
                        .body())
                .isEqualTo("alice");
    }

    @Test
    void streamsEndWithTheirToken() throws Exception {
        LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth);
        Router router = latchkey.protect(Router.router(vertx));
        // region vertx streams
        router.get("/live")
                .handler(rc -> rc.request().toWebSocket().onSuccess(socket -> {
                    var life = auth.ended(token(rc));
                    Future.fromCompletionStage(life).onSuccess(over -> socket.close((short) 1008, "token expired"));
                    socket.closeHandler(closed -> life.cancel(true));
                    socket.writeTextMessage("welcome, " + token(rc).subject());
                }));
        router.get("/events").handler(rc -> {
            rc.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
            rc.response().write("data: welcome\n\n");
            var life = auth.ended(token(rc));
            Future.fromCompletionStage(life).onSuccess(over -> rc.response().end());
            rc.addEndHandler(ended -> life.cancel(true));
        });
        // endregion
        Http http = start(router);
        String brief = auth.accessToken(alice, Grant.create().lifetime(Duration.ofSeconds(1)));
        CompletableFuture<String> text = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("live", "bearer." + stale)
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/live"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        text.complete(data.toString());
                        return WebSocket.Listener.super.onText(socket, data, last);
                    }
                })
                .get(10, TimeUnit.SECONDS);

        assertThat(socket.getSubprotocol()).isEqualTo("live");
        assertThat(text.get(10, TimeUnit.SECONDS)).isEqualTo("welcome, alice");
        assertThat(http.get("/events", bearer(brief)).body()).isEqualTo("data: welcome\n\n");
    }
}
