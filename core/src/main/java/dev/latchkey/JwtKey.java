package dev.latchkey;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
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

    private final Algorithm algorithm;
    private final @Nullable String id;
    private final Signing signing;
    private final boolean weak;
    private final @Nullable Instant signsFrom;
    private final @Nullable Instant acceptedUntil;

    private JwtKey(
            Algorithm algorithm,
            @Nullable String id,
            Signing signing,
            boolean weak,
            @Nullable Instant signsFrom,
            @Nullable Instant acceptedUntil) {
        this.algorithm = algorithm;
        this.id = id;
        this.signing = signing;
        this.weak = weak;
        this.signsFrom = signsFrom;
        this.acceptedUntil = acceptedUntil;
    }

    /** A secret has no id unless it is given one: a thumbprint of it would be a hint. */
    private static JwtKey of(HmacSigning signing, Algorithm algorithm, boolean weak) {
        return new JwtKey(algorithm, null, signing, weak, null, null);
    }

    /** Who signs writes the thumbprint as its id; who only verifies answers to any id until it has one. */
    static JwtKey of(Algorithm algorithm, Signing signing) {
        String thumbprint =
                signing.canSign() ? Jwk.thumbprint(Objects.requireNonNull(signing.publicKey()), algorithm) : null;
        return new JwtKey(algorithm, thumbprint, signing, false, null, null);
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
        return of(bound, KeyPairSigning.of(bound, pair.getPrivate(), pair.getPublic(), null));
    }

    /**
     * A key pair of a JCA provider, such as one whose private key never leaves its hardware; the rest as for {@link
     * #of(String, KeyPair)}.
     *
     * @throws IllegalStateException if the provider has not the algorithm
     */
    public static JwtKey of(String algorithm, KeyPair pair, Provider provider) {
        Algorithm bound = Algorithm.of(algorithm);
        return of(bound, KeyPairSigning.of(bound, pair.getPrivate(), pair.getPublic(), provider));
    }

    /** A public key, which verifies what another one signs; algorithms and faults as for {@link #of(String, KeyPair)}. */
    public static JwtKey verifying(String algorithm, PublicKey key) {
        Algorithm bound = Algorithm.of(algorithm);
        return of(bound, KeyPairSigning.of(bound, null, key, null));
    }

    /**
     * A key from PEM text (RFC 7468): a private key as PKCS#8, with or without its public half; or a public key or a
     * certificate alone, which only verifies.
     *
     * @throws IllegalArgumentException if the text holds anything else: says what was found and what mends it
     */
    public static JwtKey pem(String algorithm, String text) {
        return Pem.key(Algorithm.of(algorithm), text);
    }

    /** The same from a file of at most 64 KiB, which every message names. */
    public static JwtKey pem(String algorithm, Path file) {
        return KeyFile.named(file, () -> pem(algorithm, KeyFile.text(file)));
    }

    /**
     * A key from a JSON Web Key (RFC 7517), private or public, with its {@code kid}, {@code nbf} and {@code exp} if it has
     * them. An RSA key or a secret must name its {@code alg}.
     *
     * @throws IllegalArgumentException if the text holds anything else: says what was found and what mends it
     */
    public static JwtKey jwk(String json) {
        return Jwk.key(Jwk.members(json), null);
    }

    /** The same from a file of at most 64 KiB, which every message names. */
    public static JwtKey jwk(Path file) {
        return KeyFile.named(file, () -> jwk(KeyFile.text(file)));
    }

    /**
     * The key pair of a PKCS#12 key store, which must hold one alone.
     *
     * @throws IllegalArgumentException if it cannot be read with this password, or holds another number of pairs
     */
    public static JwtKey pkcs12(String algorithm, Path file, char[] password) {
        return KeyFile.named(file, () -> KeyFile.pkcs12(algorithm, file, password, null));
    }

    /** The key pair of this alias in a PKCS#12 key store; faults as above. */
    public static JwtKey pkcs12(String algorithm, Path file, char[] password, String alias) {
        return KeyFile.named(file, () -> KeyFile.pkcs12(algorithm, file, password, alias));
    }

    /**
     * A secret from the Base64 text in which it is kept, of either alphabet (RFC 4648 sections 4 and 5).
     *
     * @param algorithm {@code HS256}, {@code HS384} or {@code HS512}
     * @throws IllegalArgumentException if the text is not Base64, or the secret too weak
     */
    public static JwtKey base64Secret(String algorithm, String text) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(text.strip().replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the secret for " + algorithm
                    + " is not Base64: write one with openssl rand -base64 32, or hand its bytes to hs256(…)");
        }
        return of(algorithm, secret);
    }

    /**
     * A key that is no key: signatures are made elsewhere, as by a key management service or a hardware module.
     *
     * @throws IllegalArgumentException if the public key is not fit for the algorithm, or does not fit the signatures
     */
    public static JwtKey signer(String algorithm, PublicKey publicKey, JwtSigner signer) {
        Algorithm bound = Algorithm.of(algorithm);
        return of(bound, SignerSigning.of(bound, publicKey, signer));
    }

    /** A new random HS256 key, lost when the process ends: for tests and tools. */
    public static JwtKey generate() {
        return generate("HS256");
    }

    /** A new random key for an algorithm, lost when the process ends; RSA keys have 3,072 bits. */
    public static JwtKey generate(String algorithm) {
        Algorithm bound = Algorithm.of(algorithm);
        if (!bound.isHmac()) {
            return of(algorithm, PublicKeys.generate(bound));
        }
        byte[] secret = new byte[bound.bytes()];
        new SecureRandom().nextBytes(secret);
        return of(algorithm, secret);
    }

    /** The key for one of {@code HS256}, {@code HS384} and {@code HS512}, with the limits of RFC 7518 section 3.2. */
    static JwtKey of(String algorithm, byte[] secret) {
        Algorithm bound = secretAlgorithm(algorithm);
        HmacSigning.check(bound, secret);
        return of(new HmacSigning(bound, secret), bound, false);
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
        HmacSigning.checkNoPublicKey(bound, secret);
        return of(new HmacSigning(bound, secret), bound, true);
    }

    private static Algorithm secretAlgorithm(String name) {
        Algorithm algorithm = Algorithm.of(name);
        if (!algorithm.isHmac()) {
            throw new IllegalArgumentException(name + " takes a key pair, not a secret: call pem(…) or of(…)");
        }
        return algorithm;
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
        return withAnyId(id);
    }

    /** As somebody else named it. */
    JwtKey withAnyId(String id) {
        return new JwtKey(algorithm, id, signing, weak, signsFrom, acceptedUntil);
    }

    /** A copy that signs from this moment on, for a rotation that is planned; accepted and published before as well. */
    public JwtKey signsFrom(Instant moment) {
        return new JwtKey(algorithm, id, signing, weak, moment, acceptedUntil);
    }

    /** A copy that is neither used nor accepted nor published from this moment on. */
    public JwtKey acceptedUntil(Instant moment) {
        return new JwtKey(algorithm, id, signing, weak, signsFrom, moment);
    }

    /**
     * A copy that signs and verifies with this JCA provider, such as a faster one.
     *
     * @throws IllegalStateException if it has not the algorithm, or its Mac cannot be cloned
     */
    public JwtKey withProvider(Provider provider) {
        return new JwtKey(algorithm, id, signing.with(provider), weak, signsFrom, acceptedUntil);
    }

    /** The {@code alg} that this key signs and verifies, and no other; Ed25519 goes by {@code EdDSA}. */
    public String algorithm() {
        return algorithm.header();
    }

    /** The {@code kid} that it writes: of a key pair the thumbprint (RFC 7638) unless it was given another. */
    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    boolean weak() {
        return weak;
    }

    Optional<Instant> signsFrom() {
        return Optional.ofNullable(signsFrom);
    }

    Optional<Instant> acceptedUntil() {
        return Optional.ofNullable(acceptedUntil);
    }

    /** The public half; null for a secret, which has none. */
    @Nullable
    PublicKey publicKey() {
        return signing.publicKey();
    }

    Algorithm bound() {
        return algorithm;
    }

    /** Whether a signature comes from elsewhere, and may take its time. */
    boolean isRemote() {
        return signing instanceof SignerSigning;
    }

    /** The same for the same key, and for no other. */
    byte[] fingerprint() {
        return signing.fingerprint();
    }

    boolean canSign() {
        return signing.canSign();
    }

    boolean accepts(@Nullable Object headerAlgorithm) {
        return algorithm.accepts(headerAlgorithm);
    }

    boolean sameAs(JwtKey other) {
        return Arrays.equals(fingerprint(), other.fingerprint());
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
