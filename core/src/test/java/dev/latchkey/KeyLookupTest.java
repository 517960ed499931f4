package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that the application finds by what a token says of itself. */
class KeyLookupTest {

    private final Provider provider = new Provider();
    private final JwtKey own = JwtKey.generate("EdDSA").withId("own");
    private final List<UnverifiedToken> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        provider.close();
    }

    private Latchkey latchkey(Function<UnverifiedToken, Optional<JwtKey>> lookup) throws InterruptedException {
        Latchkey auth = provider.trusting(provider.keys().withLookup(token -> {
            asked.add(token);
            return lookup.apply(token);
        }));
        assertThat(provider.next()).isEqualTo("changed [theirs]");
        return auth;
    }

    @Test
    void findsAKeyByHeaderAndClaimsThatNobodyVerified() throws Exception {
        Latchkey auth = latchkey(token -> Optional.of(own));
        assertThat(auth.verify(Provider.token(own)).subject()).isEqualTo("alice");
        assertThat(asked).singleElement().satisfies(token -> {
            assertThat(token.header()).containsEntry("kid", "own").containsEntry("alg", "EdDSA");
            assertThat(token.claims()).containsEntry("iss", Provider.NAME).containsEntry("sub", "alice");
        });
    }

    @Test
    void isAskedOnlyWhereTheSetDoesNotHoldTheId() throws Exception {
        Latchkey auth = latchkey(token -> Optional.of(own));
        assertThat(provider.passes(auth)).isTrue();
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.verify(Provider.token("theirs", own)));
        assertThat(asked).isEmpty();
    }

    @Test
    void isAskedForATokenWithoutIdAndTheSetIsTriedAfterIt() throws Exception {
        Map<String, Object> header = Map.of("alg", "EdDSA", "typ", "at+jwt");
        Latchkey finds = latchkey(token -> Optional.of(own));
        assertThat(finds.verify(Provider.token(header, own)).subject()).isEqualTo("alice");
        assertThat(asked).hasSize(1);
        Latchkey findsNone = latchkey(token -> Optional.empty());
        assertThat(findsNone.verify(Provider.token(header, Provider.KEY)).subject())
                .isEqualTo("alice");
    }

    @Test
    void findingNoneRefusesTheToken() throws Exception {
        Latchkey auth = latchkey(token -> Optional.empty());
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(Provider.token(own)));
    }

    @Test
    void whatIsThrownAndNullAreOutages() throws Exception {
        Latchkey throwing = latchkey(token -> {
            throw new IllegalStateException("no database");
        });
        Refusal.expect(AuthError.UNAVAILABLE, () -> throwing.verify(Provider.token(own)));
        assertThat(provider.passes(throwing)).isTrue();
        Latchkey nothing = latchkey(token -> null);
        Refusal.expect(AuthError.UNAVAILABLE, () -> nothing.verify(Provider.token(own)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\0b", "a b", "é", "../../key\u007f", "\u202e"})
    void isNotAskedForAnIdThatIsNoName(String kid) throws Exception {
        Latchkey auth = latchkey(token -> Optional.of(own));
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(Provider.token(kid, own)));
        assertThat(asked).isEmpty();
    }

    @Test
    void isNotAskedForALongId() throws Exception {
        Latchkey auth = latchkey(token -> Optional.of(own));
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(Provider.token("k".repeat(257), own)));
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(Provider.token("k".repeat(5_000), own)));
        Refusal.expect(AuthError.TOKEN_MALFORMED, () -> auth.verify(Provider.token("k".repeat(10_240), own)));
        assertThat(asked).isEmpty();
        assertThat(auth.verify(Provider.token("k".repeat(256), own)).subject()).isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "", "eddsa", "HS1", "RSA-OAEP", "dir"})
    void isNotAskedForAnAlgorithmThatIsNone(String algorithm) throws Exception {
        Latchkey auth = latchkey(token -> Optional.of(own));
        Map<String, Object> header = Map.of("alg", algorithm, "typ", "at+jwt", "kid", "own");
        Refusal.expect(AuthError.ALGORITHM_NOT_ALLOWED, () -> auth.verify(Provider.token(header, own)));
        assertThat(asked).isEmpty();
    }

    /** The public key as the secret of an HMAC is the oldest of these attacks (RFC 8725 section 2.1). */
    @Test
    void aKeyOfAnotherAlgorithmVerifiesNothing() throws Exception {
        Latchkey auth = latchkey(token -> Optional.of(own));
        JwtKey asSecret = JwtKey.hs256(own.publicKey().getEncoded()).withId("own");
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.verify(Provider.token(asSecret)));
        Map<String, Object> lies = Map.of("alg", "ES256", "typ", "at+jwt", "kid", "own");
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.verify(Provider.token(lies, own)));
    }

    @Test
    void mayBlockUnlessItPromisesNotTo() throws Exception {
        Latchkey blocking = provider.trusting(provider.keys().withLookup(token -> Optional.of(own)));
        assertThat(provider.next()).startsWith("changed");
        assertThat(blocks(blocking, own)).isTrue();
        assertThat(blocks(blocking, Provider.KEY)).isFalse();
        Latchkey swift =
                provider.trusting(provider.keys().withLookup(LatchkeyBuilder.nonBlocking(token -> Optional.of(own))));
        assertThat(provider.next()).startsWith("changed");
        assertThat(blocks(swift, own)).isFalse();
    }

    private static boolean blocks(Latchkey auth, JwtKey key) {
        return auth.blocks(Request.bearer(Provider.token(key)), Access.required());
    }

    @Test
    void worksWithoutASet() {
        Latchkey auth = provider.trusting(
                KeySet.lookup(token -> "own".equals(token.header().get("kid")) ? Optional.of(own) : Optional.empty()));
        assertThat(auth.verify(Provider.token(own)).subject()).isEqualTo("alice");
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> provider.passes(auth));
    }
}
