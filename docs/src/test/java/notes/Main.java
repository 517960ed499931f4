// region quickstart main
package notes;

import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.user;

import com.password4j.BcryptFunction;
import com.password4j.Password;
import dev.latchkey.Access;
import dev.latchkey.Latchkey;
import dev.latchkey.Login;
import dev.latchkey.javalin.LatchkeyPlugin;
import io.javalin.Javalin;
import java.util.Map;
import java.util.Optional;

/** Two users, three routes. */
public final class Main {

    record Person(String id, String name, String passwordHash) {}

    private static final BcryptFunction BCRYPT = BcryptFunction.getInstance(12); // 2^12 rounds

    // Your database: it stores hashes, never passwords.
    private static final Map<String, Person> PEOPLE = Map.of(
            "alice", new Person("alice", "Alice", hash("correct-horse")),
            "bob", new Person("bob", "Bob", hash("battery-staple")));

    private static Optional<Person> find(String id) {
        return Optional.ofNullable(PEOPLE.get(id));
    }

    private static String hash(String password) {
        return Password.hash(password).with(BCRYPT).getResult();
    }

    private static boolean matches(String password, String hash) {
        return Password.check(password, hash).with(BCRYPT);
    }

    public static void main(String[] args) {
        Latchkey auth = Latchkey.fromEnvironment() // the key and the issuer
                .identity(Person.class, Person::id)
                .userLoader(claims -> find(claims.subject()))
                .login(Login.of(Main::find, Person::passwordHash, Main::matches, hash("nobody")))
                .build();
        Javalin.create(config -> {
                    config.registerPlugin(new LatchkeyPlugin(auth));
                    config.routes.get("/health", ctx -> ctx.result("ok"), open());
                    config.routes.get(
                            "/me", ctx -> ctx.result(user(ctx, Person.class).name()));
                    config.routes.post("/password", ctx -> ctx.result("changed"), require(Access.fresh()));
                })
                .start("127.0.0.1", Integer.getInteger("port", 7070));
    }
}
// endregion
