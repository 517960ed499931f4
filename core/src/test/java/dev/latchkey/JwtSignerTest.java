package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures that are made elsewhere. */
class JwtSignerTest {

    private final StandingClock clock = new StandingClock();

    private static byte[] sign(String jca, KeyPair pair, byte[] bytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(jca);
        signature.initSign(pair.getPrivate());
        signature.update(bytes);
        return signature.sign();
    }

    /** A key management service gives a signature on a curve in DER. */
    @ParameterizedTest
    @CsvSource({
        "ES256, SHA256withECDSA",
        "ES256, SHA256withECDSAinP1363Format",
        "ES384, SHA384withECDSA",
        "ES512, SHA512withECDSA",
        "EdDSA, Ed25519",
        "RS256, SHA256withRSA"
    })
    void signsWhereTheKeyLies(String algorithm, String jca) {
        KeyPair pair = PublicKeys.generate(Algorithm.of(algorithm));
        JwtKey key = JwtKey.signer(algorithm, pair.getPublic(), bytes -> sign(jca, pair, bytes));
        Latchkey auth = Forge.latchkey(clock).key(key).build();
        assertThat(key.id()).isEqualTo(JwtKey.of(algorithm, pair).id());
        for (int i = 0; i < 20; i++) {
            assertThat(auth.verify(auth.accessToken("alice")).subject()).isEqualTo("alice");
        }
        assertThat(auth.endpoints()).contains("/auth/jwks.json");
    }

    @Test
    void aSignerOfAnotherKeyIsFoundAtTheStart() {
        KeyPair pair = PublicKeys.generate(Algorithm.EDDSA);
        KeyPair other = PublicKeys.generate(Algorithm.EDDSA);
        assertThatThrownBy(() -> JwtKey.signer("EdDSA", pair.getPublic(), bytes -> sign("Ed25519", other, bytes)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("makes signatures that its public key does not verify");
    }

    @Test
    void aSignerThatFailsRefusesTheLogin() {
        KeyPair pair = PublicKeys.generate(Algorithm.EDDSA);
        AtomicBoolean gone = new AtomicBoolean();
        JwtKey key = JwtKey.signer("EdDSA", pair.getPublic(), bytes -> {
            if (gone.get()) {
                throw new java.io.IOException("no route to the service");
            }
            return sign("Ed25519", pair, bytes);
        });
        Latchkey auth = Forge.latchkey(clock).key(key).build();
        String token = auth.accessToken("alice");
        gone.set(true);
        Refusal.expect(AuthError.UNAVAILABLE, () -> auth.accessToken("alice"));
        assertThat(auth.verify(token).subject()).isEqualTo("alice");
    }

    /** A renewal of a cookie signs within a check. */
    @Test
    void countsAsBlockingWhereAChecksSigns() {
        KeyPair pair = PublicKeys.generate(Algorithm.EDDSA);
        JwtKey key = JwtKey.signer("EdDSA", pair.getPublic(), bytes -> sign("Ed25519", pair, bytes));
        LatchkeyBuilder builder = Forge.latchkey(clock).key(key);
        assertThat(builder.build().blocks(Request.get("/"), Access.required())).isFalse();
        builder.cookies(Cookies.create().renewal(Duration.ofMinutes(5)));
        assertThat(builder.build().blocks(Request.get("/"), Access.required())).isTrue();
    }
}
