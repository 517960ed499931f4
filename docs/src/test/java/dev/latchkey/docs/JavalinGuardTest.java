package dev.latchkey.docs;

import static dev.latchkey.docs.Http.bearer;
import static dev.latchkey.javalin.LatchkeyPlugin.findToken;
import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Grant;
import dev.latchkey.VerifiedToken;
import dev.latchkey.javalin.LatchkeyPlugin;
import org.junit.jupiter.api.Test;

/** Runs what docs/javalin.md shows of methods, order and refusals. */
class JavalinGuardTest extends JavalinPage {

    @Test
    void headPreflightAndUnknownPaths() {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region javalin cors
            config.bundledPlugins.enableCors(cors -> cors.addRule(rule -> rule.allowHost("https://notes.example")));
            // endregion
            config.routes.get("/me", ctx -> ctx.result(token(ctx).subject()));
            config.routes.options("/me", ctx -> ctx.result("options"));
        });

        assertThat(http.send("HEAD", "/me", "").statusCode()).isEqualTo(401);
        assertThat(http.send("HEAD", "/me", "", bearer(stale)).statusCode()).isEqualTo(200);
        assertThat(http.send("OPTIONS", "/me", "").statusCode()).isEqualTo(401);
        var preflight = http.send(
                "OPTIONS",
                "/me",
                "",
                "Origin",
                "https://notes.example",
                "Access-Control-Request-Method",
                "GET",
                "Access-Control-Request-Headers",
                "authorization");
        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://notes.example");
        var refused = http.get("/me", "Origin", "https://notes.example");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://notes.example");
        assertThat(http.get("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void handlersBeforeTheGuardSeeNoToken() {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region javalin before
            config.routes.before(
                    ctx -> ctx.header("Seen-Before", "" + findToken(ctx).isPresent())); // always false
            config.routes.after(
                    ctx -> ctx.header("Seen-After", "" + findToken(ctx).isPresent()));
            // endregion
            config.routes.beforeMatched(
                    ctx -> ctx.header("Seen-Before-Matched", "" + findToken(ctx).isPresent()));
            config.routes.get("/me", ctx -> ctx.result(token(ctx).subject()));
        });

        var response = http.get("/me", bearer(stale));
        assertThat(response.headers().firstValue("Seen-Before")).hasValue("false");
        assertThat(response.headers().firstValue("Seen-After")).hasValue("true");
        assertThat(response.headers().firstValue("Seen-Before-Matched")).hasValue("true");
        assertThat(http.get("/me").headers().firstValue("Seen-After")).hasValue("false");
    }

    @Test
    void refusalsOfHandlersBecomeResponses() {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region javalin own endpoint
            config.routes.post(
                    "/auth/invite",
                    ctx -> {
                        VerifiedToken invite = token(ctx);
                        if (invite.claims().string("email").isEmpty()) {
                            throw AuthException.of(AuthError.CLAIMS_REJECTED);
                        }
                        ctx.result("welcome, " + invite.subject());
                    },
                    require(Access.type("invite")));
            // endregion
        });

        String invite = auth.token("invite", alice, Grant.create().claim("email", "alice@notes.example"));
        assertThat(http.post("/auth/invite", "", bearer(invite)).body()).isEqualTo("welcome, alice");
        assertThat(http.post("/auth/invite", "", bearer(auth.token("invite", alice, Grant.create())))
                        .body())
                .contains("claims_rejected");
        assertThat(http.post("/auth/invite", "", bearer(stale)).body()).contains("Only invite tokens are allowed");
    }

    @Test
    void twoDemandsOnOneRouteStopTheStart() {
        assertThatThrownBy(() -> start(config -> {
                    config.registerPlugin(new LatchkeyPlugin(auth));
                    config.routes.get("/me", ctx -> ctx.result("me"), open(), require(Access.fresh()));
                }))
                .hasStackTraceContaining("one of these must do");
    }

    @Test
    void noExceptionHandlerComesBetween() {
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            config.routes.get("/me", ctx -> ctx.result("me"));
            config.routes.exception(Exception.class, (e, ctx) -> ctx.status(500).result("any"));
            config.routes.exception(
                    AuthException.class, (e, ctx) -> ctx.status(418).result("own"));
        });

        assertThat(http.get("/me").statusCode()).isEqualTo(401);
    }
}
