package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import dev.latchkey.Latchkey;
import dev.latchkey.Login;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Login, refresh and logout. */
abstract class EndpointClauses extends RefusalClauses {

    static String member(RawHttp.Reply reply, String name) {
        assertThat(reply.body()).contains("\"" + name + "\":\"");
        return reply.body().replaceAll("(?s).*\"" + name + "\":\"([^\"]+)\".*", "$1");
    }

    @Test
    void loginAnswersWithTokensThatNoCacheKeeps() {
        RawHttp http = run();

        RawHttp.Reply login = http.post("/auth/login", LOGIN, JSON, bearer(tokens.expired("alice")));

        assertThat(login.status()).isEqualTo(200);
        assertThat(login.header("Content-Type")).isEqualTo("application/json");
        assertThat(login.header("Cache-Control")).isEqualTo("no-store");
        assertThat(login.body()).contains("\"token_type\":\"Bearer\",\"expires_in\":900");
        assertAnswered(http.get("/fresh", bearer(member(login, "access_token"))), "alice");
    }

    @Test
    void unknownUserAndWrongPasswordGetTheSameAnswer() {
        RawHttp http = run();

        RawHttp.Reply wrong = http.post("/auth/login", LOGIN.replace("secret", "guess"), JSON);
        RawHttp.Reply unknown = http.post("/auth/login", LOGIN.replace("alice", "nobody"), JSON);

        assertRefused(wrong, AuthError.CREDENTIALS_INVALID);
        assertThat(unknown.body()).isEqualTo(wrong.body());
        assertThat(unknown.status()).isEqualTo(wrong.status());
        assertThat(unknown.headers().keySet()).isEqualTo(wrong.headers().keySet());
    }

    @Test
    void refreshTakesItsTokenFromHeaderOrBody() {
        RawHttp http = run();
        String refresh = member(http.post("/auth/login", LOGIN, JSON), "refresh_token");

        for (RawHttp.Reply reply : List.of(
                http.post("/auth/refresh", "", bearer(refresh)),
                http.post("/auth/refresh", "{\"refresh_token\":\"" + refresh + "\"}", JSON),
                http.post(
                        "/auth/refresh",
                        "{\"refresh_token\":\"" + refresh + "\"}",
                        JSON,
                        bearer(tokens.expired("alice"))))) {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertAnswered(http.get("/required", bearer(member(reply, "access_token"))), "alice");
            assertThat(http.get("/fresh", bearer(member(reply, "access_token"))).body())
                    .contains("fresh_token_required");
        }
        assertThat(http.post("/auth/refresh", "").body()).contains("token_missing");
        assertThat(http.post("/auth/refresh", "", bearer(tokens.access("alice")))
                        .body())
                .contains("token_type_invalid");
    }

    @Test
    void logoutEndsTheSessionEvenWithAnExpiredToken() {
        RawHttp http = run();
        RawHttp.Reply login = http.post("/auth/login", LOGIN, JSON);
        tokens.clock().advance(Duration.ofMinutes(16));

        RawHttp.Reply logout = http.post("/auth/logout", "", bearer(member(login, "access_token")));

        assertThat(logout.status()).isEqualTo(204);
        assertThat(logout.body()).isEmpty();
        assertThat(http.post("/auth/refresh", "", bearer(member(login, "refresh_token")))
                        .body())
                .contains("token_revoked");
    }

    @Test
    void logoutAnswersTheSameToAnybody() {
        RawHttp http = run();

        assertThat(http.post("/auth/logout", "").status()).isEqualTo(204);
        assertThat(http.post("/auth/logout", "[", JSON, bearer("garbage")).status())
                .isEqualTo(204);
    }

    @Test
    void malformedLoginBodyIsAClearBadRequest() {
        RawHttp http = run();

        for (String body : List.of(
                "",
                "[]",
                "[1]",
                "\"text\"",
                "7",
                "null",
                "{",
                "{}",
                "[".repeat(10_000),
                "\uFEFF{}",
                "{\"username\":\"alice\"}",
                "{\"username\":1,\"password\":\"secret\"}",
                LOGIN + LOGIN)) {
            assertRefused(http.post("/auth/login", body, JSON), AuthError.REQUEST_MALFORMED);
        }
        assertRefused(http.post("/auth/login", LOGIN, "Content-Type: text/plain"), AuthError.MEDIA_TYPE_UNSUPPORTED);
    }

    @Test
    void oversizedLoginBodyIsRefused() {
        RawHttp http = run();

        for (int size : new int[] {100_000, 1_100_000}) {
            assertRefused(http.post("/auth/login", " ".repeat(size) + LOGIN, JSON), AuthError.BODY_TOO_LARGE);
        }
        assertThat(http.post("/auth/login", LOGIN, JSON).status()).isEqualTo(200);
    }

    @Test
    void endpointTakesPostOnly() {
        RawHttp http = run();

        for (String method : List.of("GET", "PUT", "PATCH", "DELETE")) {
            RawHttp.Reply reply = http.send(method, "/auth/login", List.of(), "");
            assertRefused(reply, AuthError.METHOD_NOT_ALLOWED);
            assertThat(reply.header("Allow")).isEqualTo("POST");
        }
        assertThat(http.send("HEAD", "/auth/login", List.of(), "").status()).isEqualTo(405);
    }

    @Test
    void throttleSeesUserNameAndAddress() {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        RawHttp http = run(tokens.settings()
                .login(Login.by((name, password) -> Optional.of(name)).withThrottle((name, address) -> {
                    seen.add(name + " from " + address);
                    return false;
                })));

        RawHttp.Reply reply = http.post("/auth/login", LOGIN, JSON);

        assertRefused(reply, AuthError.TOO_MANY_ATTEMPTS);
        assertThat(seen).containsExactly("alice from 127.0.0.1");
    }

    @Test
    void endpointsLieWhereTheSettingsSay() {
        RawHttp moved = run(settings().endpoints("/api/session"));
        assertThat(moved.post("/api/session/login", LOGIN, JSON).status()).isEqualTo(200);
        assertThat(moved.post("/auth/login", LOGIN, JSON).status()).isIn(401, 404, 405);

        RawHttp none = run(tokens.settings().withoutEndpoints());
        assertThat(none.post("/auth/refresh", "", bearer(tokens.refresh("alice")))
                        .status())
                .isIn(401, 404, 405);
    }

    @Test
    void endpointsOfAClosedLatchkeyAreUnavailable() {
        Latchkey auth = settings().build();
        RawHttp http = run(auth);
        auth.close();

        assertRefused(http.post("/auth/login", LOGIN, JSON), AuthError.UNAVAILABLE);
        assertRefused(http.post("/auth/logout", "", bearer(tokens.access("alice"))), AuthError.UNAVAILABLE);
    }
}
