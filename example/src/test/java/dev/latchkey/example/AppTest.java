package dev.latchkey.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.example.Visitor.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppTest {

    private static final String NEW_PASSWORD = "a new and longer one";

    @TempDir
    private Path home;

    private App app;
    private Visitor visitor;

    @BeforeEach
    void start() {
        app = App.start(Visitor.settings(home.resolve("data")));
        visitor = new Visitor(app);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void walksFromLoginToLogout() {
        Answer login = visitor.login("alice", "correct-horse");
        assertThat(login.status()).isEqualTo(200);
        String access = login.text("access_token");
        assertThat(visitor.get("api/me", access).text("role")).isEqualTo("user");
        assertThat(visitor.get("api/me", access).json().path("fresh").asBoolean())
                .isTrue();

        Answer note = visitor.post("api/notes", access, Map.of("text", " buy milk "));
        assertThat(note.status()).isEqualTo(201);
        assertThat(visitor.get("api/notes", access).json().get(0).path("text").asText())
                .isEqualTo("buy milk");

        Answer refreshed = visitor.post("auth/refresh", login.text("refresh_token"), null);
        String stale = refreshed.text("access_token");
        assertThat(visitor.get("api/me", stale).json().path("fresh").asBoolean())
                .isFalse();
        Map<String, String> change = Map.of("old_password", "correct-horse", "new_password", NEW_PASSWORD);
        assertThat(visitor.post("api/password", stale, change).code()).isEqualTo("401 fresh_token_required");

        String again = visitor.login("alice", "correct-horse").text("access_token");
        Answer changed = visitor.post("api/password", again, change);
        assertThat(changed.status()).isEqualTo(200);
        for (String old : new String[] {access, stale, again}) {
            assertThat(visitor.get("api/me", old).code()).isEqualTo("401 token_revoked");
        }
        assertThat(visitor.post("auth/refresh", login.text("refresh_token"), null)
                        .code())
                .isEqualTo("401 token_revoked");
        assertThat(visitor.get("api/notes", changed.text("access_token")).json())
                .hasSize(1);
        assertThat(visitor.post("auth/refresh", changed.text("refresh_token"), null)
                        .status())
                .isEqualTo(200);
        assertThat(visitor.login("alice", "correct-horse").code()).isEqualTo("401 credentials_invalid");
        assertThat(visitor.login("alice", NEW_PASSWORD).status()).isEqualTo(200);

        assertThat(visitor.post("auth/logout", changed.text("access_token"), null)
                        .status())
                .isEqualTo(204);
        assertThat(visitor.get("api/me", changed.text("access_token")).code()).isEqualTo("401 token_revoked");
        assertThat(visitor.post("auth/refresh", changed.text("refresh_token"), null)
                        .code())
                .isEqualTo("401 token_revoked");
    }

    @Test
    void keepsNameAndLengthOfTheSessionOverANewPassword() {
        String access = visitor.post("auth/login", null, credentials(Map.of("remember", false)))
                .text("access_token");
        String label = devices(access).get(0).path("label").asText();

        String changed = visitor.post(
                        "api/password", access, Map.of("old_password", "correct-horse", "new_password", NEW_PASSWORD))
                .text("access_token");
        JsonNode device = devices(changed).get(0);
        assertThat(device.path("label").asText()).isEqualTo(label).isNotEmpty();
        assertThat(device.path("ends_at").asLong() - device.path("started_at").asLong())
                .isEqualTo(Duration.ofHours(12).toSeconds());
    }

    @Test
    void keepsPasswordIfTheOldOneIsWrong() {
        String access = visitor.login("alice", "correct-horse").text("access_token");

        assertThat(visitor.post("api/password", access, Map.of("old_password", "wrong", "new_password", NEW_PASSWORD))
                        .code())
                .isEqualTo("403 old_password_wrong");
        assertThat(visitor.get("api/me", access).status()).isEqualTo(200);
        assertThat(visitor.login("alice", "correct-horse").status()).isEqualTo(200);
    }

    @Test
    void opensPageHealthAndGreetingToStrangers() {
        Answer page = visitor.get("", null);
        assertThat(page.body()).contains("<title>Latchkey");
        assertThat(page.response().headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'"));
        for (String script : new String[] {"page.js", "latchkey.js", "texts.js"}) {
            assertThat(visitor.get(script, null).response().headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/javascript"));
        }
        assertThat(page.body())
                .doesNotContain("<style", "style=", "onclick")
                .doesNotContainPattern("<script[^>]*>[^<]");
        assertThat(visitor.get("style.css", null).status()).isEqualTo(200);
        assertThat(visitor.get("health", null).text("status")).isEqualTo("up");
        assertThat(visitor.get("api/hello", null).text("hello")).isEqualTo("stranger");
    }

    @Test
    void closesTheRest() {
        for (String path : new String[] {"api/me", "api/notes", "admin/people"}) {
            assertThat(visitor.get(path, null).code()).isEqualTo("401 token_missing");
        }
        assertThat(visitor.post("api/notes", null, Map.of("text", "x")).code()).isEqualTo("401 token_missing");
        assertThat(visitor.get("api/hello", "garbage").code()).isEqualTo("401 token_malformed");
        assertThat(visitor.get("nowhere", null).code()).isEqualTo("404 not_found");
    }

    @Test
    void greetsByName() {
        String access = visitor.login("alice", "correct-horse").text("access_token");
        assertThat(visitor.get("api/hello", access).text("hello")).isEqualTo("alice");
    }

    @Test
    void listsTheDevicesOfOnePerson() {
        visitor.login("alice", "correct-horse");
        String admin = visitor.login("admin", "battery-staple").text("access_token");
        String alice = visitor.login("alice", "correct-horse").text("access_token");

        JsonNode devices = devices(alice);
        assertThat(devices).hasSize(2);
        assertThat(devices.findValuesAsText("current")).containsExactlyInAnyOrder("true", "false");
        assertThat(devices.findValuesAsText("label"))
                .allSatisfy(label -> assertThat(label).startsWith("Java"));
        assertThat(devices(admin)).hasSize(1);
        assertThat(visitor.get("auth/sessions", null).code()).isEqualTo("401 token_missing");
    }

    @Test
    void endsOneDevice() {
        Answer other = visitor.login("alice", "correct-horse");
        String admin = visitor.login("admin", "battery-staple").text("access_token");
        String alice = visitor.login("alice", "correct-horse").text("access_token");
        Map<String, String> id = Map.of("id", idOfTheOther(alice));

        assertThat(visitor.post("auth/sessions/end", admin, id).code()).isEqualTo("404 session_not_found");
        assertThat(visitor.get("api/me", other.text("access_token")).status()).isEqualTo(200);
        assertThat(visitor.post("auth/sessions/end", alice, id).status()).isEqualTo(204);
        assertOver(other);
        assertThat(devices(alice)).hasSize(1);
        assertThat(visitor.post("auth/sessions/end", alice, id).code()).isEqualTo("404 session_not_found");
    }

    @Test
    void endsTheOtherDevices() {
        Answer one = visitor.login("alice", "correct-horse");
        Answer two = visitor.login("alice", "correct-horse");
        Answer admin = visitor.login("admin", "battery-staple");
        Answer own = visitor.login("alice", "correct-horse");

        assertThat(visitor.post("auth/sessions/end-others", own.text("access_token"), null)
                        .status())
                .isEqualTo(204);
        assertOver(one);
        assertOver(two);
        assertThat(devices(own.text("access_token"))).hasSize(1);
        assertThat(visitor.post("auth/refresh", own.text("refresh_token"), null).status())
                .isEqualTo(200);
        assertThat(visitor.get("api/me", admin.text("access_token")).status()).isEqualTo(200);
    }

    @Test
    void logsOutEverywhere() {
        Answer other = visitor.login("alice", "correct-horse");
        Answer admin = visitor.login("admin", "battery-staple");
        Answer own = visitor.login("alice", "correct-horse");

        assertThat(visitor.post("auth/sessions/end-all", own.text("access_token"), null)
                        .status())
                .isEqualTo(204);
        assertOver(other);
        assertOver(own);
        assertThat(visitor.get("api/me", admin.text("access_token")).status()).isEqualTo(200);
        assertThat(visitor.login("alice", "correct-horse").status()).isEqualTo(200);
    }

    @Test
    void remembersForNinetyDaysOrTwelveHours() {
        assertThat(hoursOfASession(Map.of())).isEqualTo(90 * 24);
        assertThat(hoursOfASession(Map.of("remember", true))).isEqualTo(90 * 24);
        assertThat(hoursOfASession(Map.of("remember", false))).isEqualTo(12);
        assertThat(visitor.post("auth/login", null, credentials(Map.of("remember", "no")))
                        .status())
                .isEqualTo(400);
    }

    private long hoursOfASession(Map<String, ?> more) {
        Answer login = visitor.post("auth/login", null, credentials(more));
        JsonNode own = devices(login.text("access_token"))
                .valueStream()
                .filter(device -> device.path("current").asBoolean())
                .findFirst()
                .orElseThrow();
        return Duration.ofSeconds(
                        own.path("ends_at").asLong() - own.path("started_at").asLong())
                .toHours();
    }

    private static Map<String, Object> credentials(Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(Map.of("username", "alice", "password", "correct-horse"));
        body.putAll(more);
        return body;
    }

    private JsonNode devices(String access) {
        return visitor.get("auth/sessions", access).json().path("sessions");
    }

    private String idOfTheOther(String access) {
        return devices(access)
                .valueStream()
                .filter(device -> !device.path("current").asBoolean())
                .map(device -> device.path("id").asText())
                .findFirst()
                .orElseThrow();
    }

    private void assertOver(Answer login) {
        assertThat(visitor.get("api/me", login.text("access_token")).code()).isEqualTo("401 token_revoked");
        assertThat(visitor.post("auth/refresh", login.text("refresh_token"), null)
                        .code())
                .isEqualTo("401 token_revoked");
    }

    @Test
    void showsPeopleToAdministratorsOnly() {
        String alice = visitor.login("alice", "correct-horse").text("access_token");
        String admin = visitor.login("admin", "battery-staple").text("access_token");

        assertThat(visitor.get("admin/people", alice).code()).isEqualTo("403 role_required");
        assertThat(visitor.get("admin/people", admin).body())
                .isEqualTo("[{\"name\":\"admin\",\"role\":\"admin\"},{\"name\":\"alice\",\"role\":\"user\"}]");
    }

    @Test
    void keepsNotesApart() {
        String alice = visitor.login("alice", "correct-horse").text("access_token");
        String admin = visitor.login("admin", "battery-staple").text("access_token");
        String path = "api/notes/"
                + visitor.post("api/notes", alice, Map.of("text", "mine")).text("id");

        assertThat(visitor.get("api/notes", admin).json()).isEmpty();
        assertThat(visitor.send("DELETE", path, admin, null).code()).isEqualTo("404 note_not_found");
        assertThat(visitor.send("DELETE", path, alice, null).status()).isEqualTo(204);
        assertThat(visitor.send("DELETE", path, alice, null).code()).isEqualTo("404 note_not_found");
    }

    @Test
    void keepsPeopleAndNotesOverARestart() {
        String before = visitor.login("alice", "correct-horse").text("access_token");
        visitor.post("api/notes", before, Map.of("text", "still here"));
        visitor.post("api/password", before, Map.of("old_password", "correct-horse", "new_password", NEW_PASSWORD));

        app.close();
        start();

        assertThat(visitor.login("alice", "correct-horse").status()).isEqualTo(401);
        String after = visitor.login("alice", NEW_PASSWORD).text("access_token");
        assertThat(visitor.get("api/notes", after).body()).contains("still here");
    }
}
