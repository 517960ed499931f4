package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.javalin.LatchkeyPlugin;
import dev.latchkey.testkit.TestClock;
import io.javalin.Javalin;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of docs/tokens.md share. */
abstract class TokensPage {

    record Person(String id, String name, List<String> roles, boolean active) {}

    final TestClock clock = TestClock.at("2026-11-21T12:00:00Z");
    final Person person = new Person("7", "Alice", List.of("editor"), true);
    final LatchkeyBuilder builder = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .clock(clock)
            .identity(Person.class, Person::id);
    final Latchkey auth = builder.build();

    Optional<Person> byId(String id) {
        return id.equals("7") ? Optional.of(person) : Optional.empty();
    }

    static Javalin start(Latchkey auth) {
        return Javalin.create(config -> config.registerPlugin(new LatchkeyPlugin(auth)))
                .start("127.0.0.1", 0);
    }

    static HttpResponse<String> login(Http http, String username, String password) {
        return http.post("/auth/login", "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}");
    }

    static void assertRefused(AuthError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
