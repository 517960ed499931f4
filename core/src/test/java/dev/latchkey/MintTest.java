package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens to the byte. */
class MintTest {

    private static final long NOW = Forge.NOW;

    private final StandingClock clock = new StandingClock();
    private final Iterator<String> ids =
            List.of("sid-1", "jti-1", "jti-2", "jti-3").iterator();
    private final Latchkey auth = Forge.latchkey(clock).idGenerator(ids::next).build();

    @Test
    void writesHeaderAndClaimsOfALogin() {
        Tokens tokens = auth.issue("alice");
        String times = "\"iat\":" + NOW + ",\"exp\":";
        String refresh = tokens.refreshToken().orElseThrow();
        assertThat(header(refresh)).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
        assertThat(payload(refresh))
                .isEqualTo("{\"iss\":\"notes\",\"sub\":\"alice\",\"aud\":\"notes\"," + times + (NOW + 30 * 86400)
                        + ",\"jti\":\"jti-1\",\"type\":\"refresh\",\"fresh\":false,\"auth_time\":" + NOW
                        + ",\"sid\":\"sid-1\"}");
        assertThat(payload(tokens.accessToken()))
                .isEqualTo("{\"iss\":\"notes\",\"sub\":\"alice\",\"aud\":\"notes\"," + times + (NOW + 900)
                        + ",\"jti\":\"jti-2\",\"type\":\"access\",\"fresh\":true,\"auth_time\":" + NOW
                        + ",\"sid\":\"sid-1\"}");
        assertThat(tokens.issuedAt()).isEqualTo(StandingClock.START);
        assertThat(tokens.accessExpiresAt()).isEqualTo(StandingClock.START.plusSeconds(900));
    }

    @Test
    void anAccessTokenByItselfHasNoSessionAndIsNotFresh() {
        assertThat(payload(auth.accessToken("alice")))
                .isEqualTo("{\"iss\":\"notes\",\"sub\":\"alice\",\"aud\":\"notes\",\"iat\":" + NOW + ",\"exp\":"
                        + (NOW + 900) + ",\"jti\":\"sid-1\",\"type\":\"access\",\"fresh\":false}");
    }

    @Test
    void aRefreshTokenIsNeverFresh() {
        String token = auth.refreshToken("alice", Grant.create().fresh(true));
        assertThat(auth.verify(token, Access.refresh()).isFresh()).isFalse();
        assertThat(auth.verify(token, Access.refresh()).expiresAt())
                .isEqualTo(StandingClock.START.plus(Duration.ofDays(30)));
    }

    @Test
    void writesFreshnessAsTheGrantSays() {
        assertThat(payload(auth.accessToken("alice", Grant.create().fresh(true))))
                .endsWith("\"fresh\":true,\"auth_time\":" + NOW + "}");
        assertThat(payload(auth.accessToken("alice", Grant.create().freshUntil(Instant.ofEpochSecond(NOW + 60, 5)))))
                .endsWith("\"fresh\":" + (NOW + 60) + "}");
        assertThat(payload(auth.accessToken("alice", Grant.create().authenticatedAt(Instant.ofEpochSecond(NOW - 9)))))
                .endsWith("\"auth_time\":" + (NOW - 9) + "}");
    }

    @Test
    void writesKeyIdNotBeforeAndAudiences() {
        Latchkey full = Latchkey.builder()
                .issuer("notes")
                .key(Forge.KEY.withId("2026-11"))
                .clock(clock)
                .audience("web", "app")
                .notBefore(Duration.ofSeconds(30))
                .idGenerator(() -> "x")
                .build();
        String token = full.accessToken("alice", Grant.create().header("tenant", 7));
        assertThat(header(token)).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"2026-11\",\"tenant\":7}");
        assertThat(payload(token))
                .contains("\"aud\":[\"web\",\"app\"],\"iat\":" + NOW + ",\"nbf\":" + (NOW + 30) + ",\"exp\":");
    }

    @Test
    void writesNoNotBeforeUnlessAsked() {
        assertThat(auth.parseUnverified(auth.accessToken("alice")).claims()).doesNotContainKey("nbf");
    }

    @Test
    void truncatesIssuedAtAndRoundsLifetimesUp() {
        clock.advance(Duration.ofMillis(999));
        Claims claims = auth.verify(auth.accessToken("alice", Grant.create().lifetime(Duration.ofMillis(1001))))
                .claims();
        assertThat(claims.issuedAt()).isEqualTo(StandingClock.START);
        assertThat(claims.expiresAt()).isEqualTo(StandingClock.START.plusSeconds(2));
    }

    @Test
    void makesTokensOfAnyType() {
        String invite = auth.token("invite", "bob@example.org", Grant.create().lifetime(Duration.ofDays(3)));
        assertThat(auth.verify(invite, Access.type("invite")).expiresAt())
                .isEqualTo(StandingClock.START.plus(Duration.ofDays(3)));
        Refusal.expect(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(invite));
        assertThatThrownBy(() -> auth.token(" ", "bob", Grant.create()))
                .hasMessage("the type of a token must not be blank");
    }

    private record Person(long id) {}

    @Test
    void tellsTheSubjectOfAUserByItsHook() {
        Latchkey people = Forge.latchkey(clock)
                .identity(Person.class, person -> Long.toString(person.id()))
                .build();
        assertThat(people.verify(people.accessToken(new Person(0))).subject()).isEqualTo("0");
        assertThat(people.verify(people.accessToken("0")).subject()).isEqualTo("0");
        assertThatThrownBy(() -> people.accessToken(7))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("identity(Person.class, …) was given a java.lang.Integer");
    }

    @Test
    void refusesAUserWithoutIdentity() {
        assertThatThrownBy(() -> auth.accessToken(new Person(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tell who that is with identity(Person.class, …)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void refusesBlankSubjects(String subject) {
        assertThatThrownBy(() -> auth.accessToken(subject)).hasMessage("the subject of a token must not be blank");
    }

    @Test
    void refusesSubjectsThatHaveNoUtf8() {
        assertThatThrownBy(() -> auth.accessToken("a\ud800")).hasMessageContaining("lone surrogate");
    }

    @Test
    void refusesIdentityHooksThatReturnNull() {
        Latchkey broken =
                Forge.latchkey(clock).identity(Person.class, person -> null).build();
        assertThatThrownBy(() -> broken.accessToken(new Person(1))).hasMessage("identity(…) returned null");
    }

    @Test
    void refusesIdGeneratorsThatReturnNothing() {
        Latchkey broken = Forge.latchkey(clock).idGenerator(() -> null).build();
        assertThatThrownBy(() -> broken.accessToken("alice"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("idGenerator(…) returned no id");
        assertThatThrownBy(() -> broken.issue("alice")).hasMessageContaining("idGenerator(…) returned no id");
        Latchkey blank = Forge.latchkey(clock).idGenerator(() -> " ").build();
        assertThatThrownBy(() -> blank.issue("alice")).hasMessageContaining("idGenerator(…) returned no id");
    }

    @Test
    void refusesTokensThatNobodyWouldAccept() {
        assertThatThrownBy(() -> auth.accessToken("alice", Grant.create().claim("x", "x".repeat(8192))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 8192 are accepted: put fewer or shorter claims into it");
    }

    @Test
    void refusesTokensThatLackARequiredClaim() {
        Latchkey strict = Forge.latchkey(clock).requiredClaims("tenant").build();
        assertThatThrownBy(() -> strict.accessToken("alice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lacks the required claim 'tenant'");
    }

    @Test
    void runsTheClaimsHookOnceForAPair() {
        int[] calls = {0};
        Latchkey counted = Forge.latchkey(clock)
                .claims(String.class, subject -> Map.of("call", ++calls[0]))
                .build();
        Tokens tokens = counted.issue("alice");
        assertThat(counted.verify(tokens.accessToken()).claims().number("call")).hasValue(1);
        assertThat(counted.verify(tokens.refreshToken().orElseThrow(), Access.refresh())
                        .claims()
                        .number("call"))
                .hasValue(1);
        assertThat(counted.verify(counted.refresh(tokens.refreshToken().orElseThrow())
                                .accessToken())
                        .claims()
                        .number("call"))
                .hasValue(2);
    }

    @Test
    void neverShowsATokenInText() {
        Tokens tokens = auth.issue("alice");
        assertThat(tokens).hasToString("Tokens[until 2026-11-21T12:15:00Z]");
        assertThat(auth.verify(tokens.accessToken())).hasToString("VerifiedToken[access, jti=jti-2]");
        assertThat(auth.verify(tokens.accessToken()).claims())
                .hasToString("Claims[iss, sub, aud, iat, exp, jti, type, fresh, auth_time, sid]");
    }

    private static String header(String token) {
        return part(token, 0);
    }

    private static String payload(String token) {
        return part(token, 1);
    }

    private static String part(String token, int index) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[index]), StandardCharsets.UTF_8);
    }
}
