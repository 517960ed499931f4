package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import dev.latchkey.ErrorStyle;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Login;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** What the clauses share: tokens, a running application, and the way to say what must come back. */
abstract class ContractBase {

    static final String LOGIN = "{\"username\":\"alice\",\"password\":\"secret\"}";
    static final String JSON = "Content-Type: application/json";
    static final String FORM = "Content-Type: application/x-www-form-urlencoded";

    final TestTokens tokens = TestTokens.of("contract");
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    LatchkeyBuilder settings() {
        return tokens.settings()
                .login(Login.of(
                        name -> name.equals("alice") ? Optional.of(name) : Optional.empty(),
                        name -> "hash of secret",
                        (password, hash) -> hash.equals("hash of " + password),
                        "hash of nothing"));
    }

    /** Talks to an application, and stops it after the clause. */
    RawHttp talk(AdapterContract.App app, Latchkey... auths) {
        running.addAll(List.of(auths));
        running.push(app);
        Route.HANDLED.set(0);
        return new RawHttp(app.uri());
    }

    @AfterEach
    void stopEverything() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    static void assertAnswered(RawHttp.Reply reply, String body) {
        assertThat(reply.status() + " " + reply.body()).isEqualTo("200 " + body);
    }

    /** The refusal's status and code came back, and no handler ran. */
    static void assertRefused(RawHttp.Reply reply, AuthError error) {
        assertThat(reply.status() + " " + reply.body())
                .startsWith(error.status(ErrorStyle.STANDARD) + " {")
                .contains("\"code\":\"" + error.code() + "\"");
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
    }
}
