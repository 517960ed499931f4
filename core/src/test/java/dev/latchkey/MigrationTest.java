package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of the Python libraries under the same secret, each leniency by itself. */
class MigrationTest {

    private static final Instant END = StandingClock.START.plus(Duration.ofDays(30));

    private final StandingClock clock = new StandingClock();

    private static Migration none() {
        return Migration.until(END);
    }

    private static Migration all() {
        return none().withoutIssuer()
                .withoutAudience()
                .withoutType()
                .withoutId()
                .withoutExpiry()
                .withIdentityClaim()
                .withUserClaims()
                .withNumberAsSubject();
    }

    private Latchkey latchkey(Migration migration) {
        return Forge.latchkey(clock).migration(migration).build();
    }

    private static String token(Object... claims) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < claims.length; i += 2) {
            all.put((String) claims[i], claims[i + 1]);
        }
        return Forge.token(Forge.HEADER, Json.write(all));
    }

    /** Issued a week ago, long before this process. */
    private static String flaskJwt() {
        return token("exp", Forge.NOW + 300, "iat", Forge.NOW - 604_800, "nbf", Forge.NOW - 604_800, "identity", 7);
    }

    private static String flaskJwtExtended() {
        return token(
                "fresh",
                false,
                "iat",
                Forge.NOW - 604_800,
                "jti",
                "1",
                "type",
                "access",
                "sub",
                "alice",
                "nbf",
                Forge.NOW - 604_800,
                "exp",
                Forge.NOW + 300,
                "role",
                "admin");
    }

    private static String quartJwtExtended() {
        return token(
                "iat",
                Forge.NOW - 60,
                "nbf",
                Forge.NOW - 60,
                "jti",
                "2",
                "exp",
                Forge.NOW + 300,
                "identity",
                "alice",
                "fresh",
                true,
                "type",
                "access",
                "user_claims",
                Map.of("role", "admin", "sub", "root", "iss", "evil"));
    }

    @Test
    void nothingIsAcceptedUnlessItIsNamed() {
        for (String token : List.of(flaskJwt(), flaskJwtExtended(), quartJwtExtended())) {
            assertThatThrownBy(() -> Forge.latchkey(clock).build().verify(token))
                    .isInstanceOf(AuthException.class);
            assertThatThrownBy(() -> latchkey(none()).verify(token)).isInstanceOf(AuthException.class);
        }
    }

    @Test
    void acceptsWhatFlaskJwtExtendedIssues() {
        VerifiedToken token = latchkey(none().withoutIssuer().withoutAudience()).verify(flaskJwtExtended());
        assertThat(token.subject()).isEqualTo("alice");
        assertThat(token.claims().string("role")).contains("admin");
        assertThat(token.claims().issuer()).isEqualTo("notes");
    }

    @Test
    void acceptsWhatQuartJwtExtendedIssues() {
        VerifiedToken token = latchkey(none().withoutIssuer()
                        .withoutAudience()
                        .withIdentityClaim()
                        .withUserClaims())
                .verify(quartJwtExtended());
        assertThat(token.subject()).isEqualTo("alice");
        assertThat(token.claims().string("role")).contains("admin");
        assertThat(token.claims().issuer()).isEqualTo("notes");
    }

    @Test
    void acceptsWhatFlaskJwtIssues() {
        VerifiedToken token = latchkey(all()).verify(flaskJwt());
        assertThat(token.subject()).isEqualTo("7");
        assertThat(token.type()).isEqualTo("access");
    }

    private static Map<String, UnaryOperator<Migration>> leniencies() {
        Map<String, UnaryOperator<Migration>> all = new LinkedHashMap<>();
        all.put("iss", Migration::withoutIssuer);
        all.put("aud", Migration::withoutAudience);
        all.put("type", Migration::withoutType);
        all.put("jti", Migration::withoutId);
        all.put("exp", Migration::withoutExpiry);
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "type", "jti", "exp"})
    void eachLeniencyExcusesItsClaimAlone(String claim) {
        Map<String, String> claims = new LinkedHashMap<>(Forge.claims());
        claims.remove(claim);
        String lacking = Forge.token(Forge.HEADER, Forge.payload(claims));
        leniencies().forEach((name, leniency) -> {
            Latchkey auth = latchkey(leniency.apply(none()));
            if (name.equals(claim)) {
                assertThat(auth.verify(lacking).subject()).isEqualTo("alice");
            } else {
                Refusal.expect(AuthError.CLAIM_MISSING, () -> auth.verify(lacking));
            }
        });
    }

    /** Lacking is not the same as wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "type", "jti", "exp", "sub"})
    void whatIsThereMustStillBeRight(String claim) {
        Map<String, String> claims = new LinkedHashMap<>(Forge.claims());
        claims.put(claim, claim.equals("sub") ? "true" : "\"another\"");
        claims.replace("type", "\"another\"", "\"refresh\"");
        claims.replace("jti", "\"another\"", "\"\"");
        String wrong = Forge.token(Forge.HEADER, Forge.payload(claims));
        assertThatThrownBy(() -> latchkey(all()).verify(wrong)).isInstanceOf(AuthException.class);
    }

    @Test
    void itEndsOnItsDay() {
        Latchkey auth = latchkey(all());
        String token = token("iat", Forge.NOW, "identity", "alice");
        clock.advance(Duration.ofDays(30).minusSeconds(1));
        assertThat(auth.verify(token).subject()).isEqualTo("alice");
        clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> auth.verify(token)).isInstanceOf(AuthException.class);
    }

    @Test
    void aTokenWithoutIdCanBeRevoked() {
        Latchkey auth = latchkey(all());
        auth.revoke(auth.verify(flaskJwt()));
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(flaskJwt()));
        assertThat(auth.verify(quartJwtExtended()).subject()).isEqualTo("alice");
    }

    @Test
    void anEndOfAllTokensEndsTheOlderOnesToo() {
        Latchkey auth = latchkey(all());
        assertThat(auth.verify(flaskJwtExtended()).subject()).isEqualTo("alice");
        auth.revokeAll("alice");
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(flaskJwtExtended()));
    }

    @Test
    void everyLeniencyIsWarnedOf() {
        assertThat(all().warnings("", clock.instant()))
                .hasSize(8)
                .allMatch(warning -> warning.startsWith("until 2026-12-21T12:00:00Z older tokens may differ"));
        assertThat(none().warnings("", END)).singleElement().asString().contains("the migration ended at");
    }
}
