package dev.latchkey;

import static dev.latchkey.AuthError.ALGORITHM_NOT_ALLOWED;
import static dev.latchkey.AuthError.SIGNATURE_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import io.jsonwebtoken.Jwts;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of two halves: what they sign, what they are, and what of them is refused. */
class KeyPairTest {

    private static final String CLAIMS = Forge.payload(Forge.claims());

    private final StandingClock clock = new StandingClock();

    private static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(
                    algorithm.startsWith("ES") ? "EC" : algorithm.startsWith("Ed") ? "Ed25519" : "RSA");
            if (algorithm.startsWith("ES")) {
                String bits = algorithm.equals("ES512") ? "521" : algorithm.substring(2);
                generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
            } else if (!algorithm.startsWith("Ed")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private Latchkey latchkey(JwtKey key) {
        return Latchkey.builder()
                .issuer("notes")
                .key(key)
                .clock(clock)
                .stateless()
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
    void othersVerifyWhatWeSign_andWeWhatTheySign(String algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        Latchkey auth = latchkey(JwtKey.of(algorithm, pair));
        String token = auth.accessToken("alice");

        JsonWebSignature jose4j = new JsonWebSignature();
        jose4j.setAlgorithmConstraints(new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, algorithm));
        jose4j.setCompactSerialization(token);
        jose4j.setKey(pair.getPublic());
        assertThat(jose4j.verifySignature()).isTrue();
        assertThat(Jwts.parser()
                        .clock(() -> java.util.Date.from(clock.instant()))
                        .verifyWith(pair.getPublic())
                        .build()
                        .parseSignedClaims(token)
                        .getPayload()
                        .getSubject())
                .isEqualTo("alice");

        JsonWebSignature signed = new JsonWebSignature();
        signed.setAlgorithmHeaderValue(algorithm);
        signed.setPayload(CLAIMS);
        signed.setKey(pair.getPrivate());
        assertThat(auth.verify(signed.getCompactSerialization()).subject()).isEqualTo("alice");
        String jjwt = Jwts.builder()
                .content(CLAIMS.getBytes(StandardCharsets.UTF_8))
                .signWith(pair.getPrivate(), signatureOf(algorithm))
                .compact();
        assertThat(auth.verify(jjwt).subject()).isEqualTo("alice");
        if (!algorithm.equals("EdDSA")) { // for which Nimbus needs another library
            JWSObject object = JWSObject.parse(token);
            assertThat(object.verify(
                            new DefaultJWSVerifierFactory().createJWSVerifier(object.getHeader(), pair.getPublic())))
                    .isTrue();
            JWSObject own = new JWSObject(new JWSHeader(JWSAlgorithm.parse(algorithm)), new Payload(CLAIMS));
            own.sign(new DefaultJWSSignerFactory().createJWSSigner(jwk(pair), JWSAlgorithm.parse(algorithm)));
            assertThat(auth.verify(own.serialize()).subject()).isEqualTo("alice");
        }
    }

    private static JWK jwk(KeyPair pair) {
        return pair.getPublic() instanceof RSAPublicKey rsa
                ? new RSAKey.Builder(rsa).privateKey(pair.getPrivate()).build()
                : new ECKey.Builder(
                                com.nimbusds.jose.jwk.Curve.forECParameterSpec(
                                        ((ECPublicKey) pair.getPublic()).getParams()),
                                (ECPublicKey) pair.getPublic())
                        .privateKey(pair.getPrivate())
                        .build();
    }

    @SuppressWarnings("unchecked")
    private static io.jsonwebtoken.security.SignatureAlgorithm signatureOf(String algorithm) {
        return (io.jsonwebtoken.security.SignatureAlgorithm) Jwts.SIG.get().forKey(algorithm);
    }

    /** RFC 9864 names what RFC 8037 left open. */
    @Test
    void ed25519GoesByBothNames() {
        KeyPair pair = pair("EdDSA");
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
        JwtKey key = JwtKey.of("RS256", pair("RS256"));
        String token = Jws.sign(java.util.Map.of("alg", other), claims(), key);
        Refusal.expect(ALGORITHM_NOT_ALLOWED, () -> latchkey(key).verify(token));
    }

    @Test
    void twoAlgorithmsOfOneRsaKeyDoNotMix() {
        KeyPair pair = pair("RS256");
        Latchkey pss = latchkey(JwtKey.of("PS256", pair));
        Refusal.expect(
                ALGORITHM_NOT_ALLOWED,
                () -> pss.verify(latchkey(JwtKey.of("RS256", pair)).accessToken("alice")));
        String lying = Jws.sign(java.util.Map.of("alg", "PS256"), claims(), JwtKey.of("RS256", pair));
        Refusal.expect(SIGNATURE_INVALID, () -> pss.verify(lying));
    }

    /** CVE-2015-9235: a public key is no secret, and cannot be made one. */
    @Test
    void thePublicKeyIsNoSecret() {
        KeyPair pair = pair("RS256");
        Latchkey auth = latchkey(JwtKey.of("RS256", pair));
        for (byte[] secret : List.of(
                pair.getPublic().getEncoded(),
                ((RSAPublicKey) pair.getPublic()).getModulus().toByteArray())) {
            String forged = Forge.token(Forge.utf8("{\"alg\":\"HS256\"}"), Forge.utf8(CLAIMS), "HmacSHA256", secret);
            Refusal.expect(ALGORITHM_NOT_ALLOWED, () -> auth.verify(forged));
        }
        assertThatThrownBy(() -> JwtKey.verifying("HS256", pair.getPublic()))
                .hasMessage("HS256 takes a secret, not a public key");
        assertThatThrownBy(() -> JwtKey.of("RS256", new byte[64]))
                .hasMessageContaining("takes a key pair, not a secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "ES512", "EdDSA"})
    void signaturesOfZerosOrOfAnotherShapeAreRefused(String algorithm) {
        KeyPair pair = pair(algorithm);
        Latchkey auth = latchkey(JwtKey.of(algorithm, pair));
        String token = auth.accessToken("alice");
        String signed = token.substring(0, token.lastIndexOf('.') + 1);
        byte[] good = Base64Url.decode(token.getBytes(StandardCharsets.US_ASCII), signed.length(), token.length());
        int half = good.length / 2;
        byte[] zeroR = good.clone();
        Arrays.fill(zeroR, 0, half, (byte) 0);
        byte[] zeroS = good.clone();
        Arrays.fill(zeroS, half, good.length, (byte) 0);
        byte[] ones = good.clone();
        Arrays.fill(ones, (byte) -1);
        for (byte[] bad : List.of(
                new byte[good.length],
                zeroR,
                zeroS,
                ones,
                new byte[0],
                Arrays.copyOf(good, good.length - 1),
                Arrays.copyOf(good, good.length + 1),
                new byte[] {0x30, 6, 2, 1, 1, 2, 1, 1},
                der(good))) {
            Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(signed + Base64Url.encode(bad)));
        }
    }

    /** The same numbers as ASN.1 has them, which is what the JCA writes unless told otherwise. */
    private static byte[] der(byte[] raw) {
        int half = raw.length / 2;
        byte[] r = new BigInteger(1, Arrays.copyOf(raw, half)).toByteArray();
        byte[] s = new BigInteger(1, Arrays.copyOfRange(raw, half, raw.length)).toByteArray();
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.write(0x30);
        int length = r.length + s.length + 4;
        if (length > 127) {
            out.write(0x81);
        }
        out.write(length);
        for (byte[] number : List.of(r, s)) {
            out.write(2);
            out.write(number.length);
            out.writeBytes(number);
        }
        return out.toByteArray();
    }

    @Test
    void halvesMustBelongTogether() {
        for (String algorithm : List.of("RS256", "PS256", "ES256", "EdDSA")) {
            KeyPair mixed =
                    new KeyPair(pair(algorithm).getPublic(), pair(algorithm).getPrivate());
            assertThatThrownBy(() -> JwtKey.of(algorithm, mixed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the private key for " + algorithm + " does not belong to the public key");
        }
    }

    @Test
    void aPublicKeyVerifiesAndNeverSigns() {
        KeyPair old = pair("ES256");
        String token = latchkey(JwtKey.of("ES256", old)).accessToken("alice");
        JwtKey verifying = JwtKey.verifying("ES256", old.getPublic());
        Latchkey rotated = Latchkey.builder()
                .issuer("notes")
                .clock(clock)
                .stateless()
                .keys(KeySet.of(JwtKey.generate("EdDSA"), verifying))
                .build();
        assertThat(rotated.verify(token).subject()).isEqualTo("alice");
        assertThatThrownBy(() -> KeySet.of(verifying))
                .hasMessage("JwtKey[ES256] is a public key, which cannot sign: list it after the one that signs");
        assertThatThrownBy(() -> KeySet.of(JwtKey.of("ES256", old), verifying)).hasMessageContaining("listed twice");
    }

    /** A key that no other provider can use, as that of a hardware module. */
    @Test
    void aKeyOfAProviderNeedsNoOther() {
        KeyPair pair = pair("RS256");
        for (String algorithm : List.of("RS256", "PS256")) {
            JwtKey key = JwtKey.of(algorithm, pair, Security.getProvider("SunRsaSign"));
            assertThat(latchkey(key).verify(latchkey(key).accessToken("alice")).subject())
                    .isEqualTo("alice");
        }
        assertThatThrownBy(() -> JwtKey.of("ES256", pair("ES256"), Security.getProvider("SunRsaSign")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("provider SunRsaSign has no ES256");
        assertThatThrownBy(
                        () -> JwtKey.of("ES256", new KeyPair(null, pair("ES256").getPrivate())))
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
