package dev.latchkey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key bound to its one algorithm (RFC 8725 section 3.1), and optionally to a key id.
 *
 * <pre>{@code
 * JwtKey.hs256(secret)                                       // openssl rand -base64 32
 * JwtKey.pem("ES256", Path.of("key.pem")).withId("2026-11")  // openssl genpkey -algorithm EC -pkeyopt …
 * }</pre>
 */
public final class JwtKey {

    private static final int MINIMUM_DISTINCT_BYTES = 8;
    private static final int GENERATED_RSA_BITS = 3072;
    private static final long LARGEST_FILE = 64 * 1024;

    private final Algorithm algorithm;
    private final @Nullable String id;
    private final Signing signing;
    private final boolean weak;

    private JwtKey(Algorithm algorithm, @Nullable String id, Signing signing, boolean weak) {
        this.algorithm = algorithm;
        this.id = id;
        this.signing = signing;
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

    /**
     * A key pair that signs and verifies.
     *
     * @param algorithm {@code RS256}, {@code RS384}, {@code RS512}, {@code PS256}, {@code PS384}, {@code PS512}, {@code
     *     ES256}, {@code ES384}, {@code ES512} or {@code EdDSA} (Ed25519)
     * @throws IllegalArgumentException if the pair is of another kind or curve, an RSA key of less than 2,048 bits, or of
     *     two halves that do not belong together
     */
    public static JwtKey of(String algorithm, KeyPair pair) {
        Algorithm bound = Algorithm.of(algorithm);
        return new JwtKey(bound, null, KeyPairSigning.of(bound, pair.getPrivate(), pair.getPublic(), null), false);
    }

    /**
     * A key pair of a JCA provider, such as one whose private key never leaves its hardware; the rest as for {@link
     * #of(String, KeyPair)}.
     *
     * @throws IllegalStateException if the provider has not the algorithm
     */
    public static JwtKey of(String algorithm, KeyPair pair, Provider provider) {
        Algorithm bound = Algorithm.of(algorithm);
        return new JwtKey(bound, null, KeyPairSigning.of(bound, pair.getPrivate(), pair.getPublic(), provider), false);
    }

    /** A public key, which verifies what another one signs; algorithms and faults as for {@link #of(String, KeyPair)}. */
    public static JwtKey verifying(String algorithm, PublicKey key) {
        Algorithm bound = Algorithm.of(algorithm);
        return new JwtKey(bound, null, KeyPairSigning.of(bound, null, key, null), false);
    }

    /**
     * A key from PEM text (RFC 7468): a private key as PKCS#8, with or without its public half; or a public key or a
     * certificate alone, which only verifies.
     *
     * @throws IllegalArgumentException if the text holds anything else: says what was found and what mends it
     */
    public static JwtKey pem(String algorithm, String text) {
        Algorithm bound = Algorithm.of(algorithm);
        if (bound.isHmac()) {
            throw new IllegalArgumentException(algorithm + " takes a secret, which is no PEM: call hs256(…)");
        }
        Pem pem = Pem.read(bound, text);
        PublicKey publicKey = pem.publicKey() != null || pem.privateKey() == null
                ? pem.publicKey()
                : PublicKeys.of(bound, pem.privateKey());
        return new JwtKey(bound, null, KeyPairSigning.of(bound, pem.privateKey(), publicKey, null), false);
    }

    /** The same from a file of at most 64 KiB, which every message names. */
    public static JwtKey pem(String algorithm, Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new IllegalArgumentException("it has " + Files.size(file) + " bytes: no key is that large");
            }
            return pem(algorithm, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalArgumentException("key file " + name(file) + " cannot be read: "
                    + e.getClass().getSimpleName());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key file " + name(file) + ": " + e.getMessage());
        }
    }

    /** Who mixes up two variables hands over the key itself. */
    private static String name(Path file) {
        String name = file.toString();
        return name.contains("-----") || name.length() > 1000 ? "(its name looks like a key)" : Log.escape(name);
    }

    /** A new random HS256 key, lost when the process ends: for tests and tools. */
    public static JwtKey generate() {
        return generate("HS256");
    }

    /** A new random key for an algorithm, lost when the process ends; RSA keys have 3,072 bits. */
    public static JwtKey generate(String algorithm) {
        Algorithm bound = Algorithm.of(algorithm);
        if (bound.isHmac()) {
            byte[] secret = new byte[bound.bytes()];
            new SecureRandom().nextBytes(secret);
            return of(algorithm, secret);
        }
        AlgorithmParameterSpec parameters = bound.isRsa()
                ? new RSAKeyGenParameterSpec(GENERATED_RSA_BITS, RSAKeyGenParameterSpec.F4)
                : bound.isEdwards() ? NamedParameterSpec.ED25519 : new ECGenParameterSpec(bound.key());
        try {
            KeyPairGenerator generator =
                    KeyPairGenerator.getInstance(bound.isRsa() ? "RSA" : bound.isEdwards() ? "Ed25519" : "EC");
            generator.initialize(parameters);
            return of(algorithm, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + algorithm, e);
        }
    }

    /** The key for one of {@code HS256}, {@code HS384} and {@code HS512}, with the limits of RFC 7518 section 3.2. */
    static JwtKey of(String algorithm, byte[] secret) {
        Algorithm bound = secretAlgorithm(algorithm);
        int minimum = bound.bytes();
        if (new String(secret, StandardCharsets.ISO_8859_1).contains("-----BEGIN")) {
            throw new IllegalArgumentException(
                    "secret for " + algorithm + " is a PEM file, whose public parts everybody "
                            + "may know: call pem(…) with the algorithm of its key");
        }
        if (secret.length < minimum) {
            throw new IllegalArgumentException("secret for " + algorithm + " has " + secret.length + " bytes, needs "
                    + minimum + ": generate one with openssl rand -base64 " + minimum);
        }
        if (distinct(secret) < MINIMUM_DISTINCT_BYTES) {
            throw new IllegalArgumentException("secret for " + algorithm + " repeats " + distinct(secret)
                    + " different bytes: generate one with openssl rand -base64 " + minimum);
        }
        return new JwtKey(bound, null, new HmacSigning(bound, secret), false);
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
        Algorithm bound = secretAlgorithm(algorithm);
        if (secret.length == 0) {
            throw new IllegalArgumentException("secret for " + algorithm + " is empty");
        }
        return new JwtKey(bound, null, new HmacSigning(bound, secret), true);
    }

    private static Algorithm secretAlgorithm(String name) {
        Algorithm algorithm = Algorithm.of(name);
        if (!algorithm.isHmac()) {
            throw new IllegalArgumentException(name + " takes a key pair, not a secret: call pem(…) or of(…)");
        }
        return algorithm;
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
        return new JwtKey(algorithm, id, signing, weak);
    }

    /**
     * A copy that signs and verifies with this JCA provider, such as a faster one.
     *
     * @throws IllegalStateException if it has not the algorithm, or its Mac cannot be cloned
     */
    public JwtKey withProvider(Provider provider) {
        return new JwtKey(algorithm, id, signing.with(provider), weak);
    }

    /** The {@code alg} that this key signs and verifies, and no other; Ed25519 goes by {@code EdDSA}. */
    public String algorithm() {
        return algorithm.header();
    }

    /** The {@code kid} that it writes, if any. */
    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    boolean weak() {
        return weak;
    }

    boolean canSign() {
        return signing.canSign();
    }

    boolean accepts(@Nullable Object headerAlgorithm) {
        return algorithm.accepts(headerAlgorithm);
    }

    boolean sameAs(JwtKey other) {
        return Arrays.equals(signing.fingerprint(), other.signing.fingerprint());
    }

    byte[] sign(byte[] bytes, int length) {
        return signing.sign(bytes, length);
    }

    boolean verifies(byte[] bytes, int length, byte[] signature) {
        return signing.verifies(bytes, length, signature);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Names algorithm and id, never the key. */
    @Override
    public String toString() {
        return "JwtKey[" + algorithm.header() + (id == null ? "" : ", " + id) + "]";
    }
}
