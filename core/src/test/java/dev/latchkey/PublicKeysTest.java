package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Public keys that prove nothing. */
class PublicKeysTest {

    private static KeyPairGenerator generator(String kind) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (kind.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else {
            generator.initialize(2048);
        }
        return generator;
    }

    @Test
    void areRefused() throws Exception {
        for (EdECPoint low : List.of(
                new EdECPoint(false, BigInteger.ZERO),
                new EdECPoint(true, BigInteger.ZERO),
                new EdECPoint(false, BigInteger.ONE),
                new EdECPoint(false, BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(20))))) {
            PublicKey key = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, low));
            assertThatThrownBy(() -> JwtKey.verifying("EdDSA", key)).hasMessageContaining("a point of low order");
        }
        PublicKey off = KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(false, BigInteger.TWO)));
        assertThatThrownBy(() -> JwtKey.verifying("EdDSA", off)).isInstanceOf(IllegalArgumentException.class);
        ECPublicKey good = (ECPublicKey) generator("EC").generateKeyPair().getPublic();
        ECPoint w = good.getW();
        for (ECPoint point : List.of(
                new ECPoint(w.getAffineX(), w.getAffineY().add(BigInteger.ONE)),
                new ECPoint(BigInteger.ZERO, BigInteger.ZERO),
                new ECPoint(w.getAffineX().add(BigInteger.TWO.pow(300)), w.getAffineY()))) {
            ECPublicKey bad = new Point(good, point);
            assertThatThrownBy(() -> JwtKey.verifying("ES256", bad)).isInstanceOf(IllegalArgumentException.class);
        }
        RSAPublicKey rsa = (RSAPublicKey) generator("RSA").generateKeyPair().getPublic();
        for (BigInteger exponent :
                List.of(BigInteger.ONE, BigInteger.TWO, BigInteger.TWO.pow(70).add(BigInteger.ONE))) {
            RSAPublicKey weak = new Modulus(rsa.getModulus(), exponent);
            assertThatThrownBy(() -> JwtKey.verifying("RS256", weak)).hasMessageContaining("exponent");
        }
        RSAPublicKey small = new Modulus(BigInteger.TWO.pow(2047).subtract(BigInteger.ONE), BigInteger.valueOf(3));
        assertThatThrownBy(() -> JwtKey.verifying("RS256", small)).hasMessageContaining("2047 bits, needs 2048");
    }

    /** RFC 8032 section 5.1.2: all points whose order divides 8, in every encoding that a decoder could take for them. */
    @Test
    void pointsOfLowOrderAreRefusedInEveryEncoding() {
        BigInteger p = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
        BigInteger eighth = new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);
        for (BigInteger y : List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                p.subtract(BigInteger.ONE),
                eighth,
                p.subtract(eighth),
                p,
                p.add(BigInteger.ONE),
                BigInteger.TWO.pow(255).subtract(BigInteger.ONE))) {
            for (BigInteger sign : List.of(BigInteger.ZERO, BigInteger.TWO.pow(255))) {
                assertThatThrownBy(() -> JwtKey.pem("EdDSA", edwards(y.add(sign))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("a point of low order");
            }
        }
    }

    /** RFC 8410 section 4. */
    private static String edwards(BigInteger encoded) {
        byte[] point = new byte[32];
        for (int i = 0; i < 32; i++) {
            point[i] = encoded.shiftRight(8 * i).byteValue();
        }
        return pem(HexFormat.of().parseHex("302a300506032b6570032100"), point);
    }

    private static String pem(byte[] head, byte[] tail) {
        byte[] der = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, der, head.length, tail.length);
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** The invalid curve attack, with a file. */
    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "ES512"})
    void pointsOffTheCurveAreRefused(String algorithm) {
        byte[] good = AllKeys.pair(algorithm).getPublic().getEncoded();
        assertThat(JwtKey.pem(algorithm, pem(good, new byte[0])).canSign()).isFalse();
        int coordinates = Algorithm.of(algorithm).bytes();
        byte[] otherY = good.clone();
        otherY[good.length - 1] ^= 1;
        byte[] otherX = good.clone();
        otherX[good.length - coordinates / 2 - 1] ^= 1;
        byte[] origin = good.clone();
        Arrays.fill(origin, good.length - coordinates, good.length, (byte) 0);
        byte[] beyond = good.clone();
        Arrays.fill(beyond, good.length - coordinates, good.length, (byte) -1);
        byte[] infinity = good.clone();
        infinity[good.length - coordinates - 1] = 0;
        for (byte[] bad : List.of(otherY, otherX, origin, beyond, infinity)) {
            assertThatThrownBy(() -> JwtKey.pem(algorithm, pem(bad, new byte[0])))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A point that no key factory has looked at. */
    private record Point(ECPublicKey of, ECPoint point) implements ECPublicKey {

        @Override
        public ECPoint getW() {
            return point;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return of.getFormat();
        }

        @Override
        public byte[] getEncoded() {
            return of.getEncoded();
        }

        @Override
        public ECParameterSpec getParams() {
            return of.getParams();
        }
    }

    private record Modulus(BigInteger modulus, BigInteger exponent) implements RSAPublicKey {

        @Override
        public BigInteger getModulus() {
            return modulus;
        }

        @Override
        public BigInteger getPublicExponent() {
            return exponent;
        }

        @Override
        public String getAlgorithm() {
            return "RSA";
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }
}
