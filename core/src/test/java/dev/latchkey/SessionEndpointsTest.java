package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logout and the list of a user's sessions, as a browser or an attacker sees them. */
class SessionEndpointsTest {

    private final StandingClock clock = new StandingClock();
    private final Latchkey auth = Forge.latchkey(clock)
            .login(Login.by((name, password) -> Optional.of(name)))
            .build();

    private static Request bearer(String path, String token) {
        return Request.post(path).header("Authorization", "Bearer " + token);
    }

    private Request list(Tokens tokens) {
        return Request.get("/auth/sessions").header("Authorization", "Bearer " + tokens.accessToken());
    }

    private AuthResponse end(Tokens tokens, String body) {
        return auth.serve(
                Request.json("/auth/sessions/end", body).header("Authorization", "Bearer " + tokens.accessToken()));
    }

    private static String id(Tokens tokens) {
        return tokens.sessionId().orElseThrow();
    }

    @Test
    void logoutEndsTheSessionByEitherToken() {
        for (boolean byRefresh : new boolean[] {true, false}) {
            Tokens tokens = auth.issue("alice");
            String refresh = tokens.refreshToken().orElseThrow();
            Request request = byRefresh
                    ? Request.json("/auth/logout", "{\"refresh_token\":\"" + refresh + "\"}")
                    : bearer("/auth/logout", tokens.accessToken());
            AuthResponse response = auth.serve(request);
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.body()).isEmpty();
            Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(tokens.accessToken()));
            Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.refresh(refresh));
        }
    }

    /** Both sessions end where two tokens come: a logout never refuses to end anything. */
    @Test
    void logoutEndsEverySessionItIsShown() {
        Tokens first = auth.issue("alice");
        Tokens second = auth.issue("bob");
        Tokens third = auth.issue("carol");
        Request request = Request.json(
                        "/auth/logout",
                        "{\"access_token\":\"" + third.accessToken() + "\",\"refresh_token\":\""
                                + second.refreshToken().orElseThrow() + "\"}")
                .header("Authorization", "Bearer " + first.accessToken());
        assertThat(auth.serve(request).status()).isEqualTo(204);
        for (Tokens tokens : List.of(first, second, third)) {
            Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(tokens.accessToken()));
        }
    }

    @Test
    void logoutTakesAnExpiredTokenAndSaysNothingOfABadOne() {
        Tokens tokens = auth.issue("alice");
        clock.advance(Duration.ofHours(1));
        assertThat(auth.serve(bearer("/auth/logout", tokens.accessToken())).status())
                .isEqualTo(204);
        Refusal.expect(
                AuthError.TOKEN_REVOKED,
                () -> auth.refresh(tokens.refreshToken().orElseThrow()));
        for (Request request : List.of(
                Request.post("/auth/logout"),
                bearer("/auth/logout", "garbage"),
                Request.json("/auth/logout", "[1]"),
                Request.json("/auth/logout", "{\"refresh_token\":5}"),
                Request.json("/auth/logout", "x".repeat(100_000)))) {
            assertThat(auth.serve(request).status()).isEqualTo(204);
        }
    }

    @Test
    void listsTheUsersOwnSessions() {
        Tokens desk = auth.issue("alice", Grant.create().label("Firefox at the desk"));
        clock.advance(Duration.ofSeconds(5));
        Tokens phone = auth.issue("alice", Grant.create().label("phone \u2603"));
        assertThat(auth.issue("bob").subject()).isEqualTo("bob");

        AuthResponse response = auth.serve(list(desk));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).containsEntry("Cache-Control", List.of("no-store"));
        long start = StandingClock.START.getEpochSecond();
        long days = 90 * 24 * 3600;
        assertThat(Locations.object(Forge.utf8(response.body()), "").get("sessions"))
                .isEqualTo(List.of(
                        Map.of(
                                "id",
                                id(phone),
                                "label",
                                "phone \u2603",
                                "started_at",
                                start + 5,
                                "used_at",
                                start + 5,
                                "ends_at",
                                start + 5 + days,
                                "current",
                                false),
                        Map.of(
                                "id",
                                id(desk),
                                "label",
                                "Firefox at the desk",
                                "started_at",
                                start,
                                "used_at",
                                start,
                                "ends_at",
                                start + days,
                                "current",
                                true)));
    }

    @Test
    void loginTakesTheBrowserAsLabel_cutAndClean() {
        Request login = Request.json("/auth/login", "{\"username\":\"alice\",\"password\":\"x\"}")
                .header("User-Agent", "B\u00e4d\u0000\u001b agent " + "x".repeat(300));
        assertThat(auth.serve(login).status()).isEqualTo(200);

        assertThat(auth.sessions("alice"))
                .singleElement()
                .satisfies(session -> assertThat(session.label()).hasSize(200).startsWith("B?d?? agent xxx"));
    }

    @Test
    void loginRemembersUnlessItIsToldNotTo() {
        for (String remember : List.of("", ",\"remember\":true", ",\"remember\":false")) {
            String body = "{\"username\":\"alice\",\"password\":\"x\"" + remember + "}";
            assertThat(auth.serve(Request.json("/auth/login", body)).status()).isEqualTo(200);
        }
        assertThat(auth.sessions("alice"))
                .extracting(session -> Duration.between(session.startedAt(), session.endsAt()))
                .containsExactlyInAnyOrder(Duration.ofDays(90), Duration.ofDays(90), Duration.ofHours(12));
        String odd = "{\"username\":\"alice\",\"password\":\"x\",\"remember\":\"no\"}";
        assertThat(auth.serve(Request.json("/auth/login", odd)).status()).isEqualTo(400);
    }

    @Test
    void endsOneOfTheUsersSessions() {
        Tokens desk = auth.issue("alice");
        Tokens phone = auth.issue("alice");

        assertThat(end(desk, "{\"id\":\"" + id(phone) + "\"}").status()).isEqualTo(204);

        Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(phone.accessToken()));
        assertThat(auth.verify(desk.accessToken()).subject()).isEqualTo("alice");
    }

    @Test
    void anothersSessionIsLikeNone() {
        Tokens mine = auth.issue("mallory");
        Tokens hers = auth.issue("alice");
        AuthResponse another = end(mine, "{\"id\":\"" + id(hers) + "\"}");
        AuthResponse none = end(mine, "{\"id\":\"no-such-session\"}");

        assertThat(another.status()).isEqualTo(404).isEqualTo(none.status());
        assertThat(another.body())
                .isEqualTo("{\"msg\":\"No such session\",\"code\":\"session_not_found\"}")
                .isEqualTo(none.body());
        assertThat(auth.verify(hers.accessToken()).subject()).isEqualTo("alice");
        assertThat(auth.serve(list(mine)).body()).doesNotContain(id(hers));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"id\":1}", "{\"id\":null}", "{\"id\":[\"a\"]}", "null", "{"})
    void refusesOtherBodies(String body) {
        Tokens tokens = auth.issue("alice");
        assertThat(end(tokens, body).status()).isEqualTo(400);
        Request form = bearer("/auth/sessions/end", tokens.accessToken()).body("id=1");
        assertThat(auth.serve(form).status()).isEqualTo(415);
    }

    @Test
    void endsAllOthers_orAll() {
        Tokens desk = auth.issue("alice");
        Tokens phone = auth.issue("alice");
        Tokens bobs = auth.issue("bob");
        assertThat(auth.serve(bearer("/auth/sessions/end-others", desk.accessToken()))
                        .status())
                .isEqualTo(204);
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(phone.accessToken()));
        assertThat(auth.sessions("alice")).extracting(Session::id).containsExactly(id(desk));

        assertThat(auth.serve(bearer("/auth/sessions/end-all", desk.accessToken()))
                        .status())
                .isEqualTo(204);
        assertThat(auth.sessions("alice")).isEmpty();
        assertThat(auth.verify(bobs.accessToken()).subject()).isEqualTo("bob");
    }

    @Test
    void noneOfThemWorksWithoutAnAccessToken() {
        Tokens tokens = auth.issue("alice");
        String refresh = tokens.refreshToken().orElseThrow();
        for (String path : List.of("", "/end", "/end-others", "/end-all")) {
            String method = path.isEmpty() ? "GET" : "POST";
            Request request = Request.json("/auth/sessions" + path, "{\"id\":\"" + id(tokens) + "\"}")
                    .method(method);
            assertThat(auth.serve(request).status()).isEqualTo(401);
            assertThat(auth.serve(request.header("Authorization", "Bearer " + refresh))
                            .status())
                    .isEqualTo(401);
        }
        assertThat(auth.sessions("alice")).hasSize(1);
    }
}
