package dev.latchkey;

import static dev.latchkey.AuthError.ALGORITHM_NOT_ALLOWED;
import static dev.latchkey.AuthError.SIGNATURE_INVALID;
import static dev.latchkey.AuthError.TOKEN_REVOKED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures that no signer makes, and good ones in the place of others. */
class HostileSignatureTest {

    private static final String CLAIMS = Forge.payload(Forge.claims());

    /** RFC 8032 section 5.1: the order of the group that Ed25519 works in. */
    private static final BigInteger L =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private final StandingClock clock = new StandingClock();

    private LatchkeyBuilder builder() {
        return Latchkey.builder().issuer("notes").clock(clock);
    }

    private Latchkey latchkey(String algorithm) {
        return builder().key(AllKeys.key(algorithm)).stateless().build();
    }

    private static String signedPart(String algorithm) {
        return Base64Url.encode(Forge.utf8("{\"alg\":\"" + algorithm + "\"}"))
                + '.'
                + Base64Url.encode(Forge.utf8(CLAIMS));
    }

    private static String signed(String labelled, JwtKey key) {
        return Crafted.signed(signedPart(labelled), key);
    }

    private static String with(String token, byte[] signature) {
        return token.substring(0, token.lastIndexOf('.') + 1) + Base64Url.encode(signature);
    }

    private static byte[] signature(String token) {
        byte[] ascii = token.getBytes(StandardCharsets.US_ASCII);
        return Base64Url.decode(ascii, token.lastIndexOf('.') + 1, ascii.length);
    }

    /** CVE-2015-9235: whatever form of a public key an attacker takes for a secret, no key here has both roles. */
    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA"})
    void aPublicKeyIsNoSecret(String algorithm) {
        PublicKey key = AllKeys.pair(algorithm).getPublic();
        byte[] der = key.getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        String jwk = "{\"kty\":\"oct\",\"k\":\"" + Base64Url.encode(der) + "\"}";
        Latchkey alone = latchkey(algorithm);
        Latchkey both = builder()
                .stateless()
                .keys(KeySet.of(
                        AllKeys.key("HS256").withId("secret"),
                        AllKeys.key(algorithm).withId("pair")))
                .build();
        for (byte[] secret : List.of(
                der,
                Forge.utf8(pem),
                Forge.utf8(pem.strip()),
                Forge.utf8(jwk),
                Forge.utf8(key.toString()),
                Forge.utf8(Base64.getEncoder().encodeToString(der)))) {
            for (String kid : List.of("", ",\"kid\":\"secret\"", ",\"kid\":\"pair\"")) {
                String forged = Crafted.token("{\"alg\":\"HS256\"" + kid + "}", CLAIMS, "HS256", secret);
                Refusal.expect(ALGORITHM_NOT_ALLOWED, () -> alone.verify(forged));
                Refusal.expect(SIGNATURE_INVALID, () -> both.verify(forged));
            }
            String lying = Crafted.token("{\"alg\":\"" + algorithm + "\"}", CLAIMS, "HS256", secret);
            Refusal.expect(SIGNATURE_INVALID, () -> both.verify(lying));
        }
        assertThatThrownBy(() -> JwtKey.verifying("HS256", key)).hasMessage("HS256 takes a secret, not a public key");
        assertThatThrownBy(() -> JwtKey.of(algorithm, der)).hasMessageContaining("takes a key pair, not a secret");
        assertThatThrownBy(() -> JwtKey.hs256(pem)).hasMessageContaining("is a PEM file");
    }

    /** One key, several algorithms: the name in the header must be the key's, and the signature of that very kind. */
    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "HS256", "HS384", "HS512"})
    void algorithmsOfOneKeyDoNotMix(String algorithm) {
        Latchkey auth = latchkey(algorithm);
        assertThat(auth.verify(signed(algorithm, AllKeys.key(algorithm))).subject())
                .isEqualTo("alice");
        for (String other : AllKeys.relatives(algorithm)) {
            if (!other.equals(algorithm)) {
                JwtKey key = AllKeys.key(other);
                Refusal.expect(ALGORITHM_NOT_ALLOWED, () -> auth.verify(signed(other, key)));
                Refusal.expect(ALGORITHM_NOT_ALLOWED, () -> auth.verify(signed(other, AllKeys.key(algorithm))));
                Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(signed(algorithm, key)));
            }
        }
    }

    /** RFC 7518 section 3.5: the salt is as long as the hash, and the mask is made with the same hash. */
    @Test
    void pssOfOtherParametersIsRefused() throws Exception {
        PrivateKey key = AllKeys.pair("PS256").getPrivate();
        Latchkey auth = latchkey("PS256");
        MGF1ParameterSpec mask = MGF1ParameterSpec.SHA256;
        assertThat(auth.verify(pss(key, new PSSParameterSpec("SHA-256", "MGF1", mask, 32, 1)))
                        .subject())
                .isEqualTo("alice");
        for (PSSParameterSpec other : List.of(
                new PSSParameterSpec("SHA-256", "MGF1", mask, 0, 1),
                new PSSParameterSpec("SHA-256", "MGF1", mask, 20, 1),
                new PSSParameterSpec("SHA-256", "MGF1", mask, 222, 1),
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA1, 32, 1),
                new PSSParameterSpec("SHA-1", "MGF1", mask, 32, 1))) {
            String token = pss(key, other);
            Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(token));
        }
    }

    private static String pss(PrivateKey key, PSSParameterSpec parameters) throws Exception {
        Signature signer = Signature.getInstance("RSASSA-PSS");
        signer.initSign(key);
        signer.setParameter(parameters);
        String signed = signedPart("PS256");
        signer.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + '.' + Base64Url.encode(signer.sign());
    }

    /** RFC 8017 section 8.2.2 step 1 and section 5.2.2: as long as the modulus, and less than it. */
    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256"})
    void rsaSignaturesOfAnotherShapeAreRefused(String algorithm) {
        Latchkey auth = latchkey(algorithm);
        BigInteger modulus = ((RSAPublicKey) AllKeys.pair(algorithm).getPublic()).getModulus();
        String token = signed(algorithm, AllKeys.key(algorithm));
        byte[] good = signature(token);
        byte[] longer = new byte[good.length + 1];
        System.arraycopy(good, 0, longer, 1, good.length);
        List<byte[]> bad = new ArrayList<>(List.of(
                new byte[0],
                new byte[1],
                new byte[good.length],
                longer,
                Arrays.copyOf(good, good.length + 1),
                Arrays.copyOf(good, good.length - 1),
                Arrays.copyOfRange(good, 1, good.length),
                number(BigInteger.ONE, good.length),
                number(modulus, good.length),
                number(modulus.subtract(BigInteger.ONE), good.length),
                new BigInteger(1, good).add(modulus).toByteArray()));
        for (byte[] signature : bad) {
            Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, signature)));
        }
    }

    /** CVE-2022-21449, and the form that the JCA writes unless told otherwise. */
    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "ES512", "EdDSA"})
    void signaturesOfZerosOrOfAnotherShapeAreRefused(String algorithm) {
        Latchkey auth = latchkey(algorithm);
        String token = signed(algorithm, AllKeys.key(algorithm));
        byte[] good = signature(token);
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
                Arrays.copyOf(good, half),
                Arrays.copyOf(good, good.length * 2),
                new byte[] {0x30, 6, 2, 1, 1, 2, 1, 1},
                der(good))) {
            Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, bad)));
        }
    }

    private static byte[] der(byte[] raw) {
        int half = raw.length / 2;
        byte[] r = new BigInteger(1, Arrays.copyOf(raw, half)).toByteArray();
        byte[] s = new BigInteger(1, Arrays.copyOfRange(raw, half, raw.length)).toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
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

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "ES512"})
    void numbersOutsideOfTheGroupAreRefused(String algorithm) {
        Latchkey auth = latchkey(algorithm);
        BigInteger n =
                ((ECPublicKey) AllKeys.pair(algorithm).getPublic()).getParams().getOrder();
        String token = signed(algorithm, AllKeys.key(algorithm));
        byte[] good = signature(token);
        int half = good.length / 2;
        BigInteger r = new BigInteger(1, Arrays.copyOf(good, half));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(good, half, good.length));
        List<BigInteger> beyond = List.of(n, n.add(BigInteger.ONE), r.add(n), s.add(n), n.shiftLeft(1));
        for (BigInteger number : beyond) {
            if (number.bitLength() <= half * 8) { // which of these fit depends on the curve
                Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, pair(number, s, half))));
                Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, pair(r, number, half))));
            }
        }
        Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, pair(s, r, half))));
        Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, pair(n.subtract(r), s, half))));
    }

    /** Everybody can make the second signature of ECDSA from the first. It is no second token: the id is the same. */
    @Test
    void theMirroredSignatureIsTheSameToken() {
        Latchkey auth = builder().key(AllKeys.key("ES256")).build();
        String token = auth.accessToken("alice");
        byte[] good = signature(token);
        BigInteger n =
                ((ECPublicKey) AllKeys.pair("ES256").getPublic()).getParams().getOrder();
        BigInteger r = new BigInteger(1, Arrays.copyOf(good, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(good, 32, 64));
        String mirrored = with(token, pair(r, n.subtract(s), 32));
        assertThat(auth.verify(mirrored).id()).isEqualTo(auth.verify(token).id());
        auth.revoke(auth.verify(token));
        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(mirrored));
    }

    /** RFC 8032 section 5.1.7: a number of L or more would make a second signature of the first. */
    @Test
    void anEd25519NumberBeyondTheGroupIsRefused() {
        Latchkey auth = latchkey("EdDSA");
        String token = signed("EdDSA", AllKeys.key("EdDSA"));
        byte[] good = signature(token);
        BigInteger s = new BigInteger(1, reversed(Arrays.copyOfRange(good, 32, 64)));
        for (int times = 1; s.add(L.multiply(BigInteger.valueOf(times))).bitLength() <= 256; times++) {
            byte[] malleable = good.clone();
            BigInteger sum = s.add(L.multiply(BigInteger.valueOf(times)));
            System.arraycopy(reversed(number(sum, 32)), 0, malleable, 32, 32);
            Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, malleable)));
        }
        byte[] mirrored = good.clone();
        System.arraycopy(reversed(number(L.subtract(s), 32)), 0, mirrored, 32, 32);
        Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, mirrored)));
        byte[] negated = good.clone();
        negated[31] ^= (byte) 0x80;
        Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, negated)));
    }

    /** A commitment of small order, or no point at all, with a number of zero. */
    @Test
    void anEd25519CommitmentThatIsNoneIsRefused() {
        Latchkey auth = latchkey("EdDSA");
        String token = signed("EdDSA", AllKeys.key("EdDSA"));
        byte[] identity = new byte[64];
        identity[0] = 1;
        byte[] beyond = new byte[64]; // p + 1, the identity in a form that is not canonical
        Arrays.fill(beyond, 0, 32, (byte) 0xff);
        beyond[0] = (byte) 0xee;
        beyond[31] = 0x7f;
        byte[] off = new byte[64];
        off[0] = 2;
        for (byte[] bad : List.of(identity, beyond, off)) {
            Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(with(token, bad)));
        }
    }

    /** A hash of another length than the algorithm's, by the right key. */
    @Test
    void aCurveWithAnotherHashIsRefused() throws Exception {
        KeyPair pair = AllKeys.pair("ES256");
        for (Map.Entry<String, Boolean> hash :
                Map.of("SHA256", true, "SHA384", false, "SHA512", false).entrySet()) {
            Signature signer = Signature.getInstance(hash.getKey() + "withECDSAinP1363Format");
            signer.initSign(pair.getPrivate());
            signer.update(signedPart("ES256").getBytes(StandardCharsets.US_ASCII));
            String token = signedPart("ES256") + '.' + Base64Url.encode(signer.sign());
            if (hash.getValue()) {
                assertThat(latchkey("ES256").verify(token).subject()).isEqualTo("alice");
            } else {
                Refusal.expect(SIGNATURE_INVALID, () -> latchkey("ES256").verify(token));
            }
        }
    }

    private static byte[] pair(BigInteger r, BigInteger s, int half) {
        byte[] both = Arrays.copyOf(number(r, half), half * 2);
        System.arraycopy(number(s, half), 0, both, half, half);
        return both;
    }

    private static byte[] number(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        byte[] has = number.toByteArray();
        int skipped = Math.max(0, has.length - length);
        System.arraycopy(has, skipped, bytes, length - has.length + skipped, has.length - skipped);
        return bytes;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
