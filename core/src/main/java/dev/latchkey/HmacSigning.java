package dev.latchkey;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.PublicKey;
import java.util.BitSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A secret that signs and verifies (RFC 7518 section 3.2). */
final class HmacSigning implements Signing {

    private static final int MINIMUM_DISTINCT_BYTES = 8;

    private final Algorithm algorithm;
    private final SecretKeySpec secret;
    private final Mac prepared;

    HmacSigning(Algorithm algorithm, byte[] secret) {
        this(algorithm, new SecretKeySpec(secret.clone(), "RAW"), null);
    }

    private HmacSigning(Algorithm algorithm, SecretKeySpec secret, @Nullable Provider provider) {
        this.algorithm = algorithm;
        this.secret = secret;
        this.prepared = prepared(algorithm, secret, provider);
    }

    /** Whoever signs with what everybody may know signs for everybody (RFC 8725 section 2.1). */
    static void checkNoPublicKey(Algorithm algorithm, byte[] secret) {
        String text = new String(secret, StandardCharsets.ISO_8859_1);
        if (text.contains("-----BEGIN")) {
            throw new IllegalArgumentException(
                    "secret for " + algorithm + " is a PEM file, whose public parts everybody "
                            + "may know: call pem(…) with the algorithm of its key");
        }
        if (text.contains("\"kty\"")) {
            throw new IllegalArgumentException("secret for " + algorithm + " is a JWK: call jwk(…) to read its key");
        }
    }

    /** The limits of RFC 7518 section 3.2, and what nobody drew at random. */
    static void check(Algorithm algorithm, byte[] secret) {
        int minimum = algorithm.bytes();
        String mend = ": generate one with openssl rand -base64 " + minimum;
        checkNoPublicKey(algorithm, secret);
        if (secret.length < minimum) {
            throw new IllegalArgumentException(
                    "secret for " + algorithm + " has " + secret.length + " bytes, needs " + minimum + mend);
        }
        BitSet seen = new BitSet();
        for (byte b : secret) {
            seen.set(b & 0xff);
        }
        if (seen.cardinality() < MINIMUM_DISTINCT_BYTES) {
            throw new IllegalArgumentException(
                    "secret for " + algorithm + " repeats " + seen.cardinality() + " different bytes" + mend);
        }
    }

    private static Mac prepared(Algorithm algorithm, SecretKeySpec secret, @Nullable Provider provider) {
        String whose = provider == null ? "this JDK" : "provider " + provider.getName();
        try {
            Mac mac = provider == null ? Mac.getInstance(algorithm.jca()) : Mac.getInstance(algorithm.jca(), provider);
            mac.init(secret);
            return (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(
                    whose + " has a Mac that cannot be cloned, as every check does: use another", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(whose + " has no " + algorithm, e);
        }
    }

    @Override
    public HmacSigning with(@Nullable Provider provider) {
        return new HmacSigning(algorithm, secret, provider);
    }

    @Override
    public byte[] sign(byte[] bytes, int length) {
        Mac mac = fresh();
        mac.update(bytes, 0, length);
        return mac.doFinal();
    }

    @Override
    public boolean verifies(byte[] bytes, int length, byte[] signature) {
        return MessageDigest.isEqual(sign(bytes, length), signature);
    }

    @Override
    public boolean canSign() {
        return true;
    }

    @Override
    public @Nullable PublicKey publicKey() {
        return null;
    }

    @Override
    public byte[] fingerprint() {
        return JwtKey.sha256(secret.getEncoded());
    }

    /** A clone costs no more than a reset, and needs no lock and no thread local. */
    private Mac fresh() {
        try {
            return (Mac) prepared.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JCA provider's Mac cannot be cloned", e);
        }
    }
}
