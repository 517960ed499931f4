package dev.latchkey;

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
import java.util.List;
import org.junit.jupiter.api.Test;

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
