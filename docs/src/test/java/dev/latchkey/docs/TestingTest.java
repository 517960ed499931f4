package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import dev.latchkey.javalin.LatchkeyPlugin;
import dev.latchkey.testkit.TestTokens;
import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The examples of docs/testing.md. */
class TestingTest {

    private static Javalin notes(Latchkey auth) {
        return Javalin.create(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            config.routes.get("/me", ctx -> ctx.result(LatchkeyPlugin.token(ctx).subject()));
        });
    }

    @Test
    void protectedRouteAnswersByToken() throws Exception {
        // region testing-route
        TestTokens tokens = TestTokens.of("notes");
        Latchkey auth = tokens.settings().build(); // or hand tokens.settings() to your own wiring
        Javalin app = notes(auth).start("127.0.0.1", 0);
        HttpRequest.Builder me = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + "/me"));
        HttpClient client = HttpClient.newHttpClient();

        me.setHeader("Authorization", "Bearer " + tokens.access("alice"));
        assertThat(client.send(me.build(), HttpResponse.BodyHandlers.ofString()).body())
                .isEqualTo("alice");

        me.setHeader("Authorization", "Bearer " + tokens.expired("alice"));
        assertThat(client.send(me.build(), HttpResponse.BodyHandlers.ofString()).body())
                .contains("token_expired");
        // endregion
        app.stop();
    }

    @Test
    void everyShapeInOneLine() {
        TestTokens tokens = TestTokens.of("notes");
        Latchkey auth = tokens.settings().build();
        // region testing-shapes
        tokens.access("alice"); // valid, not fresh
        tokens.access("alice", Grant.create().claim("role", "admin")); // with what the test needs
        tokens.fresh("alice"); // of a login that just happened
        tokens.refresh("alice"); // where an access token is wanted
        tokens.expired("alice");
        tokens.wrongKey("alice");
        tokens.wrongIssuer("alice");
        tokens.wrongAudience("alice");
        // endregion
        assertThat(auth.verify(tokens.fresh("alice"), Access.fresh()).isFresh()).isTrue();
        assertThat(auth.verify(tokens.access("alice", Grant.create().claim("role", "admin")))
                        .claims()
                        .string("role"))
                .hasValue("admin");
        assertThatThrownBy(() -> auth.verify(tokens.wrongKey("alice")))
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(AuthError.SIGNATURE_INVALID));
    }

    @Test
    void timeStandsStill() {
        TestTokens tokens = TestTokens.of("notes");
        Latchkey auth = tokens.settings().build();
        // region testing-clock
        Access recent = Access.required().withMaxAge(Duration.ofMinutes(5));
        String login = tokens.fresh("alice");

        tokens.clock().advance(Duration.ofMinutes(4));
        assertThat(auth.verify(login, recent).subject()).isEqualTo("alice");

        tokens.clock().advance(Duration.ofMinutes(2));
        assertThatThrownBy(() -> auth.verify(login, recent)).hasMessage("Fresh token required");
        // endregion
    }
}
