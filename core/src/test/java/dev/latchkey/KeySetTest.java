package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeySetTest {

    private static final byte[] NEW = "the newer of two secrets, 32 byte".getBytes(StandardCharsets.US_ASCII);

    private final StandingClock clock = new StandingClock();
    private final JwtKey older = Forge.KEY.withId("2026-05");
    private final JwtKey newer = JwtKey.hs256(NEW).withId("2026-11");

    @Test
    void aRotationLogsNobodyOut() {
        String before = latchkey(KeySet.of(older)).accessToken("alice");
        Latchkey rotated = latchkey(KeySet.of(newer, older));
        assertThat(rotated.verify(before).subject()).isEqualTo("alice");

        String after = rotated.accessToken("alice");
        assertThat(rotated.parseUnverified(after).header()).containsEntry("kid", "2026-11");
        assertThat(rotated.verify(after).subject()).isEqualTo("alice");

        Latchkey withdrawn = latchkey(KeySet.of(newer));
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> withdrawn.verify(before));
        assertThat(withdrawn.verify(after).subject()).isEqualTo("alice");
    }

    @Test
    void theKeyIdDecidesWhichKeyIsTried() {
        Latchkey auth = latchkey(KeySet.of(newer, older));
        String mislabelled = Forge.withHeader("{\"alg\":\"HS256\",\"kid\":\"2026-11\"}");
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.verify(mislabelled));
        String labelled = Forge.withHeader("{\"alg\":\"HS256\",\"kid\":\"2026-05\"}");
        assertThat(auth.verify(labelled).subject()).isEqualTo("alice");
    }

    @Test
    void triesEveryKeyForATokenWithoutKeyId() {
        assertThat(latchkey(KeySet.of(newer, older)).verify(Forge.good()).subject())
                .isEqualTo("alice");
    }

    @Test
    void aKeyWithoutIdNeverAnswersToOne() {
        String token = Forge.withHeader("{\"alg\":\"HS256\",\"kid\":\"2026-05\"}");
        Refusal.expect(
                AuthError.KEY_UNKNOWN, () -> latchkey(KeySet.of(Forge.KEY)).verify(token));
    }

    /** Two algorithms in force never lend each other a key. */
    @Test
    void keepsEachKeyToItsAlgorithm() {
        byte[] longSecret = "a secret of sixty-four bytes for the strongest of hashes, HS512!!!"
                .getBytes(StandardCharsets.US_ASCII);
        Latchkey auth = latchkey(KeySet.of(JwtKey.hs512(longSecret), Forge.KEY));
        assertThat(auth.verify(Forge.good()).subject()).isEqualTo("alice");
        assertThat(auth.verify(auth.accessToken("alice")).claims().header()).containsEntry("alg", "HS512");

        String crossed = Forge.token(
                Forge.utf8(Forge.HEADER), Forge.utf8(Forge.payload(Forge.claims())), "HmacSHA256", longSecret);
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.verify(crossed));
        String other = Forge.withHeader("{\"alg\":\"HS384\"}");
        Refusal.expect(AuthError.ALGORITHM_NOT_ALLOWED, () -> auth.verify(other));
    }

    @Test
    void refusesTwoKeysOfOneId() {
        assertThatThrownBy(() -> KeySet.of(newer.withId("a"), older.withId("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two keys bear the id a");
    }

    @Test
    void refusesTheSameSecretTwice() {
        assertThatThrownBy(() -> KeySet.of(older, newer, Forge.KEY.withId("b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the same key is listed twice: JwtKey[HS256, b]");
    }

    private Latchkey latchkey(KeySet keys) {
        return Latchkey.builder().issuer("notes").keys(keys).clock(clock).build();
    }
}
