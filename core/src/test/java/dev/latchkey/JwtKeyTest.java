package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtKeyTest {

    @ParameterizedTest
    @CsvSource({"HS256,32", "HS384,48", "HS512,64"})
    void demandsAsManyBytesAsTheHashHas(String algorithm, int bytes) {
        assertThat(JwtKey.of(algorithm, secret(bytes)).algorithm()).isEqualTo(algorithm);
        assertThatThrownBy(() -> JwtKey.of(algorithm, secret(bytes - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("secret for " + algorithm + " has " + (bytes - 1) + " bytes, needs " + bytes
                        + ": generate one with openssl rand -base64 " + bytes);
    }

    @Test
    void bindsEachFactoryToItsAlgorithm() {
        assertThat(JwtKey.hs256(secret(32)).algorithm()).isEqualTo("HS256");
        assertThat(JwtKey.hs384(secret(48)).algorithm()).isEqualTo("HS384");
        assertThat(JwtKey.hs512(secret(64)).algorithm()).isEqualTo("HS512");
        assertThat(JwtKey.generate().algorithm()).isEqualTo("HS256");
    }

    @Test
    void countsTheBytesOfATextNotItsCharacters() {
        assertThat(JwtKey.hs256("ä ö ü ß é è ê ë à á â").algorithm()).isEqualTo("HS256");
        assertThatThrownBy(() -> JwtKey.hs256("changeme")).hasMessageContaining("has 8 bytes, needs 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000000000000000000000000000", "abcabcabcabcabcabcabcabcabcabcabcabc"})
    void refusesSecretsThatRepeatThemselves(String secret) {
        assertThatThrownBy(() -> JwtKey.hs256(secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("different bytes: generate one with openssl rand -base64 32");
    }

    /** What PyJWT guards against, too (CVE-2022-29217); bytes of a key without its armour look like any other secret. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\n ", "\ufeff", "Bag Attributes\n  localKeyID: 01\n", "subject=CN = notes\n"})
    void refusesAPemFileForASecret(String before) {
        String pem = before + "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";
        assertThatThrownBy(() -> JwtKey.hs256(pem))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("secret for HS256 is a PEM file");
        assertThatThrownBy(() -> JwtKey.dangerouslyShortSecret("HS256", pem.getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("secret for HS256 is a PEM file");
    }

    @Test
    void refusesAJwkForASecret() {
        String jwk = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
        assertThatThrownBy(() -> JwtKey.hs256(jwk))
                .hasMessage("secret for HS256 is a JWK: call jwk(…) to read its key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256K", "RS1", "none", "", "hs256", "HS1", "ES521", "eddsa"})
    void refusesAlgorithmsThatItHasNot(String algorithm) {
        assertThatThrownBy(() -> JwtKey.of(algorithm, secret(64)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "algorithm " + algorithm + " is not supported: use one of HS256, HS384, HS512, RS256, RS384, "
                                + "RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA");
        assertThatThrownBy(() -> JwtKey.dangerouslyShortSecret(algorithm, secret(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not supported");
    }

    @Test
    void takesAShortSecretByItsLongNameOnly() {
        assertThat(JwtKey.dangerouslyShortSecret("HS256", secret(1)).weak()).isTrue();
        assertThat(JwtKey.hs256(secret(32)).weak()).isFalse();
        assertThatThrownBy(() -> JwtKey.dangerouslyShortSecret("HS256", new byte[0]))
                .hasMessage("secret for HS256 is empty");
    }

    @Test
    void doesNotFollowChangesToTheCallersBytes() {
        byte[] bytes = Forge.SECRET.clone();
        JwtKey key = JwtKey.hs256(bytes);
        Arrays.fill(bytes, (byte) 0);
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .key(key)
                .clock(new StandingClock())
                .build();
        assertThat(auth.verify(Forge.good()).subject()).isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a b", "a\n", "ä", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void refusesStrangeIds(String id) {
        assertThatThrownBy(() -> Forge.KEY.withId(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a key id has 1 to 64 visible ASCII characters");
    }

    @Test
    void neverShowsTheSecret() {
        JwtKey key = JwtKey.hs256("correct horse battery staple 0123456789").withId("k1");
        assertThat(key).hasToString("JwtKey[HS256, k1]");
        assertThat(KeySet.of(key)).hasToString("KeySet[JwtKey[HS256, k1]]");
        assertThat(Forge.KEY.withId("k1").id()).hasValue("k1");
        assertThat(Forge.KEY.id()).isEmpty();
    }

    @Test
    void signsFromManyThreadsAtOnce() {
        byte[] text = "the same text".getBytes(StandardCharsets.US_ASCII);
        byte[] expected = Forge.KEY.sign(text, text.length);
        List<byte[]> signatures = IntStream.range(0, 2000)
                .parallel()
                .mapToObj(i -> Forge.KEY.sign(text, text.length))
                .toList();
        assertThat(signatures).allMatch(signature -> Arrays.equals(signature, expected));
    }

    @Test
    void generatesAnotherKeyEachTime() {
        assertThat(JwtKey.generate().sameAs(JwtKey.generate())).isFalse();
    }

    private static byte[] secret(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + 1);
        }
        return bytes;
    }
}
