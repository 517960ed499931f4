package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwkTest {

    /** RFC 8037 appendix A.1 to A.3. */
    private static final String ED25519 = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
            + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
            + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

    private static final RSAKey RSA = rsa();

    private static RSAKey rsa() {
        try {
            return new RSAKeyGenerator(2048).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static final byte[] PROBE = {1, 2, 3};

    private static void assertFit(JwtKey signing, JwtKey verifying) {
        byte[] signature = signing.sign(PROBE, PROBE.length);
        assertThat(verifying.verifies(PROBE, PROBE.length, signature)).isTrue();
    }

    @Test
    void rfc8037AppendixA3_thumbprint() {
        assertThat(JwtKey.jwk(ED25519).id()).contains("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    /** RFC 7638 section 3.1. */
    @Test
    void rfc7638Section31_thumbprint() throws Exception {
        String n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRX"
                + "jBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs"
                + "8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"
                + "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        RSAPublicKey key = RSAKey.parse("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + n + "\"}")
                .toRSAPublicKey();
        assertThat(Jwk.thumbprint(key, Algorithm.RS256)).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    @Test
    void readsAnEd25519Key() {
        JwtKey key = JwtKey.jwk(ED25519);
        assertThat(key.algorithm()).isEqualTo("EdDSA");
        assertFit(key, JwtKey.verifying("EdDSA", key.publicKey()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void readsAnRsaKeyThatNamesItsAlgorithm(String algorithm) throws JOSEException {
        Map<String, Object> members = RSA.toJSONObject();
        assertThatThrownBy(() -> JwtKey.jwk(Json.write(members)))
                .hasMessageContaining("without \"alg\", expected one that names its algorithm");
        members.put("alg", algorithm);
        members.put("kid", "mine");
        JwtKey key = JwtKey.jwk(Json.write(members));
        assertThat(key.toString()).isEqualTo("JwtKey[" + algorithm + ", mine]");
        assertFit(key, JwtKey.verifying(algorithm, RSA.toRSAPublicKey()));
    }

    @ParameterizedTest
    @CsvSource({"P-256,ES256", "P-384,ES384", "P-521,ES512"})
    void readsAKeyOnACurveByItsName(String curve, String algorithm) throws JOSEException {
        var pair = new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.parse(curve)).generate();
        JwtKey key = JwtKey.jwk(pair.toJSONString());
        assertThat(key.algorithm()).isEqualTo(algorithm);
        assertFit(key, JwtKey.jwk(pair.toPublicJWK().toJSONString()));
    }

    @Test
    void readsASecretThatNamesItsAlgorithm() {
        String k = Base64Url.encode(Forge.SECRET);
        JwtKey key = JwtKey.jwk("{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" + k + "\"}");
        assertThat(key.sameAs(Forge.KEY)).isTrue();
        assertThat(key.id()).isEmpty();
        assertThatThrownBy(() -> JwtKey.jwk("{\"kty\":\"oct\",\"k\":\"" + k + "\"}"))
                .hasMessageContaining("without \"alg\"");
    }

    @Test
    void readsWhenAKeySignsAndEnds() {
        JwtKey key = JwtKey.jwk(ED25519.replace("{", "{\"nbf\":1780000000,\"exp\":1790000000,\"kid\":\"k\","));
        assertThat(key.signsFrom().orElseThrow().getEpochSecond()).isEqualTo(1_780_000_000);
        assertThat(key.acceptedUntil().orElseThrow().getEpochSecond()).isEqualTo(1_790_000_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | JSON that is no object",
                "{\"kty\":\"OKP\",\"kty\":\"RSA\"} | a member twice",
                "{\"kty\":\"OKP\" | found no JSON object",
                "{} | without \"alg\"",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"} | without \"alg\"",
                "{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"alg\":\"EdDSA\",\"x\":\"11qY\"} | cannot be read, or on an unknown curve",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qY\"} | cannot be read",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"} | low order",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"} | cannot be read",
                "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AQ\",\"y\":\"AQ\"} | without \"alg\"",
                "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"AQAB\",\"e\":\"AQAB\"} | cannot be read",
                "{\"kty\":\"RSA\",\"alg\":\"RSA-OAEP\",\"n\":\"AQAB\",\"e\":\"AQAB\"} | RSA-OAEP is not supported",
                "{\"kty\":\"RSA\",\"alg\":\"HS256\",\"n\":\"AQAB\",\"e\":\"AQAB\"} | cannot be read",
                "{\"kty\":\"oct\",\"alg\":\"RS256\",\"k\":\"AQAB\"} | takes a key pair",
                "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AQAB\"} | has 3 bytes, needs 32",
                "{\"kty\":\"oct\",\"use\":\"enc\",\"alg\":\"HS256\",\"k\":\"AQAB\"} | another use than signatures",
            })
    void saysWhatItFound(String json, String message) {
        assertThatThrownBy(() -> JwtKey.jwk(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("11qY");
    }

    @Test
    void refusesHalvesThatDoNotBelongTogether() {
        String other = ED25519.replace(
                "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "4NGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        assertThatThrownBy(() -> JwtKey.jwk(other)).hasMessageContaining("does not belong to the public key");
    }

    /** Every algorithm, private halves and key stores' included: only these members, and each of them public. */
    @Test
    void publishesPublicMembersAlone() throws ParseException, JOSEException {
        Set<String> harmless = Set.of("kty", "use", "alg", "kid", "n", "e", "crv", "x", "y");
        List<Algorithm> pairs = new ArrayList<>(List.of(Algorithm.values()));
        pairs.removeIf(Algorithm::isHmac);
        for (Algorithm algorithm : pairs) {
            KeyPair pair = algorithm.isRsa() ? RSA.toKeyPair() : PublicKeys.generate(algorithm);
            for (JwtKey key : List.of(
                    JwtKey.of(algorithm.header(), pair),
                    JwtKey.of(algorithm.header(), pair).withId("named"),
                    JwtKey.verifying(algorithm.header(), pair.getPublic()))) {
                Map<String, Object> published = Jwk.published(key);
                assertThat(harmless).containsAll(published.keySet());
                JWK read = JWK.parse(published);
                assertThat(read.isPrivate()).isFalse();
                assertThat(read.getKeyID()).isNotEmpty();
                assertThat(read.getAlgorithm().getName()).isEqualTo(algorithm.header());
                assertFit(JwtKey.of(algorithm.header(), pair), JwtKey.jwk(Json.write(published)));
            }
        }
    }

    @Test
    void aSecretHasNothingToPublish() throws ParseException {
        assertThat(Forge.KEY.publicKey()).isNull();
        assertThat(OctetSequenceKey.parse("{\"kty\":\"oct\",\"k\":\"AQ\"}").isPrivate())
                .isTrue();
    }
}
