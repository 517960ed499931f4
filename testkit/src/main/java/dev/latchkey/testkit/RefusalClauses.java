package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import dev.latchkey.AuthResponse;
import dev.latchkey.ErrorStyle;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a refusal looks like on the wire, and which headers lead to one. */
abstract class RefusalClauses extends HandlerClauses {

    @Test
    void standardRefusalIsWrittenToTheLetter() {
        RawHttp.Reply reply = run().get("/required", bearer(tokens.expired("alice")));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.body()).isEqualTo("{\"msg\":\"Token has expired\",\"code\":\"token_expired\"}");
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("WWW-Authenticate"))
                .isEqualTo("Bearer error=\"invalid_token\", error_description=\"Token has expired\"");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void problemRefusalIsWrittenToTheLetter() {
        RawHttp.Reply reply =
                run(settings().errorStyle(ErrorStyle.PROBLEM)).get("/required", bearer(tokens.expired("alice")));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.body())
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,"
                        + "\"detail\":\"Token has expired\",\"code\":\"token_expired\"}");
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void ancestorsRefusalIsWrittenToTheLetter() {
        RawHttp.Reply reply =
                run(settings().errorStyle(ErrorStyle.ANCESTORS)).get("/required", bearer(tokens.wrongKey("alice")));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.body()).isEqualTo("{\"msg\":\"Signature verification failed\"}\n");
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("WWW-Authenticate")).isEmpty();
    }

    @Test
    void replacedResponseIsWrittenAsAWhole() {
        RawHttp http = run(settings()
                .errorResponse((refusal, standard) -> AuthResponse.of(
                                303, "text/html; charset=utf-8", "<p>à bientôt</p>")
                        .withHeader(
                                "Location", "/login?reason=" + refusal.error().code())
                        .withHeader("Set-Cookie", "a=1", "b=2")));

        RawHttp.Reply reply = http.get("/required");

        assertThat(reply.status()).isEqualTo(303);
        assertThat(reply.header("Location")).isEqualTo("/login?reason=token_missing");
        assertThat(reply.cookies("a", "b")).containsExactly("a=1", "b=2");
        assertThat(reply.header("Content-Type").replace(" ", "")).isEqualToIgnoringCase("text/html;charset=utf-8");
        assertThat(reply.body()).isEqualTo("<p>à bientôt</p>");
    }

    @Test
    void failingHookIsUnavailableNotAnAdmissionNorAnError() {
        RawHttp http = run(settings().userLoader(claims -> {
            throw new IllegalStateException("the database is down");
        }));

        RawHttp.Reply reply = http.get("/required", bearer(tokens.access("alice")));

        assertRefused(reply, AuthError.UNAVAILABLE);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body()).doesNotContain("database");
    }

    @Test
    void failingStoreIsUnavailableNotAnAdmissionNorAnError() {
        RawHttp http = run(settings().store(new DownStore()));
        String token = bearer(tokens.access("alice"));

        RawHttp.Reply reply = http.get("/required", token);
        assertRefused(reply, AuthError.UNAVAILABLE);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body()).doesNotContain("connection");
        assertRefused(http.post("/auth/login", LOGIN, JSON), AuthError.UNAVAILABLE);
        assertRefused(http.post("/auth/logout", "", token), AuthError.UNAVAILABLE);
        assertAnswered(http.get("/without-revocation", token), "alice");
        assertAnswered(http.get("/open"), "open");
    }

    @Test
    void closedLatchkeyAdmitsNobody() {
        var auth = settings().build();
        RawHttp http = run(auth);
        auth.close();

        assertRefused(http.get("/required", bearer(tokens.access("alice"))), AuthError.UNAVAILABLE);
    }

    @Test
    void twoHeaderLinesAreRefusedInAnyOrder() {
        RawHttp http = run();
        String good = bearer(tokens.access("alice"));

        assertRefused(http.get("/required", good, bearer("garbage")), AuthError.TOKEN_AMBIGUOUS);
        assertRefused(http.get("/required", bearer("garbage"), good), AuthError.TOKEN_AMBIGUOUS);
        assertAnswered(http.get("/required", "Authorization: Basic YTpi", good), "alice");
    }

    @Test
    void everyHeaderShapeHasItsAnswer() {
        RawHttp http = run();
        String token = tokens.access("alice");

        for (String missing : List.of(
                "Authorization:", "Authorization:   ", "Authorization: Basic YTpi", "Authorization: " + token)) {
            assertRefused(http.get("/required", missing), AuthError.TOKEN_MISSING);
        }
        for (String bad : List.of(
                "Authorization: Bearer", bearer(token + " x"), bearer(token + ","), bearer(token + "\t" + token))) {
            assertRefused(http.get("/required", bad), AuthError.HEADER_MALFORMED);
        }
        for (String malformed : List.of("x", ".", "..", "a.b.c", token + ".", "é" + token)) {
            assertRefused(http.get("/required", bearer(malformed)), AuthError.TOKEN_MALFORMED);
        }
        assertAnswered(http.get("/required", "AUTHORIZATION: bEARER  " + token), "alice");
    }

    @Test
    void configuredHeaderIsTheOnlyOne() {
        RawHttp http = run(settings().headerName("X-Token").headerScheme(""));
        String token = tokens.access("alice");

        assertRefused(http.get("/required", bearer(token)), AuthError.TOKEN_MISSING);
        assertAnswered(http.get("/required", "X-Token: " + token), "alice");
    }

    @Test
    void tokenElsewhereInTheRequestIsNotLookedAt() {
        RawHttp http = run();
        String token = tokens.access("alice");

        assertRefused(
                http.get("/required?jwt=" + token + "&access_token=" + token, "Cookie: access_token_cookie=" + token),
                AuthError.TOKEN_MISSING);
    }
}
