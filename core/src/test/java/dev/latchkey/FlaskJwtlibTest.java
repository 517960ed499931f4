package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an application that only verified tokens, with a key that it was given or fetched, finds here. */
class FlaskJwtlibTest {

    private static final JwtKey KEY = JwtKey.generate("EdDSA").withId("1");
    private static final JwtKey NEXT = JwtKey.generate("EdDSA").withId("2");

    private final StandingClock clock = new StandingClock();
    private final KeyHost host = new KeyHost().publishes(KEY);

    @AfterEach
    void close() {
        host.close();
    }

    private Latchkey verifying(KeySet keys) {
        return Forge.latchkey(clock)
                .trust(Issuer.of("ids").keys(keys).audience("notes").accessTokenClaim("type", "access"))
                .build();
    }

    private String signedBy(JwtKey key) {
        String kid = key.id().orElseThrow();
        return KeyHost.signed(
                key,
                "{\"alg\":\"EdDSA\",\"kid\":\"" + kid + "\"}",
                Json.write(Map.of(
                        "iss", "ids",
                        "sub", "alice",
                        "aud", "notes",
                        "type", "access",
                        "exp", clock.instant().getEpochSecond() + 300)));
    }

    private void admits(Latchkey auth, JwtKey key) {
        assertThat(auth.verify(signedBy(key)).subject()).isEqualTo("alice");
    }

    @Test
    void aPermanentKeyIsNeverFetched() {
        Latchkey auth = verifying(KeySet.of(JwtKey.verifying("EdDSA", Objects.requireNonNull(KEY.publicKey()))));
        admits(auth, KEY);
        clock.advance(Duration.ofDays(400));
        admits(auth, KEY);
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.verify(signedBy(NEXT)));
        assertThat(host.fetches()).isZero();
    }

    @Test
    void aFetchedKeyCountsForFiveMinutes() {
        Latchkey auth = verifying(KeySet.remote(host.jwks()));
        admits(auth, KEY);
        clock.advance(Duration.ofMinutes(4).minusNanos(1));
        admits(auth, KEY);
        assertThat(host.fetches()).isLessThanOrEqualTo(2); // beside the start, and for the first token
        host.publishes(NEXT);
        clock.advance(Duration.ofMinutes(1).plusNanos(1));
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(signedBy(KEY)));
        admits(auth, NEXT);
    }

    @Test
    void theTimeIsSettable() {
        Latchkey auth = verifying(KeySet.remote(host.jwks()).cachedFor(Duration.ofHours(1)));
        admits(auth, KEY);
        clock.advance(Duration.ofMinutes(47));
        admits(auth, KEY);
        assertThat(host.fetches()).isLessThanOrEqualTo(2);
        host.publishes(NEXT);
        clock.advance(Duration.ofMinutes(13));
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(signedBy(KEY)));
        admits(auth, NEXT);
    }

    @Test
    void theLastGoodKeysSurviveAnOutage() {
        Latchkey auth = verifying(KeySet.remote(host.jwks()));
        admits(auth, KEY);
        host.answers(500, "");
        clock.advance(Duration.ofMinutes(5));
        admits(auth, KEY);
        clock.advance(Duration.ofHours(1));
        Refusal.expect(AuthError.UNAVAILABLE, () -> auth.verify(signedBy(KEY)));
    }

    @Test
    void theApplicationFindsTheKey() {
        List<Object> asked = new ArrayList<>();
        Latchkey auth = verifying(KeySet.lookup(token -> {
            asked.add(token.claims().get("sub"));
            return "1".equals(token.header().get("kid")) ? Optional.of(KEY) : Optional.empty();
        }));
        admits(auth, KEY);
        assertThat(asked).containsExactly("alice");
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(signedBy(NEXT)));
    }

    @Test
    void aKeyThatWasFoundStillHasItsOneAlgorithm() {
        JwtKey secret = JwtKey.hs256("an example of thirty-two bytes!!");
        Latchkey auth = verifying(KeySet.lookup(token -> Optional.of(secret)));
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.verify(signedBy(KEY)));
    }

    @Test
    void aLookupThatFailsIsAnOutage() {
        Latchkey auth = verifying(KeySet.lookup(token -> {
            throw new IllegalStateException("the directory is gone");
        }));
        Refusal.expect(AuthError.UNAVAILABLE, () -> auth.verify(signedBy(KEY)));
    }

    @Test
    void keysThatAreHeldComeBeforeTheLookup() {
        List<Object> asked = new ArrayList<>();
        Latchkey auth = verifying(KeySet.of(KEY).withLookup(token -> {
            asked.add(token.header().get("kid"));
            return Optional.of(NEXT);
        }));
        admits(auth, KEY);
        assertThat(asked).isEmpty();
        admits(auth, NEXT);
        assertThat(asked).containsExactly("2");
    }

    @Test
    void anotherSchemeLeavesTheQueryToDecide_aBrokenOneDoesNot() {
        Latchkey auth = Forge.latchkey(clock)
                .locations(TokenLocation.HEADER, TokenLocation.QUERY)
                .queryParameter("access_token", "")
                .build();
        Request request = Request.get("/x?access_token=" + auth.accessToken("alice"));
        assertThat(auth.check(request.header("Authorization", "Basic YTpi"), Access.required())
                        .admitted())
                .isTrue();
        assertThat(auth.check(request.header("Authorization", "Bearer"), Access.required())
                        .admitted())
                .isFalse();
    }

    @Test
    void anOlderTokenMayNameItsSubjectAsIdentityForATime() {
        String old = Forge.token(
                Forge.HEADER,
                "{\"iss\":\"notes\",\"aud\":\"notes\",\"jti\":\"1\",\"type\":\"access\",\"iat\":" + Forge.NOW
                        + ",\"exp\":" + (Forge.NOW + 9000) + ",\"identity\":\"alice\"}");
        Latchkey auth = Forge.latchkey(clock)
                .migration(Migration.until(clock.instant().plusSeconds(60)).withIdentityClaim())
                .build();
        assertThat(auth.verify(old).subject()).isEqualTo("alice");
        Refusal.expect(
                AuthError.CLAIM_MISSING, () -> Forge.latchkey(clock).build().verify(old));
        clock.advance(Duration.ofSeconds(60));
        Refusal.expect(AuthError.CLAIM_MISSING, () -> auth.verify(old));
    }
}
