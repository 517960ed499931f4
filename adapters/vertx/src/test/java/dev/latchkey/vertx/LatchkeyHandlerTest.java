package dev.latchkey.vertx;

import static dev.latchkey.vertx.LatchkeyHandler.findToken;
import static dev.latchkey.vertx.LatchkeyHandler.token;
import static dev.latchkey.vertx.LatchkeyHandler.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Cookies;
import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import dev.latchkey.TokenLocation;
import dev.latchkey.Tokens;
import dev.latchkey.testkit.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.authorization.Authorization;
import io.vertx.ext.auth.authorization.PermissionBasedAuthorization;
import io.vertx.ext.auth.authorization.RoleBasedAuthorization;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.AuthorizationHandler;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatchkeyHandlerTest {

    private final TestTokens tokens = TestTokens.of("notes");
    private final Latchkey auth = tokens.settings().build();
    private final String alice = tokens.access("alice");
    private Server server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void vertxAuthorizationSeesRolesAndScopes() throws Exception {
        server = Server.protect(auth, (latchkey, router) -> {
            router.get("/role")
                    .handler(latchkey.require(Access.required()))
                    .handler(AuthorizationHandler.create(RoleBasedAuthorization.create("admin")))
                    .handler(rc -> rc.end(rc.user().subject()));
            router.get("/permission")
                    .handler(AuthorizationHandler.create(PermissionBasedAuthorization.create("notes:write")))
                    .handler(rc ->
                            rc.end(rc.user().<String>get("team") + rc.user().expired(0)));
        });
        String admin = tokens.access(
                "alice",
                Grant.create()
                        .claim("roles", List.of("admin"))
                        .claim("scope", "notes:read notes:write")
                        .claim("team", "blue")
                        .claim("username", "mallory"));

        assertThat(server.get("/role", admin)).isEqualTo("200 alice");
        assertThat(server.get("/permission", admin)).isEqualTo("200 bluefalse");
        assertThat(server.get("/role", alice)).startsWith("403");
        assertThat(server.get("/permission", alice)).startsWith("403");
        assertThat(server.get("/role")).startsWith("401").contains("token_missing");
    }

    @Test
    void handlerItselfDemandsAnAccessToken() throws Exception {
        server = Server.start(
                auth,
                (latchkey, router) -> router.get("/me")
                        .handler(latchkey)
                        .handler(rc -> rc.end(token(rc).subject())));

        assertThat(server.get("/me", alice)).isEqualTo("200 alice");
        assertThat(server.get("/me")).startsWith("401");
    }

    @Test
    void userIsLoadedOncePerRequest() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        Latchkey loading = tokens.settings()
                .userLoader(claims -> Optional.of(claims.subject() + loads.incrementAndGet()))
                .build();
        server = Server.protect(loading, (latchkey, router) -> {
            router.route().handler(rc -> rc.next());
            router.get("/me")
                    .handler(rc ->
                            latchkey.check(rc, Access.required()).onSuccess(t -> rc.end(user(rc, String.class))));
        });

        assertThat(server.get("/me", alice)).isEqualTo("200 alice1");
    }

    @Test
    void refusalReachesTheClientWhicheverWayAHandlerFails() throws Exception {
        AuthException refusal = AuthException.of(AuthError.CLAIMS_REJECTED);
        server = Server.protect(auth, rules -> rules.open("/*"), (latchkey, router) -> {
            router.get("/throws").handler(rc -> {
                throw refusal;
            });
            router.get("/fails").handler(rc -> rc.fail(refusal));
            router.get("/fails-with-status").handler(rc -> rc.fail(418, refusal));
            router.get("/responds").respond(rc -> Future.failedFuture(refusal));
            router.get("/twice")
                    .handler(rc -> latchkey.check(rc, Access.fresh())
                            .onSuccess(t -> rc.end("in"))
                            .onFailure(rc::fail));
            router.get("/other").handler(rc -> rc.fail(418));
        });

        for (String path : List.of("/throws", "/fails", "/fails-with-status", "/responds")) {
            assertThat(server.get(path)).as(path).startsWith("401").contains("claims_rejected");
        }
        assertThat(server.get("/twice")).startsWith("401").contains("token_missing");
        assertThat(server.get("/other")).startsWith("418");
    }

    @Test
    void twoLatchkeysOnOneRouteAskForTheirOwnTokens() throws Exception {
        TestTokens others = TestTokens.of("partners");
        Latchkey partners = others.settings().build();
        Vertx vertx = Vertx.vertx();
        LatchkeyHandler second = LatchkeyHandler.create(vertx, partners);
        server = Server.start(vertx, auth, (latchkey, plain) -> {
            Router router = latchkey.protect(plain);
            router.get("/both").handler(latchkey).handler(second).handler(rc -> rc.end("in"));
            router.get("/inside")
                    .handler(rc -> second.check(rc, Access.required()).onSuccess(token -> rc.end("in")));
        });

        for (String path : List.of("/both", "/inside")) {
            assertThat(server.get(path, alice)).startsWith("401").contains("signature_invalid");
            assertThat(server.get(path, others.access("acme"))).startsWith("401");
        }
    }

    @Test
    void checkInsideAHandlerReplacesTheToken() throws Exception {
        server = Server.protect(
                auth,
                rules -> rules.open("/x"),
                (latchkey, router) -> router.get("/x")
                        .handler(rc -> latchkey.check(rc, Access.optional())
                                .onSuccess(t -> rc.end((t == null ? "nobody" : t.subject())
                                        + findToken(rc).isPresent()
                                        + (rc.user() != null)))));

        assertThat(server.get("/x")).isEqualTo("200 nobodyfalsefalse");
        assertThat(server.get("/x", alice)).isEqualTo("200 alicetruetrue");
    }

    @Test
    void userStaysAsHandlersHaveChangedIt() throws Exception {
        Authorization auditor = RoleBasedAuthorization.create("auditor");
        server = Server.protect(auth, (latchkey, router) -> {
            router.get("/x").handler(rc -> {
                rc.user().authorizations().put("mine", Set.of(auditor));
                rc.next();
            });
            router.get("/x").handler(rc -> rc.end("" + auditor.match(rc.user())));
        });

        assertThat(server.get("/x", alice)).isEqualTo("200 true");
    }

    @Test
    void tokenInTheBodyNeedsABodyHandler() throws Exception {
        Access json = Access.required().withLocations(TokenLocation.JSON);
        server = Server.protect(auth, rules -> rules.open("/*"), (latchkey, router) -> {
            router.post("/without").handler(latchkey.require(json)).handler(rc -> rc.end("in"));
            router.post("/inside").handler(rc -> latchkey.check(rc, json));
            router.post("/with")
                    .handler(BodyHandler.create(false))
                    .handler(latchkey.require(json))
                    .handler(rc -> rc.end(
                            token(rc).subject() + rc.body().asJsonObject().size()));
        });
        String body = "{\"access_token\":\"" + alice + "\"}";

        assertThat(post("/with", body)).isEqualTo("200 alice1");
        assertThat(post("/without", body)).startsWith("503").contains("unavailable");
        assertThat(post("/inside", body)).startsWith("503").contains("unavailable");
        assertThat(post("/with", "")).startsWith("401").contains("token_missing");
    }

    @Test
    void csrfValueInAFormNeedsABodyHandlerOrTheHeader() throws Exception {
        Latchkey cookies = tokens.settings().cookies(Cookies.create()).build();
        server = Server.start(cookies, (latchkey, router) -> {
            router.post("/with").handler(BodyHandler.create(false));
            latchkey.protect(router);
            router.post("/without")
                    .handler(rc -> rc.request()
                            .body()
                            .onSuccess(body -> rc.end(token(rc).subject() + body.length())));
            router.post("/with")
                    .handler(rc -> rc.end(token(rc).subject() + rc.request().getFormAttribute("note")));
        });
        Tokens session = cookies.issue("alice", Grant.create().forCookies());
        String csrf = session.csrf().orElseThrow();

        assertThat(form("/with", session, "csrf_token=" + csrf + "&note=1")).isEqualTo("200 alice1");
        assertThat(form("/without", session, "csrf_token=" + csrf))
                .startsWith("403")
                .contains("csrf_missing")
                .contains("X-CSRF-TOKEN");
        assertThat(form("/without", session, "note=1", "X-CSRF-TOKEN", csrf)).isEqualTo("200 alice6");
    }

    private String form(String path, Tokens session, String form, String... headers) throws Exception {
        HttpRequest.Builder request = server.request(path)
                .header("Cookie", "access_token_cookie=" + session.accessToken())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        return server.send(headers.length == 0 ? request : request.headers(headers));
    }

    private String post(String path, String body) throws Exception {
        return server.send(
                server.request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    @Test
    void endpointTakesABodyThatWasReadBefore() throws Exception {
        server = Server.start(auth, (latchkey, plain) -> {
            plain.route().handler(BodyHandler.create(false));
            latchkey.protect(plain);
        });

        assertThat(post("/auth/refresh", "{\"refresh_token\":\"" + tokens.refresh("alice") + "\"}"))
                .startsWith("200");
        assertThat(post("/auth/logout", "")).startsWith("204");
    }

    @Test
    void endpointAnswersAClientThatWaitsToBeToldToContinue() throws Exception {
        server = Server.protect(auth, (latchkey, router) -> {});

        assertThat(server.send(server.request("/auth/refresh")
                        .expectContinue(true)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"refresh_token\":\"" + tokens.refresh("alice") + "\"}"))))
                .startsWith("200");
    }

    @Test
    void bodyWaitsWhileTheUserIsLoaded() throws Exception {
        Latchkey loading = tokens.settings()
                .userLoader(claims -> Optional.of(claims.subject()))
                .build();
        String large = "x".repeat(300_000);
        server = Server.protect(loading, rules -> rules.open("/*"), (latchkey, router) -> {
            router.post("/length").handler(latchkey.require(Access.required())).handler(rc -> rc.next());
            router.post("/length").handler(BodyHandler.create(false));
            router.post("/length").handler(rc -> rc.end("" + rc.body().length()));
        });

        assertThat(server.send(server.request("/length")
                        .header("Authorization", "Bearer " + alice)
                        .POST(BodyPublishers.ofString(large))))
                .isEqualTo("200 300000");
    }

    @Test
    void reroutedRequestIsCheckedForItsNewMethod() throws Exception {
        server = Server.protect(auth, rules -> rules.open("/from"), (latchkey, router) -> {
            router.get("/from").handler(rc -> rc.reroute("/to"));
            router.get("/to").handler(rc -> rc.end(token(rc).subject()));
        });

        assertThat(server.get("/from")).startsWith("401");
        assertThat(server.get("/from", alice)).isEqualTo("200 alice");
    }
}
