package dev.latchkey;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a public key must be, and how to find that of a private one, or make both. */
final class PublicKeys {

    private static final int LEAST_BITS = 2048;
    private static final int GENERATED_BITS = 3072;
    private static final int MOST_BITS = 16_384;
    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger P25519 = TWO.pow(255).subtract(BigInteger.valueOf(19));

    /** The points of small order: anybody can sign for such a key (RFC 7748 section 6.1 has them for X25519). */
    private static final Set<BigInteger> LOW_ORDER = Set.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            P25519.subtract(BigInteger.ONE),
            new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
            new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16));

    private PublicKeys() {}

    /** Throws {@link IllegalArgumentException} unless this is a sound key for the algorithm. */
    static void check(Algorithm algorithm, PublicKey key) {
        if (algorithm.isHmac()) {
            throw new IllegalArgumentException(algorithm.header() + " takes a secret, not a public key");
        } else if (algorithm.isRsa()
                && key instanceof RSAPublicKey rsa
                && (algorithm.name().startsWith("PS") || !key.getAlgorithm().equals("RSASSA-PSS"))) {
            checkRsa(rsa);
        } else if (algorithm.isEdwards() && key instanceof EdECPublicKey edwards) {
            checkEdwards(edwards);
        } else if (!algorithm.isRsa() && !algorithm.isEdwards() && key instanceof ECPublicKey curve) {
            checkCurve(algorithm, curve);
        } else {
            throw new IllegalArgumentException(algorithm.header() + " needs a key of kind " + algorithm.key()
                    + ", this one is " + key.getAlgorithm());
        }
    }

    /** The algorithm that a key is made for, by its kind and curve; of an RSA key the one given. */
    static Algorithm algorithm(Key key, Algorithm ofRsa) {
        if (key instanceof RSAKey) {
            return ofRsa;
        } else if (key instanceof EdECKey) {
            return Algorithm.EDDSA;
        } else if (key instanceof ECKey curve && curve.getParams() != null) {
            return switch (curve.getParams().getOrder().bitLength()) {
                case 384 -> Algorithm.ES384;
                case 521 -> Algorithm.ES512;
                default -> Algorithm.ES256; // whose check refuses other curves of that size
            };
        }
        throw new IllegalArgumentException("no algorithm signs with a key of kind " + key.getAlgorithm());
    }

    private static void checkRsa(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        if (bits < LEAST_BITS || bits > MOST_BITS) {
            throw new IllegalArgumentException("the RSA key has " + bits + " bits, needs " + LEAST_BITS + " to "
                    + MOST_BITS + ": make one with openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072");
        }
        BigInteger exponent = key.getPublicExponent();
        if (!exponent.testBit(0) || exponent.bitLength() < 2 || exponent.bitLength() > 64) {
            throw new IllegalArgumentException("the RSA key has an exponent that no sound key has");
        }
    }

    private static void checkEdwards(EdECPublicKey key) {
        BigInteger y = key.getPoint().getY();
        if (!key.getParams().getName().equals("Ed25519")) {
            throw new IllegalArgumentException("EdDSA takes keys on Ed25519, this one is on "
                    + key.getParams().getName());
        }
        if (y.compareTo(P25519) >= 0 || LOW_ORDER.contains(y)) {
            throw new IllegalArgumentException("the Ed25519 key is a point of low order: anybody could sign for it");
        }
    }

    private static void checkCurve(Algorithm algorithm, ECPublicKey key) {
        ECParameterSpec wanted = onCurve(algorithm, key.getParams());
        ECPoint point = key.getW();
        EllipticCurve curve = wanted.getCurve();
        BigInteger p = ((ECFieldFp) curve.getField()).getP();
        if (point.equals(ECPoint.POINT_INFINITY) || !isOn(curve, p, point.getAffineX(), point.getAffineY())) {
            throw new IllegalArgumentException("the key is no point on " + algorithm.key());
        }
    }

    private static ECParameterSpec onCurve(Algorithm algorithm, @Nullable ECParameterSpec has) {
        ECParameterSpec wanted = parameters(algorithm);
        boolean same = has != null
                && has.getCurve().equals(wanted.getCurve())
                && has.getGenerator().equals(wanted.getGenerator())
                && has.getOrder().equals(wanted.getOrder())
                && has.getCofactor() == wanted.getCofactor();
        if (!same) {
            throw new IllegalArgumentException(algorithm.header() + " needs a key on " + algorithm.key());
        }
        return wanted;
    }

    private static boolean isOn(EllipticCurve curve, BigInteger p, BigInteger x, BigInteger y) {
        BigInteger right =
                x.pow(3).add(curve.getA().multiply(x)).add(curve.getB()).mod(p);
        return x.signum() >= 0
                && y.signum() >= 0
                && x.compareTo(p) < 0
                && y.compareTo(p) < 0
                && y.multiply(y).mod(p).equals(right);
    }

    private static ECParameterSpec parameters(Algorithm algorithm) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(algorithm.key()));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no curve " + algorithm.key(), e);
        }
    }

    static KeyPair generate(Algorithm algorithm) {
        AlgorithmParameterSpec parameters = algorithm.isRsa()
                ? new RSAKeyGenParameterSpec(GENERATED_BITS, RSAKeyGenParameterSpec.F4)
                : algorithm.isEdwards() ? NamedParameterSpec.ED25519 : new ECGenParameterSpec(algorithm.key());
        try {
            KeyPairGenerator generator =
                    KeyPairGenerator.getInstance(algorithm.isRsa() ? "RSA" : algorithm.isEdwards() ? "Ed25519" : "EC");
            generator.initialize(parameters);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + algorithm.header(), e);
        }
    }

    /** The public half: files of openssl hold the private one alone. */
    static PublicKey of(Algorithm algorithm, PrivateKey key) {
        try {
            if (algorithm.isRsa() && key instanceof RSAPrivateCrtKey rsa) {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            } else if (algorithm.isEdwards() && key instanceof EdECPrivateKey edwards) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
                generator.initialize(
                        NamedParameterSpec.ED25519, new Seed(edwards.getBytes().orElseThrow()));
                return generator.generateKeyPair().getPublic();
            } else if (!algorithm.isRsa() && !algorithm.isEdwards() && key instanceof ECPrivateKey curve) {
                ECParameterSpec parameters = onCurve(algorithm, curve.getParams());
                if (curve.getS().signum() <= 0 || curve.getS().compareTo(parameters.getOrder()) >= 0) {
                    throw new IllegalArgumentException(
                            "the private key for " + algorithm.header() + " is out of range");
                }
                ECPoint point = times(parameters.getCurve(), curve.getS(), parameters.getGenerator());
                return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, parameters));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the private key for " + algorithm.header() + " has no public half: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                algorithm.header() + " needs a key of kind " + algorithm.key() + ", this one is " + key.getAlgorithm());
    }

    /** Once, at the start: how long it takes tells nobody anything. */
    private static ECPoint times(EllipticCurve curve, BigInteger factor, ECPoint generator) {
        BigInteger p = ((ECFieldFp) curve.getField()).getP();
        ECPoint sum = ECPoint.POINT_INFINITY;
        for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
            sum = plus(curve, p, sum, sum);
            sum = factor.testBit(bit) ? plus(curve, p, sum, generator) : sum;
        }
        return sum;
    }

    private static ECPoint plus(EllipticCurve curve, BigInteger p, ECPoint a, ECPoint b) {
        if (a.equals(ECPoint.POINT_INFINITY) || b.equals(ECPoint.POINT_INFINITY)) {
            return a.equals(ECPoint.POINT_INFINITY) ? b : a;
        }
        BigInteger x = a.getAffineX();
        BigInteger y = a.getAffineY();
        BigInteger slope;
        if (a.equals(b)) {
            slope = x.pow(2)
                    .multiply(BigInteger.valueOf(3))
                    .add(curve.getA())
                    .multiply(y.multiply(TWO).modInverse(p));
        } else if (x.equals(b.getAffineX())) {
            return ECPoint.POINT_INFINITY;
        } else {
            slope = b.getAffineY()
                    .subtract(y)
                    .multiply(b.getAffineX().subtract(x).modInverse(p));
        }
        BigInteger sumX = slope.pow(2).subtract(x).subtract(b.getAffineX()).mod(p);
        return new ECPoint(sumX, slope.multiply(x.subtract(sumX)).subtract(y).mod(p));
    }

    /** Lets a generator of key pairs make the pair of this very key. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] bytes;

        Seed(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] into) {
            System.arraycopy(bytes, 0, into, 0, into.length);
        }
    }
}
