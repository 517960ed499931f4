package dev.latchkey.docs;

import static dev.latchkey.docs.Http.bearer;
import static dev.latchkey.docs.Http.member;
import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.Login;
import dev.latchkey.javalin.LatchkeyPlugin;
import io.javalin.Javalin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs the ten lines of the README, and its walk through an application with the routes of the example. */
class ReadmeTest {

    private record Person(String id, String passwordHash) {}

    private static final class People {
        private final Map<String, Person> all = Map.of("alice", new Person("alice", "hash of correct-horse"));

        Optional<Person> byName(String name) {
            return Optional.ofNullable(all.get(name));
        }

        Optional<Person> byId(String id) {
            return Optional.ofNullable(all.get(id));
        }
    }

    private static final class Hashing {
        boolean matches(String password, String hash) {
            return hash(password).equals(hash);
        }

        String hash(String password) {
            return "hash of " + password;
        }
    }

    private final People people = new People();
    private final Hashing hashing = new Hashing();
    private final String secret = "8pQ0J2dVvQyN5m3oWcRk1hTzXfLsBgUe7aYiKjMnPq4=";

    @Test
    void tenLinesAuthenticateAnApplication() {
        // region readme
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.hs256(secret))
                .identity(Person.class, Person::id)
                .userLoader(claims -> people.byId(claims.subject()))
                .login(Login.of(people::byName, Person::passwordHash, hashing::matches, hashing.hash("nobody")))
                .build();
        Javalin app = Javalin.create(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth)); // serves /auth/*; every other route needs a token
            config.routes.get("/health", ctx -> ctx.result("ok"), open());
            config.routes.get("/me", ctx -> ctx.result(user(ctx, Person.class).id()));
            config.routes.post("/password", ctx -> ctx.result("changed"), require(Access.fresh()));
        });
        // endregion
        app.start("127.0.0.1", 0);
        try {
            Http http = Http.to(app);
            String login = http.post("/auth/login", "{\"username\":\"alice\",\"password\":\"correct-horse\"}")
                    .body();
            String access = member(login, "access_token");
            String refreshed = member(
                    http.post("/auth/refresh", "", bearer(member(login, "refresh_token")))
                            .body(),
                    "access_token");

            assertThat(http.get("/health").statusCode()).isEqualTo(200);
            assertThat(http.get("/me").statusCode()).isEqualTo(401);
            assertThat(http.get("/me", bearer(access)).body()).isEqualTo("alice");
            assertThat(http.get("/me", bearer(refreshed)).body()).isEqualTo("alice");
            assertThat(http.post("/password", "{}", bearer(refreshed)).statusCode())
                    .isEqualTo(401);
            assertThat(http.post("/password", "{}", bearer(access)).statusCode())
                    .isEqualTo(200);
            assertThat(http.post("/auth/logout", "", bearer(access)).statusCode())
                    .isEqualTo(204);
            assertThat(http.get("/me", bearer(refreshed)).statusCode()).isEqualTo(401);
        } finally {
            app.stop();
        }
    }

    @Test
    void theWalkIsOneScriptThatSeesWhatItSays() throws Exception {
        List<Snippet> walks = DocsTest.page("README.md").blocks("sh").stream()
                .filter(block -> block.text().contains("curl"))
                .toList();
        assertThat(walks).hasSize(1);
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.hs256(secret))
                .identity(Person.class, Person::id)
                .login(Login.of(people::byName, Person::passwordHash, hashing::matches, hashing.hash("nobody")))
                .build();
        Javalin app = Javalin.create(config -> {
                    config.registerPlugin(new LatchkeyPlugin(auth));
                    config.routes.get("/api/me", ctx -> ctx.result("{\"name\":\"Alice\"}"));
                    config.routes.post(
                            "/api/password",
                            ctx -> ctx.status(403)
                                    .result("{\"msg\":\"The old password is wrong\",\"code\":\"old_password_wrong\"}"),
                            require(Access.fresh()));
                })
                .start("127.0.0.1", 0);
        try {
            String script = walks.get(0)
                    .text()
                    .replace("http://127.0.0.1:7070", Http.to(app).address());

            assertThat(bash(script).lines().map(line -> line.replaceAll(".*\"code\":\"([^\"]+)\".* ", "$1 ")))
                    .containsExactly(
                            "token_missing 401",
                            "{\"name\":\"Alice\"} 200",
                            "fresh_token_required 401",
                            "old_password_wrong 403",
                            " 204",
                            "token_revoked 401",
                            "token_revoked 401");
        } finally {
            app.stop();
        }
    }

    private static String bash(String script) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-eu", "-c", script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).isZero();
        return out;
    }
}
