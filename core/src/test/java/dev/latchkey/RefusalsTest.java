package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Responses of refusals, byte for byte. */
class RefusalsTest {

    private final StandingClock clock = new StandingClock();

    @Test
    void standardHasMessageCodeAndChallenge() {
        AuthResponse response = refused(b -> b, Request.bearer(Forge.withClaim("exp", "1")));
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"msg\":\"Token has expired\",\"code\":\"token_expired\"}");
        assertThat(response.headers())
                .containsExactly(
                        Map.entry("Content-Type", List.of("application/json")),
                        Map.entry(
                                "WWW-Authenticate",
                                List.of("Bearer error=\"invalid_token\", error_description=\"Token has expired\"")),
                        Map.entry("Cache-Control", List.of("no-store")));
    }

    /** RFC 6750 section 3.1: who sent no token is told no error. */
    @Test
    void aMissingTokenIsChallengedWithoutError() {
        AuthResponse response = refused(b -> b, Request.get("/x"));
        assertThat(response.body()).isEqualTo("{\"msg\":\"Missing Authorization Header\",\"code\":\"token_missing\"}");
        assertThat(response.headers()).containsEntry("WWW-Authenticate", List.of("Bearer"));
    }

    @Test
    void problemIsADocumentOfRfc9457() {
        AuthResponse response = refused(b -> b.errorStyle(ErrorStyle.PROBLEM), Request.bearer("x"));
        assertThat(response.body())
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,"
                        + "\"detail\":\"Not enough segments\",\"code\":\"token_malformed\"}");
        assertThat(response.headers())
                .containsEntry("Content-Type", List.of("application/problem+json"))
                .containsEntry(
                        "WWW-Authenticate",
                        List.of("Bearer error=\"invalid_token\", error_description=\"Not enough segments\""));
    }

    @Test
    void ancestorsIsTheirsToTheLetter() {
        UnaryOperator<LatchkeyBuilder> ancestors = b -> b.errorStyle(ErrorStyle.ANCESTORS);
        AuthResponse missing = refused(ancestors, Request.get("/x"));
        assertThat(missing.status()).isEqualTo(401);
        assertThat(missing.body())
                .isEqualTo("{\"msg\":\"Missing Authorization Header\"}\n")
                .hasSize(39);
        assertThat(missing.headers()).containsExactly(Map.entry("Content-Type", List.of("application/json")));
        AuthResponse malformed = refused(ancestors, Request.bearer("x"));
        assertThat(malformed.status()).isEqualTo(422);
        assertThat(malformed.body()).isEqualTo("{\"msg\":\"Not enough segments\"}\n");
        AuthResponse gone =
                refused(b -> ancestors.apply(b).userLoader(claims -> Optional.empty()), Request.bearer(Forge.good()));
        assertThat(gone.body()).isEqualTo("{\"msg\":\"Error loading the user alice\"}\n");
        AuthResponse rejected =
                refused(b -> ancestors.apply(b).claimsCheck(claims -> false), Request.bearer(Forge.good()));
        assertThat(rejected.status()).isEqualTo(400);
        assertThat(rejected.body()).isEqualTo("{\"msg\":\"User claims verification failed\"}\n");
    }

    @Test
    void ancestorsAnswersAFailedLoginAsFlaskJwtDid() {
        Latchkey auth = Forge.latchkey(clock).errorStyle(ErrorStyle.ANCESTORS).build();
        AuthResponse response = auth.respond(AuthException.of(AuthError.CREDENTIALS_INVALID));
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body())
                .isEqualTo("{\"description\":\"Invalid credentials\",\"error\":\"Bad Request\",\"status_code\":401}\n");
    }

    @Test
    void statusesOfEveryErrorInEveryStyle() {
        Map<AuthError, List<Integer>> expected = new EnumMap<>(AuthError.class);
        for (AuthError error : AuthError.values()) {
            expected.put(error, List.of(401, 401, 422));
        }
        for (AuthError error : List.of(
                AuthError.TOKEN_MISSING,
                AuthError.TOKEN_EXPIRED,
                AuthError.TOKEN_REVOKED,
                AuthError.REFRESH_TOKEN_REUSED,
                AuthError.FRESH_TOKEN_REQUIRED,
                AuthError.USER_NOT_FOUND,
                AuthError.CREDENTIALS_INVALID)) {
            expected.put(error, List.of(401, 401, 401));
        }
        expected.put(AuthError.CLAIMS_REJECTED, List.of(401, 401, 400));
        expected.put(AuthError.SCOPE_INSUFFICIENT, List.of(403, 403, 403));
        expected.put(AuthError.ROLE_MISSING, List.of(403, 403, 403));
        expected.put(AuthError.CSRF_MISSING, List.of(403, 403, 401));
        expected.put(AuthError.CSRF_MISMATCH, List.of(403, 403, 401));
        expected.put(AuthError.ORIGIN_REJECTED, List.of(403, 403, 403));
        expected.put(AuthError.REQUEST_MALFORMED, List.of(400, 400, 400));
        expected.put(AuthError.SESSION_NOT_FOUND, List.of(404, 404, 404));
        expected.put(AuthError.METHOD_NOT_ALLOWED, List.of(405, 405, 405));
        expected.put(AuthError.BODY_TOO_LARGE, List.of(413, 413, 413));
        expected.put(AuthError.MEDIA_TYPE_UNSUPPORTED, List.of(415, 415, 415));
        expected.put(AuthError.TOO_MANY_ATTEMPTS, List.of(429, 429, 429));
        expected.put(AuthError.UNAVAILABLE, List.of(503, 503, 503));
        expected.forEach((error, statuses) -> assertThat(
                        List.of(ErrorStyle.values()).stream().map(error::status))
                .as(error.code())
                .isEqualTo(statuses));
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorHasACodeATextAndAResponse(AuthError error) {
        assertThat(error.code()).matches("[a-z]+(_[a-z]+)*");
        assertThat(error.message()).isNotBlank();
        for (ErrorStyle style : ErrorStyle.values()) {
            AuthResponse response =
                    Forge.latchkey(clock).errorStyle(style).build().respond(AuthException.of(error));
            assertThat(response.status()).isEqualTo(error.status(style));
            assertThat(response.body()).contains(error.message().replace("\"", "\\\""));
            boolean challenged = style != ErrorStyle.ANCESTORS
                    && (response.status() == 401
                            || error == AuthError.SCOPE_INSUFFICIENT
                            || error == AuthError.ROLE_MISSING);
            assertThat(response.headers().containsKey("WWW-Authenticate")).isEqualTo(challenged);
        }
    }

    /** RFC 9470: what the client must do, in words that its library knows. */
    @Test
    void missingFreshnessIsAStepUpChallenge() {
        Latchkey auth = Forge.latchkey(clock).build();
        Request request = Request.bearer(Forge.good());
        assertThat(challenge(auth.check(request, Access.fresh())))
                .isEqualTo("Bearer error=\"insufficient_user_authentication\","
                        + " error_description=\"Fresh token required\"");
        assertThat(challenge(auth.check(request, Access.required().withMaxAge(Duration.ofMinutes(5)))))
                .isEqualTo("Bearer error=\"insufficient_user_authentication\","
                        + " error_description=\"Fresh token required\", max_age=\"300\"");
    }

    @Test
    void quotesTheRealm() {
        UnaryOperator<LatchkeyBuilder> realm = b -> b.realm("No\"tes\\\r\nSet-Cookie: ä");
        assertThat(refused(realm, Request.get("/x")).headers())
                .containsEntry("WWW-Authenticate", List.of("Bearer realm=\"No'tes'??Set-Cookie: ?\""));
        assertThat(refused(b -> b.realm("notes"), Request.bearer("x")).headers())
                .containsEntry(
                        "WWW-Authenticate",
                        List.of("Bearer realm=\"notes\", error=\"invalid_token\","
                                + " error_description=\"Not enough segments\""));
    }

    @Test
    void challengesWithTheSchemeInUse() {
        assertThat(refused(b -> b.headerScheme("JWT"), Request.get("/x")).headers())
                .containsEntry("WWW-Authenticate", List.of("JWT"));
        assertThat(refused(b -> b.headerScheme(""), Request.get("/x")).headers())
                .containsEntry("WWW-Authenticate", List.of("Bearer"));
    }

    @Test
    void theMemberOfTheTextIsSettable() {
        assertThat(refused(b -> b.errorMessageKey("error"), Request.get("/x")).body())
                .isEqualTo("{\"error\":\"Missing Authorization Header\",\"code\":\"token_missing\"}");
        UnaryOperator<LatchkeyBuilder> ancestors =
                b -> b.errorMessageKey("message").errorStyle(ErrorStyle.ANCESTORS);
        assertThat(refused(ancestors, Request.get("/x")).body())
                .isEqualTo("{\"message\":\"Missing Authorization Header\"}\n");
    }

    @Test
    void saysWhenToComeBackAndWhatIsAllowed() {
        Latchkey auth = Forge.latchkey(clock).build();
        assertThat(auth.respond(AuthException.of(AuthError.UNAVAILABLE)).headers())
                .containsEntry("Retry-After", List.of("5"))
                .containsEntry("Cache-Control", List.of("no-store"));
        assertThat(auth.respond(AuthException.of(AuthError.TOO_MANY_ATTEMPTS)).headers())
                .containsEntry("Retry-After", List.of("5"));
        assertThat(auth.respond(AuthException.of(AuthError.METHOD_NOT_ALLOWED)).headers())
                .containsEntry("Allow", List.of("POST"));
    }

    @Test
    void aHookReplacesAnyResponse() {
        UnaryOperator<LatchkeyBuilder> hook = b -> b.errorResponse((refusal, standard) -> {
            if (refusal.error() == AuthError.TOKEN_EXPIRED) {
                String who = refusal.claims().orElseThrow().subject();
                return AuthResponse.json(418, Map.of("expired", who))
                        .withHeader("X-Why", refusal.error().code());
            }
            return standard.withHeader("X-Seen", "1");
        });
        AuthResponse expired = refused(hook, Request.bearer(Forge.withClaim("exp", "1")));
        assertThat(expired.status()).isEqualTo(418);
        assertThat(expired.body()).isEqualTo("{\"expired\":\"alice\"}");
        assertThat(expired.headers()).containsEntry("X-Why", List.of("token_expired"));
        AuthResponse missing = refused(hook, Request.get("/x"));
        assertThat(missing.status()).isEqualTo(401);
        assertThat(missing.headers()).containsEntry("X-Seen", List.of("1"));
    }

    /** The ancestors answered 200 to a refusal whose hook forgot the status. */
    @Test
    void aHookThatMisbehavesIsReplaced() {
        List<UnaryOperator<LatchkeyBuilder>> hooks = List.of(
                b -> b.errorResponse((refusal, standard) -> null),
                b -> b.errorResponse((refusal, standard) -> AuthResponse.json(200, Map.of("msg", "fine"))),
                b -> b.errorResponse((refusal, standard) -> {
                    throw new IllegalStateException("broken\nhook");
                }));
        for (UnaryOperator<LatchkeyBuilder> hook : hooks) {
            List<LogBook.Line> lines = LogBook.during(() -> {
                AuthResponse response = refused(hook, Request.get("/x"));
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.body()).contains("token_missing");
            });
            assertThat(lines)
                    .anyMatch(line -> line.text().startsWith("errorResponse(…) ")
                            && line.text().contains("the standard response was sent instead"))
                    .noneMatch(line -> line.text().contains("\n"));
        }
    }

    @Test
    void neverTellsAClaimOrTheParsersWords() {
        for (String token : List.of(
                Forge.withClaim("iss", "\"top secret\""),
                Forge.withClaim("aud", "[\"top secret\"]"),
                Forge.withClaim("sub", "[\"top secret\"]"),
                Forge.withClaim("type", "\"top secret\""),
                Forge.token(Forge.HEADER, "{\"top secret\":}"),
                Forge.withHeader("{\"alg\":\"top secret\"}"),
                Forge.withHeader("{\"alg\":\"HS256\",\"kid\":\"top secret\"}"))) {
            AuthResponse response = refused(b -> b, Request.bearer(token));
            assertThat(response.body() + response.headers()).doesNotContain("top secret", "jackson", "column");
        }
    }

    private AuthResponse refused(UnaryOperator<LatchkeyBuilder> setting, Request request) {
        return setting.apply(Forge.latchkey(clock))
                .build()
                .check(request, Access.required())
                .response()
                .orElseThrow();
    }

    private static String challenge(Outcome outcome) {
        return outcome.response()
                .orElseThrow()
                .headers()
                .get("WWW-Authenticate")
                .get(0);
    }
}
