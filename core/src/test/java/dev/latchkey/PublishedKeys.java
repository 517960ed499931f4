package dev.latchkey;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Map;

/** JWKs as the RFCs print them, in the types of the JCA, and what the tests of several RFCs ask of them. */
final class PublishedKeys {

    private PublishedKeys() {}

    /** The pair of a JWK; that of a public Ed25519 key has no private half. */
    static KeyPair pair(String jwk) {
        try {
            Map<?, ?> members = (Map<?, ?>) Json.read(jwk.getBytes(StandardCharsets.UTF_8));
            return switch ((String) members.get("kty")) {
                case "RSA" -> rsa(members);
                case "EC" -> curve(members);
                default -> edwards(members);
            };
        } catch (GeneralSecurityException | Json.MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair rsa(Map<?, ?> jwk) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        return new KeyPair(
                factory.generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e"))),
                factory.generatePrivate(new RSAPrivateCrtKeySpec(
                        number(jwk, "n"),
                        number(jwk, "e"),
                        number(jwk, "d"),
                        number(jwk, "p"),
                        number(jwk, "q"),
                        number(jwk, "dp"),
                        number(jwk, "dq"),
                        number(jwk, "qi"))));
    }

    private static KeyPair curve(Map<?, ?> jwk) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp" + ((String) jwk.get("crv")).substring(2) + "r1"));
        ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
        KeyFactory factory = KeyFactory.getInstance("EC");
        return new KeyPair(
                factory.generatePublic(new ECPublicKeySpec(new ECPoint(number(jwk, "x"), number(jwk, "y")), curve)),
                factory.generatePrivate(new ECPrivateKeySpec(number(jwk, "d"), curve)));
    }

    /** RFC 8032 section 5.1.2: little endian, the highest bit for the sign of x. */
    private static KeyPair edwards(Map<?, ?> jwk) throws GeneralSecurityException {
        byte[] bytes = bytes(jwk, "x");
        byte[] y = new byte[bytes.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = bytes[y.length - 1 - i];
        }
        boolean odd = y[0] < 0;
        y[0] &= 0x7f;
        KeyFactory factory = KeyFactory.getInstance("Ed25519");
        return new KeyPair(
                factory.generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y)))),
                jwk.containsKey("d")
                        ? factory.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, bytes(jwk, "d")))
                        : null);
    }

    private static BigInteger number(Map<?, ?> jwk, String name) {
        return new BigInteger(1, bytes(jwk, name));
    }

    private static byte[] bytes(Map<?, ?> jwk, String name) {
        return Base64.getUrlDecoder().decode((String) jwk.get(name));
    }

    /** What this key makes of all but the signature of a token. */
    static String sign(JwtKey key, String token) {
        byte[] ascii = token.getBytes(StandardCharsets.US_ASCII);
        return Base64Url.encode(key.sign(ascii, token.lastIndexOf('.')));
    }

    /** Verifies by the public key alone, and no token whose payload or signature is another. */
    static Jws assertVerifies(String algorithm, PublicKey key, String token) {
        JwtKey verifying = JwtKey.verifying(algorithm, key);
        Jws jws = Jws.parse(token);
        KeySet keys = KeySet.of(
                JwtKey.generate(), jws.header().get("kid") instanceof String id ? verifying.withId(id) : verifying);
        Jws unused = Forge.verify(jws, keys);
        int end = token.lastIndexOf('.');
        for (int at : new int[] {end - 4, end + 4}) {
            String changed = token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
            Refusal.expect(AuthError.SIGNATURE_INVALID, () -> Forge.verify(Jws.parse(changed), keys));
        }
        return jws;
    }
}
