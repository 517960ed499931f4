package dev.latchkey;

import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The signature algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1), each with its names in headers and in the JCA. */
enum Algorithm {
    HS256("HmacSHA256", "oct", 32),
    HS384("HmacSHA384", "oct", 48),
    HS512("HmacSHA512", "oct", 64),
    RS256("SHA256withRSA", "RSA", 0),
    RS384("SHA384withRSA", "RSA", 0),
    RS512("SHA512withRSA", "RSA", 0),
    PS256("RSASSA-PSS", "RSA", 32),
    PS384("RSASSA-PSS", "RSA", 48),
    PS512("RSASSA-PSS", "RSA", 64),
    ES256("SHA256withECDSAinP1363Format", "secp256r1", 64),
    ES384("SHA384withECDSAinP1363Format", "secp384r1", 96),
    ES512("SHA512withECDSAinP1363Format", "secp521r1", 132),
    EDDSA("Ed25519", "Ed25519", 64);

    static final String SUPPORTED =
            Arrays.stream(values()).map(Algorithm::header).collect(Collectors.joining(", "));

    private final String jca;
    private final String key;
    private final int bytes;

    Algorithm(String jca, String key, int bytes) {
        this.jca = jca;
        this.key = key;
        this.bytes = bytes;
    }

    /** Throws {@link IllegalArgumentException} for a name that is none of these. */
    static Algorithm of(String name) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.accepts(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "algorithm " + Log.escape(name) + " is not supported: use one of " + SUPPORTED));
    }

    static boolean isKnown(@Nullable Object header) {
        return Arrays.stream(values()).anyMatch(algorithm -> algorithm.accepts(header));
    }

    /** The only one that signs on a curve by its name in a JWK (RFC 7518 section 6.2.1.1); null for any other name. */
    static @Nullable Algorithm onCurve(String curve) {
        return switch (curve) {
            case "P-256" -> ES256;
            case "P-384" -> ES384;
            case "P-521" -> ES512;
            case "Ed25519" -> EDDSA;
            default -> null;
        };
    }

    /** What tokens say in {@code alg}. */
    String header() {
        return this == EDDSA ? "EdDSA" : name();
    }

    /** RFC 9864 gives Ed25519 a name of its own; both stand for the same. */
    boolean accepts(@Nullable Object header) {
        return header().equals(header) || (this == EDDSA && "Ed25519".equals(header));
    }

    String jca() {
        return jca;
    }

    /** The kind of key, or the curve. */
    String key() {
        return key;
    }

    boolean isHmac() {
        return key.equals("oct");
    }

    boolean isRsa() {
        return key.equals("RSA");
    }

    /** ECDSA, whose signatures have two forms. */
    boolean isCurve() {
        return name().startsWith("ES");
    }

    boolean isEdwards() {
        return this == EDDSA;
    }

    /** Of a secret the least bytes (RFC 7518 section 3.2), of a signature on a curve all. */
    int bytes() {
        return bytes;
    }

    /** RFC 7518 section 3.5: the salt is as long as the hash. */
    @Nullable
    AlgorithmParameterSpec parameters() {
        String hash = "SHA-" + name().substring(2);
        return switch (this) {
            case PS256 -> new PSSParameterSpec(hash, "MGF1", MGF1ParameterSpec.SHA256, bytes, 1);
            case PS384 -> new PSSParameterSpec(hash, "MGF1", MGF1ParameterSpec.SHA384, bytes, 1);
            case PS512 -> new PSSParameterSpec(hash, "MGF1", MGF1ParameterSpec.SHA512, bytes, 1);
            default -> null;
        };
    }
}
