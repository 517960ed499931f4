package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Login, refresh and logout, as a browser or an attacker sees them. */
class EndpointsTest {

    private static final String EXPECTED =
            "Request body must be a JSON object with the texts 'username' and 'password'";
    private static final String ALICE = "{\"username\":\"alice\",\"password\":\"secret\"}";

    private final StandingClock clock = new StandingClock();
    private final Login login = Login.of(
            name -> name.equals("alice") ? Optional.of(name) : Optional.empty(),
            name -> "hash of secret",
            (password, hash) -> hash.equals("hash of " + password),
            "hash of nothing");
    private final Latchkey auth = latchkey(b -> b.login(login));

    private Latchkey latchkey(UnaryOperator<LatchkeyBuilder> settings) {
        return settings.apply(Forge.latchkey(clock)).build();
    }

    @Test
    void loginAnswersWithBothTokens() {
        AuthResponse response = auth.serve(Request.json("/auth/login", ALICE));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers())
                .containsEntry("Content-Type", List.of("application/json"))
                .containsEntry("Cache-Control", List.of("no-store"));
        Map<?, ?> body = json(response);
        assertThat(body.keySet().toArray())
                .containsExactly("access_token", "refresh_token", "token_type", "expires_in");
        assertThat(body.get("token_type")).isEqualTo("Bearer");
        assertThat(body.get("expires_in")).isEqualTo(900L);
        assertThat(auth.verify((String) body.get("access_token"), Access.fresh())
                        .subject())
                .isEqualTo("alice");
        assertThat(auth.verify((String) body.get("refresh_token"), Access.refresh())
                        .subject())
                .isEqualTo("alice");
    }

    /** Not a byte tells an unknown name from a wrong password. */
    @Test
    void unknownUserAndWrongPasswordAreTheSame() {
        AuthResponse unknown = auth.serve(Request.json("/auth/login", "{\"username\":\"bob\",\"password\":\"x\"}"));
        AuthResponse wrong = auth.serve(Request.json("/auth/login", "{\"username\":\"alice\",\"password\":\"x\"}"));
        assertThat(unknown.status()).isEqualTo(401).isEqualTo(wrong.status());
        assertThat(unknown.body())
                .isEqualTo("{\"msg\":\"Invalid credentials\",\"code\":\"credentials_invalid\"}")
                .isEqualTo(wrong.body());
        assertThat(unknown.headers()).isEqualTo(wrong.headers());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "[\"alice\",\"secret\"]",
                "\"alice\"",
                "1",
                "true",
                "{",
                "{}",
                "username=alice",
                "{\"username\":\"alice\"}",
                "{\"password\":\"secret\"}",
                "{\"username\":null,\"password\":\"secret\"}",
                "{\"username\":1,\"password\":\"secret\"}",
                "{\"username\":\"alice\",\"password\":[\"secret\"]}",
                "{\"username\":{\"$ne\":\"\"},\"password\":{\"$ne\":\"\"}}",
                "{\"username\":\"alice\",\"password\":1e999999999999}",
                "{\"username\":\"alice\",\"password\":\"x\",\"password\":\"secret\"}",
                "{\"username\":\"\\ud800\",\"password\":\"secret\"}",
                "\ufeff{}"
            })
    void refusesOtherBodies(String body) {
        AuthResponse response = auth.serve(Request.json("/auth/login", body));
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("{\"msg\":\"" + EXPECTED + "\",\"code\":\"request_malformed\"}");
    }

    @Test
    void passesOverMembersThatItDoesNotKnow() {
        String more = "{\"username\":\"alice\",\"password\":\"secret\",\"remember\":true,\"deep\":[[{}]]}";
        assertThat(auth.serve(Request.json("/auth/login", more)).status()).isEqualTo(200);
    }

    @Test
    void refusesEmptyCredentialsLikeWrongOnes() {
        AuthResponse response = auth.serve(Request.json("/auth/login", "{\"username\":\"\",\"password\":\"\"}"));
        assertThat(response.body()).isEqualTo("{\"msg\":\"Invalid credentials\",\"code\":\"credentials_invalid\"}");
    }

    @Test
    void refusesTenMegabytes() {
        AuthResponse response = auth.serve(Request.json("/auth/login", " ".repeat(10_000_000)));
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.body()).isEqualTo("{\"msg\":\"Request body too large\",\"code\":\"body_too_large\"}");
    }

    /** A form is what a foreign page can post without asking. */
    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "text/json", ""})
    void refusesOtherMediaTypes(String type) {
        Request request =
                Request.post("/auth/login").header("Content-Type", type).body(ALICE);
        assertThat(auth.serve(request).status()).isEqualTo(415);
        assertThat(auth.serve(Request.post("/auth/login").body(ALICE)).status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "post", "TRACE"})
    void refusesOtherMethods(String method) {
        for (String path : auth.endpoints()) {
            AuthResponse response = auth.serve(Request.json(path, ALICE).method(method));
            String taken = path.endsWith("/sessions") ? "GET" : "POST";
            assertThat(response.status()).isEqualTo(method.equals(taken) ? 401 : 405);
            if (!method.equals(taken)) {
                assertThat(response.headers()).containsEntry("Allow", List.of(taken));
            }
        }
    }

    @Test
    void loginIgnoresTokensOfTheRequest() {
        Request request = Request.json("/auth/login", ALICE).header("Authorization", "Bearer garbage");
        assertThat(auth.serve(request).status()).isEqualTo(200);
    }

    @Test
    void readsFieldsOfOtherNames() {
        Latchkey named = latchkey(b -> b.login(login.withFields("email", "pin")));
        assertThat(named.serve(Request.json("/auth/login", "{\"email\":\"alice\",\"pin\":\"secret\"}"))
                        .status())
                .isEqualTo(200);
        assertThat(named.serve(Request.json("/auth/login", ALICE)).body()).contains("'email' and 'pin'");
    }

    @Test
    void servesUnderOtherPaths() {
        Latchkey moved = latchkey(b -> b.login(login).endpoints("/api/v1").loginPath("/session"));
        assertThat(moved.endpoints())
                .containsExactly(
                        "/session",
                        "/api/v1/refresh",
                        "/api/v1/logout",
                        "/api/v1/sessions",
                        "/api/v1/sessions/end",
                        "/api/v1/sessions/end-others",
                        "/api/v1/sessions/end-all");
        assertThat(moved.serve(Request.json("/session", ALICE)).status()).isEqualTo(200);
        assertThatThrownBy(() -> moved.serve(Request.json("/auth/login", ALICE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/auth/login is none of [/session,");
    }

    @Test
    void servesOnlyWhatIsSetUp() {
        assertThat(latchkey(LatchkeyBuilder::stateless).endpoints()).containsExactly("/auth/refresh", "/auth/logout");
        assertThat(latchkey(LatchkeyBuilder::withoutEndpoints).endpoints()).isEmpty();
    }

    @Test
    void theThrottleIsAskedFirst() {
        List<String> asked = new ArrayList<>();
        Latchkey throttled = latchkey(b -> b.login(login.withThrottle((name, address) -> {
            asked.add(name + " " + address);
            return asked.size() < 2;
        })));
        assertThat(throttled.serve(Request.json("/auth/login", ALICE)).status()).isEqualTo(200);
        AuthResponse response = throttled.serve(Request.json("/auth/login", ALICE));
        assertThat(response.status()).isEqualTo(429);
        assertThat(response.body())
                .isEqualTo("{\"msg\":\"Too many attempts, try again later\",\"code\":\"too_many_attempts\"}");
        assertThat(asked).containsExactly("alice 192.0.2.1", "alice 192.0.2.1");
    }

    @Test
    void theResponseIsTheApplicationsIfItWants() {
        Latchkey own = latchkey(b -> b.login(login.withResponse(
                (user, tokens) -> AuthResponse.json(201, Map.of("token", tokens.accessToken(), "name", user))
                        .withHeader("Cache-Control", "public"))));
        AuthResponse response = own.serve(Request.json("/auth/login", ALICE));
        assertThat(response.status()).isEqualTo(201);
        assertThat(own.verify((String) json(response).get("token")).subject()).isEqualTo("alice");
        assertThat(response.headers()).containsEntry("Cache-Control", List.of("no-store"));
    }

    @Test
    void anExceptionInAnyHookIsA503WithoutItsWords() {
        IllegalStateException thrown = new IllegalStateException("jdbc:top-secret");
        List<UnaryOperator<LatchkeyBuilder>> hooks = List.of(
                b -> b.login(Login.by((name, password) -> {
                    throw thrown;
                })),
                b -> b.login(Login.by((name, password) -> null)),
                b -> b.login(Login.by((name, password) -> Optional.of(new Object()))),
                b -> b.login(login.withThrottle((name, address) -> {
                    throw thrown;
                })),
                b -> b.login(login.withResponse((user, tokens) -> {
                    throw thrown;
                })),
                b -> b.login(login.withResponse((user, tokens) -> null)),
                b -> b.login(login).claims(String.class, user -> {
                    throw thrown;
                }),
                b -> b.login(login).claims(String.class, user -> Map.of("sub", "admin")),
                b -> b.login(login).headers(String.class, user -> Map.of("alg", "none")),
                b -> b.login(login).idGenerator(() -> {
                    throw thrown;
                }));
        for (UnaryOperator<LatchkeyBuilder> hook : hooks) {
            AuthResponse response = latchkey(hook).serve(Request.json("/auth/login", ALICE));
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.headers()).containsEntry("Retry-After", List.of("5"));
            assertThat(response.body())
                    .isEqualTo("{\"msg\":\"Authentication is unavailable, try again later\",\"code\":\"unavailable\"}");
        }
    }

    @Test
    void refreshAnswersWithANewAccessTokenThatIsNotFresh() {
        String refresh = auth.issue("alice").refreshToken().orElseThrow();
        clock.advance(Duration.ofHours(1));
        AuthResponse response = auth.serve(Request.json("/auth/refresh", "{\"refresh_token\":\"" + refresh + "\"}"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(json(response).keySet().toArray())
                .containsExactly("access_token", "refresh_token", "token_type", "expires_in");
        VerifiedToken token = auth.verify((String) json(response).get("access_token"));
        assertThat(token.isFresh()).isFalse();
        assertThat(auth.serve(bearer("/auth/refresh", refresh)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"access,token_type_invalid", "expired,token_expired", "garbage,token_malformed", "revoked,token_revoked"
    })
    void refreshRefuses(String which, String code) {
        Tokens tokens = auth.issue("alice");
        String refresh = tokens.refreshToken().orElseThrow();
        String token = which.equals("garbage") ? which : which.equals("access") ? tokens.accessToken() : refresh;
        if (which.equals("revoked")) {
            auth.logout(tokens.accessToken());
        } else if (which.equals("expired")) {
            clock.advance(Duration.ofDays(30).plusSeconds(5));
        }
        AuthResponse response = auth.serve(bearer("/auth/refresh", token));
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body()).contains("\"code\":\"" + code + "\"");
    }

    @Test
    void refreshLoadsTheUserAndRunsTheClaimsHookAnew() {
        Map<String, String> plans = new HashMap<>(Map.of("alice", "free"));
        Latchkey hooked = latchkey(b -> b.userLoader(claims -> Optional.ofNullable(plans.get(claims.subject())))
                .claims(String.class, user -> Map.of("plan", user)));
        String refresh = hooked.refreshToken("alice");
        plans.put("alice", "gold");
        Tokens tokens = hooked.refresh(refresh);
        assertThat(hooked.verify(tokens.accessToken()).claims().string("plan")).hasValue("gold");
        plans.clear();
        assertThat(hooked.serve(bearer("/auth/refresh", refresh)).body()).contains("user_not_found");
    }

    @Test
    void aClosedLatchkeyServesNobody() {
        auth.close();
        assertThat(auth.serve(Request.json("/auth/login", ALICE)).status()).isEqualTo(503);
        assertThat(auth.check(Request.bearer(Forge.good()), Access.required())
                        .response()
                        .orElseThrow()
                        .status())
                .isEqualTo(503);
        assertThat(auth.check(Request.get("/x"), Access.open()).admitted()).isFalse();
    }

    private static Request bearer(String path, String token) {
        return Request.post(path).header("Authorization", "Bearer " + token);
    }

    private static Map<?, ?> json(AuthResponse response) {
        return Locations.object(Forge.utf8(response.body()), "not an object");
    }
}
