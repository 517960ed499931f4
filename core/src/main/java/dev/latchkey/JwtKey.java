package dev.latchkey;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One key bound to its one algorithm (RFC 8725 section 3.1), and optionally to a key id.
 *
 * <p>A secret is random bytes, not a password: {@code openssl rand -base64 32} makes one.
 */
public final class JwtKey {

    /** RFC 7518 section 3.2: a key at least as long as the hash. */
    private static final Map<String, Integer> MINIMUM_BYTES = Map.of("HS256", 32, "HS384", 48, "HS512", 64);

    static final Set<String> ALGORITHMS = MINIMUM_BYTES.keySet();
    static final String SUPPORTED = "HS256, HS384 or HS512";

    private static final int MINIMUM_DISTINCT_BYTES = 8;

    private final String algorithm;
    private final @Nullable String id;
    private final Mac prepared;
    private final byte[] digest;
    private final boolean weak;

    private JwtKey(String algorithm, @Nullable String id, Mac prepared, byte[] digest, boolean weak) {
        this.algorithm = algorithm;
        this.id = id;
        this.prepared = prepared;
        this.digest = digest;
        this.weak = weak;
    }

    /** An HMAC-SHA-256 key of at least 32 bytes; throws {@link IllegalArgumentException} for a weaker one. */
    public static JwtKey hs256(byte[] secret) {
        return of("HS256", secret);
    }

    /** An HMAC-SHA-256 key from the UTF-8 bytes of a text: at least 32 of them. */
    public static JwtKey hs256(String secret) {
        return hs256(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** An HMAC-SHA-384 key of at least 48 bytes; throws {@link IllegalArgumentException} for a weaker one. */
    public static JwtKey hs384(byte[] secret) {
        return of("HS384", secret);
    }

    /** An HMAC-SHA-512 key of at least 64 bytes; throws {@link IllegalArgumentException} for a weaker one. */
    public static JwtKey hs512(byte[] secret) {
        return of("HS512", secret);
    }

    /** A new random HS256 key, lost when the process ends: for tests and tools. */
    public static JwtKey generate() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return hs256(secret);
    }

    /** The key for one of {@code HS256}, {@code HS384} and {@code HS512}, with the limits of RFC 7518 section 3.2. */
    static JwtKey of(String algorithm, byte[] secret) {
        int minimum = minimumBytes(algorithm);
        if (secret.length < minimum) {
            throw new IllegalArgumentException("secret for " + algorithm + " has " + secret.length + " bytes, needs "
                    + minimum + ": generate one with openssl rand -base64 " + minimum);
        }
        if (distinct(secret) < MINIMUM_DISTINCT_BYTES) {
            throw new IllegalArgumentException("secret for " + algorithm + " repeats " + distinct(secret)
                    + " different bytes: generate one with openssl rand -base64 " + minimum);
        }
        return make(algorithm, secret, false);
    }

    /**
     * A key from a secret that is too short to be safe, for tokens that an older system still issues.
     *
     * <p>Whoever holds one token can guess a short secret offline and then sign as anybody. Latchkey warns at every
     * start; rotate to {@link #hs256(byte[])} soon.
     *
     * @param algorithm {@code HS256}, {@code HS384} or {@code HS512}
     * @throws IllegalArgumentException if the secret is empty or the algorithm is another
     */
    public static JwtKey dangerouslyShortSecret(String algorithm, byte[] secret) {
        minimumBytes(algorithm);
        if (secret.length == 0) {
            throw new IllegalArgumentException("secret for " + algorithm + " is empty");
        }
        return make(algorithm, secret, true);
    }

    private static JwtKey make(String algorithm, byte[] secret, boolean weak) {
        try {
            Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
            mac.init(new SecretKeySpec(secret.clone(), "RAW"));
            return new JwtKey(
                    algorithm, null, mac, MessageDigest.getInstance("SHA-256").digest(secret), weak);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + algorithm, e);
        }
    }

    private static int minimumBytes(String algorithm) {
        Integer minimum = MINIMUM_BYTES.get(algorithm);
        if (minimum == null) {
            throw new IllegalArgumentException("algorithm " + algorithm + " is not supported: use " + SUPPORTED);
        }
        return minimum;
    }

    private static long distinct(byte[] secret) {
        boolean[] seen = new boolean[256];
        int count = 0;
        for (byte b : secret) {
            if (!seen[b & 0xff]) {
                seen[b & 0xff] = true;
                count++;
            }
        }
        return count;
    }

    /**
     * A copy that writes this id into the header of every token it signs ({@code kid}, RFC 7515 section 4.1.4).
     *
     * @throws IllegalArgumentException unless it has 1 to 64 visible ASCII characters
     */
    public JwtKey withId(String id) {
        if (!id.matches("[!-~]{1,64}")) {
            throw new IllegalArgumentException("a key id has 1 to 64 visible ASCII characters");
        }
        return new JwtKey(algorithm, id, prepared, digest, weak);
    }

    /** The {@code alg} that this key signs and verifies, and no other. */
    public String algorithm() {
        return algorithm;
    }

    /** The {@code kid} that it writes, if any. */
    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    boolean weak() {
        return weak;
    }

    boolean sameSecretAs(JwtKey other) {
        return Arrays.equals(digest, other.digest);
    }

    byte[] sign(byte[] bytes, int length) {
        Mac mac = fresh();
        mac.update(bytes, 0, length);
        return mac.doFinal();
    }

    boolean verifies(byte[] bytes, int length, byte[] signature) {
        return MessageDigest.isEqual(sign(bytes, length), signature);
    }

    /** A clone costs no more than a reset, and needs no lock and no thread local. */
    private Mac fresh() {
        try {
            return (Mac) prepared.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JCA provider's Mac cannot be cloned", e);
        }
    }

    /** Names algorithm and id, never the secret. */
    @Override
    public String toString() {
        return "JwtKey[" + algorithm + (id == null ? "" : ", " + id) + "]";
    }
}
