package dev.latchkey.docs;

import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.Tokens;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** What the tests of docs/javalin.md share. */
abstract class JavalinPage {

    record Person(String id, String name) {}

    final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .identity(Person.class, Person::id)
            .userLoader(claims -> Optional.of(new Person(claims.subject(), "Alice")))
            .build();
    final Person alice = new Person("alice", "Alice");
    final String stale = auth.accessToken(alice);
    final Tokens login = auth.issue(alice);
    final String fresh = login.accessToken();

    private Javalin app = Javalin.create();

    Http start(Consumer<JavalinConfig> configure) {
        app = Javalin.create(configure).start("127.0.0.1", 0);
        return Http.to(app);
    }

    @AfterEach
    void stop() {
        app.stop();
    }
}
