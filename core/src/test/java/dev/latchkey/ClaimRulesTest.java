package dev.latchkey;

import static dev.latchkey.AuthError.FRESH_TOKEN_REQUIRED;
import static dev.latchkey.AuthError.TOKEN_EXPIRED;
import static dev.latchkey.AuthError.TOKEN_NOT_YET_VALID;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every boundary of time, to the nanosecond. */
class ClaimRulesTest {

    private static final Duration NANO = Duration.ofNanos(1);

    private final StandingClock clock = new StandingClock();
    private final Latchkey auth = Forge.latchkey(clock).build();

    @Test
    void admitsUntilFiveSecondsAfterExpiry() {
        String token = auth.accessToken("alice", Grant.create().lifetime(Duration.ofSeconds(10)));
        clock.advance(Duration.ofSeconds(15).minus(NANO));
        assertThat(auth.verify(token).subject()).isEqualTo("alice");
        clock.advance(NANO);
        Refusal.expect(TOKEN_EXPIRED, "Token has expired", () -> auth.verify(token));
    }

    @Test
    void withoutLeewayATokenDiesAtItsExpiry() {
        Latchkey strict = Forge.latchkey(clock).leeway(Duration.ZERO).build();
        String token = Forge.withClaim("exp", Long.toString(Forge.NOW));
        Refusal.expect(TOKEN_EXPIRED, () -> strict.verify(token));
        String later = Forge.withClaim("exp", Long.toString(Forge.NOW + 2));
        assertThat(strict.verify(later).subject()).isEqualTo("alice");
    }

    @Test
    void leewayIsSettable() {
        Latchkey lenient = Forge.latchkey(clock).leeway(Duration.ofMinutes(2)).build();
        String token = Forge.withClaim("exp", Long.toString(Forge.NOW - 119));
        assertThat(lenient.verify(token).subject()).isEqualTo("alice");
        Refusal.expect(TOKEN_EXPIRED, () -> auth.verify(token));
        Refusal.expect(TOKEN_EXPIRED, () -> lenient.verify(Forge.withClaim("exp", Long.toString(Forge.NOW - 120))));
    }

    @ParameterizedTest
    @CsvSource({"iat,60", "nbf,60"})
    void admitsSixtySecondsAheadAndNoMore(String claim, long seconds) {
        assertThat(auth.verify(Forge.withClaim(claim, Long.toString(Forge.NOW + seconds)))
                        .subject())
                .isEqualTo("alice");
        Refusal.expect(
                TOKEN_NOT_YET_VALID,
                "The token is not yet valid (" + claim + ")",
                () -> auth.verify(Forge.withClaim(claim, Long.toString(Forge.NOW + seconds + 1))));
    }

    @Test
    void futureLeewayIsSettable() {
        Latchkey strict =
                Forge.latchkey(clock).futureLeeway(Duration.ofSeconds(1)).build();
        assertThat(strict.verify(Forge.good()).subject()).isEqualTo("alice");
        Refusal.expect(TOKEN_NOT_YET_VALID, () -> strict.verify(Forge.withClaim("iat", Long.toString(Forge.NOW + 2))));
    }

    @Test
    void freshnessUntilAMomentIsExact() {
        String token = auth.accessToken("alice", Grant.create().freshUntil(StandingClock.START.plusSeconds(30)));
        clock.advance(Duration.ofSeconds(30));
        assertThat(auth.verify(token, Access.fresh()).isFresh()).isTrue();
        clock.advance(NANO);
        Refusal.expect(FRESH_TOKEN_REQUIRED, "Fresh token required", () -> auth.verify(token, Access.fresh()));
        assertThat(auth.verify(token).isFresh()).isFalse();
    }

    @Test
    void maxAgeIsExact() {
        String token = auth.issue("alice").accessToken();
        Access recent = Access.required().withMaxAge(Duration.ofMinutes(5));
        clock.advance(Duration.ofMinutes(5));
        assertThat(auth.verify(token, recent).subject()).isEqualTo("alice");
        clock.advance(NANO);
        AuthException refusal = Refusal.expect(FRESH_TOKEN_REQUIRED, () -> auth.verify(token, recent));
        assertThat(refusal.challenge()).isEqualTo(", max_age=\"300\"");
        assertThat(auth.verify(token, Access.fresh()).isFresh()).isTrue();
    }

    @Test
    void loginAtAnUnknownTimeIsOlderThanAnyLimit() {
        Access recent = Access.required().withMaxAge(Duration.ofDays(10_000));
        Refusal.expect(FRESH_TOKEN_REQUIRED, () -> auth.verify(auth.accessToken("alice"), recent));
    }

    /** RFC 9470: a refresh proves nothing about the user, so the login keeps its age. */
    @Test
    void refreshKeepsTheTimeOfTheLogin() {
        Tokens tokens = auth.issue("alice");
        clock.advance(Duration.ofMinutes(10));
        Claims refreshed = auth.verify(
                        auth.refresh(tokens.refreshToken().orElseThrow()).accessToken())
                .claims();
        assertThat(refreshed.authenticatedAt()).hasValue(StandingClock.START);
        assertThat(refreshed.issuedAt()).isEqualTo(StandingClock.START.plusSeconds(600));
    }

    /** Somebody told to refresh an expired token, who then meets the next fault, was sent on a wild goose chase. */
    @Test
    void reportsAnotherFaultBeforeExpiry() {
        Map<String, AuthError> faults = Map.of(
                "aud", AuthError.AUDIENCE_INVALID,
                "iss", AuthError.ISSUER_INVALID);
        faults.forEach((claim, error) -> Refusal.expect(error, () -> auth.verify(expiredAnd(claim, "\"other\""))));
        Refusal.expect(AuthError.CLAIM_MALFORMED, () -> auth.verify(expiredAnd("sub", "1")));
        Refusal.expect(AuthError.CLAIM_MALFORMED, () -> auth.verify(expiredAnd("jti", "null")));
    }

    @Test
    void reportsExpiryBeforeTypeRevocationAndFreshness() {
        Refusal.expect(TOKEN_EXPIRED, () -> auth.verify(expiredAnd("type", "\"refresh\"")));
        Refusal.expect(TOKEN_EXPIRED, () -> auth.verify(expiredAnd("fresh", "false"), Access.fresh()));
    }

    @Test
    void anExpiredTokenShowsItsClaimsToTheRefusal() {
        AuthException refusal = Refusal.expect(TOKEN_EXPIRED, () -> auth.verify(expiredAnd("fresh", "true")));
        assertThat(refusal.claims().map(Claims::subject)).hasValue("alice");
    }

    private static String expiredAnd(String claim, String json) {
        Map<String, String> claims = Forge.claims();
        claims.put("exp", Long.toString(Forge.NOW - 3600));
        claims.put(claim, json);
        return Forge.token(Forge.HEADER, Forge.payload(claims));
    }

    @Test
    void refusesTokensThatLackARequiredClaim() {
        Latchkey strict = Forge.latchkey(clock)
                .requiredClaims("tenant", "nbf")
                .notBefore(Duration.ZERO)
                .build();
        Refusal.expect(
                AuthError.CLAIM_MISSING,
                "Token is missing the \"tenant\" claim",
                () -> strict.verify(Forge.withClaim("nbf", "1")));
        Refusal.expect(
                AuthError.CLAIM_MISSING,
                "Token is missing the \"nbf\" claim",
                () -> strict.verify(Forge.withClaim("tenant", "1")));
        String token = strict.accessToken("alice", Grant.create().claim("tenant", "acme"));
        assertThat(strict.verify(token).claims().string("tenant")).isEqualTo(Optional.of("acme"));
    }

    @Test
    void acceptsAnyOfSeveralAudiences() {
        Latchkey two = Forge.latchkey(clock).audience("web", "app").build();
        assertThat(two.verify(Forge.withClaim("aud", "\"app\"")).subject()).isEqualTo("alice");
        Refusal.expect(AuthError.AUDIENCE_INVALID, () -> two.verify(Forge.good()));
        Latchkey other = Forge.latchkey(clock)
                .audience("web")
                .acceptedAudience("api", "notes")
                .build();
        assertThat(other.verify(Forge.good()).subject()).isEqualTo("alice");
        Refusal.expect(AuthError.AUDIENCE_INVALID, () -> other.verify(other.accessToken("alice")));
    }
}
