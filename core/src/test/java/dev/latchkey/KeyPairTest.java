package dev.latchkey;

import static dev.latchkey.AuthError.ALGORITHM_NOT_ALLOWED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of two halves: what they sign, what they are, and what of them is refused. */
class KeyPairTest {

    private static final String CLAIMS = Forge.payload(Forge.claims());

    private final StandingClock clock = new StandingClock();

    private Latchkey latchkey(JwtKey key) {
        return Latchkey.builder()
                .issuer("notes")
                .key(key)
                .clock(clock)
                .stateless()
                .build();
    }

    /** RFC 9864 names what RFC 8037 left open. */
    @Test
    void ed25519GoesByBothNames() {
        KeyPair pair = AllKeys.pair("EdDSA");
        JwtKey key = JwtKey.of("Ed25519", pair);
        assertThat(key.algorithm()).isEqualTo("EdDSA");
        Latchkey auth = latchkey(key);
        String signed = Jws.sign(java.util.Map.of("alg", "Ed25519"), claims(), key);
        assertThat(auth.verify(signed).subject()).isEqualTo("alice");
        assertThat(auth.parseUnverified(auth.accessToken("alice")).header()).containsEntry("alg", "EdDSA");
    }

    private static java.util.Map<String, ?> claims() {
        return Locations.object(CLAIMS.getBytes(StandardCharsets.UTF_8), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256", "HS256", "ES256", "none", "EdDSA"})
    void aKeyIsBoundToOneAlgorithm(String other) {
        JwtKey key = JwtKey.of("RS256", AllKeys.pair("RS256"));
        String token = Jws.sign(java.util.Map.of("alg", other), claims(), key);
        Refusal.expect(ALGORITHM_NOT_ALLOWED, () -> latchkey(key).verify(token));
    }

    @Test
    void halvesMustBelongTogether() {
        for (String algorithm : List.of("RS256", "PS256", "ES256", "EdDSA")) {
            KeyPair mixed = new KeyPair(
                    AllKeys.pair(algorithm).getPublic(),
                    AllKeys.otherPair(algorithm).getPrivate());
            assertThatThrownBy(() -> JwtKey.of(algorithm, mixed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the private key for " + algorithm + " does not belong to the public key");
        }
    }

    @Test
    void aPublicKeyVerifiesAndNeverSigns() {
        KeyPair old = AllKeys.pair("ES256");
        String token = latchkey(JwtKey.of("ES256", old)).accessToken("alice");
        JwtKey verifying = JwtKey.verifying("ES256", old.getPublic());
        Latchkey rotated = Latchkey.builder()
                .issuer("notes")
                .clock(clock)
                .stateless()
                .keys(KeySet.of(JwtKey.generate("EdDSA"), verifying))
                .build();
        assertThat(rotated.verify(token).subject()).isEqualTo("alice");
        assertThatThrownBy(() -> latchkey(verifying)).hasMessageContaining("keys hold none that signs");
        assertThatThrownBy(() -> KeySet.of(JwtKey.of("ES256", old), verifying)).hasMessageContaining("listed twice");
    }

    /** A key that no other provider can use, as that of a hardware module. */
    @Test
    void aKeyOfAProviderNeedsNoOther() {
        KeyPair pair = AllKeys.pair("RS256");
        for (String algorithm : List.of("RS256", "PS256")) {
            JwtKey key = JwtKey.of(algorithm, pair, Security.getProvider("SunRsaSign"));
            assertThat(latchkey(key).verify(latchkey(key).accessToken("alice")).subject())
                    .isEqualTo("alice");
        }
        assertThatThrownBy(() -> JwtKey.of("ES256", AllKeys.pair("ES256"), Security.getProvider("SunRsaSign")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("provider SunRsaSign has no ES256");
        assertThatThrownBy(() -> JwtKey.of(
                        "ES256", new KeyPair(null, AllKeys.pair("ES256").getPrivate())))
                .hasMessage("the key pair for ES256 has no public half");
    }

    @Test
    void aKeyForPssSignsNothingElse() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSASSA-PSS");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        assertThat(JwtKey.of("PS256", pair).canSign()).isTrue();
        assertThatThrownBy(() -> JwtKey.of("RS256", pair))
                .hasMessage("RS256 needs a key of kind RSA, this one is RSASSA-PSS");
    }

    @Test
    void aProviderOfTheUsersChoiceSigns() {
        JwtKey key = JwtKey.generate("ES256").withProvider(Security.getProvider("SunEC"));
        assertThat(latchkey(key).verify(latchkey(key).accessToken("alice")).subject())
                .isEqualTo("alice");
        JwtKey secret = JwtKey.generate().withProvider(Security.getProvider("SunJCE"));
        assertThat(latchkey(secret)
                        .verify(latchkey(secret).accessToken("alice"))
                        .subject())
                .isEqualTo("alice");
        assertThatThrownBy(() -> key.withProvider(Security.getProvider("SunJCE")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("provider SunJCE has no ES256");
        assertThatThrownBy(() -> secret.withProvider(Security.getProvider("SunEC")))
                .hasMessage("provider SunEC has no HS256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS512", "RS256", "PS384", "ES384", "EdDSA", "Ed25519"})
    void generatesAKeyForAnyAlgorithm(String algorithm) {
        Latchkey auth = latchkey(JwtKey.generate(algorithm));
        assertThat(auth.verify(auth.accessToken("alice")).subject()).isEqualTo("alice");
        assertThatThrownBy(() -> JwtKey.generate("ES256K")).hasMessageContaining("is not supported");
    }
}
