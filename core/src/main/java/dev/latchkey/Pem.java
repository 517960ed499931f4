package dev.latchkey;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys as openssl writes them (RFC 7468): PKCS#8, a public key, a certificate; other forms are named with the mend. */
record Pem(@Nullable PrivateKey privateKey, @Nullable PublicKey publicKey) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final String PKCS8 =
            "write it as PKCS#8 with openssl pkcs8 -topk8 -nocrypt -in old.pem -out new.pem";

    /** What is not read, and what to do about it. */
    private static final Map<String, String> MENDS = Map.of(
            "RSA PRIVATE KEY", PKCS8,
            "EC PRIVATE KEY", PKCS8,
            "ENCRYPTED PRIVATE KEY", "take the password off with openssl pkey -in old.pem -out new.pem",
            "OPENSSH PRIVATE KEY", "write it as PKCS#8 with ssh-keygen -p -m PKCS8 -f key",
            "RSA PUBLIC KEY", "write it anew with openssl rsa -RSAPublicKey_in -in old.pem -pubout -out new.pem");

    /** A key that signs if the text holds a private key, with its public half; else one that verifies. */
    static JwtKey key(Algorithm algorithm, String text) {
        if (algorithm.isHmac()) {
            throw new IllegalArgumentException(algorithm.header() + " takes a secret, which is no PEM: call hs256(…)");
        }
        return bound(algorithm, read(text, List.of(kind(algorithm)), algorithm.header()));
    }

    /** The same with the algorithm that its kind and curve tell; an RSA key tells none. */
    static JwtKey key(String text, Algorithm ofRsa) {
        Pem pem = read(text, List.of("RSA", "EC", "Ed25519"), "signing");
        Key key = pem.privateKey() == null ? Objects.requireNonNull(pem.publicKey()) : pem.privateKey();
        return bound(PublicKeys.algorithm(key, ofRsa), pem);
    }

    private static JwtKey bound(Algorithm algorithm, Pem pem) {
        PublicKey publicKey = pem.publicKey() != null || pem.privateKey() == null
                ? pem.publicKey()
                : PublicKeys.of(algorithm, pem.privateKey());
        return JwtKey.of(algorithm, KeyPairSigning.of(algorithm, pem.privateKey(), publicKey, null));
    }

    /** Throws {@link IllegalArgumentException} that says what was found, what was expected, and never the key. */
    private static Pem read(String text, List<String> kinds, String purpose) {
        PrivateKey privateKey = null;
        PublicKey publicKey = null;
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            String label = blocks.group(1);
            if (MENDS.containsKey(label)) {
                throw new IllegalArgumentException("found " + label + ": " + MENDS.get(label));
            }
            boolean taken = label.equals("PRIVATE KEY") ? privateKey != null : publicKey != null;
            byte[] der = decoded(label, blocks.group(2));
            switch (label) {
                case "PRIVATE KEY" ->
                    privateKey = key(label, kinds, purpose, f -> f.generatePrivate(new PKCS8EncodedKeySpec(der)));
                case "PUBLIC KEY" ->
                    publicKey = key(label, kinds, purpose, f -> f.generatePublic(new X509EncodedKeySpec(der)));
                case "CERTIFICATE" -> publicKey = taken ? publicKey : certified(der); // the first of a chain
                default -> taken = false; // such as EC PARAMETERS
            }
            if (taken && !label.equals("CERTIFICATE")) {
                throw new IllegalArgumentException("found two blocks that hold a " + label + ": leave one out");
            }
        }
        if (privateKey == null && publicKey == null) {
            throw new IllegalArgumentException("found no key, expected a block PRIVATE KEY, PUBLIC KEY or CERTIFICATE: "
                    + "openssl genpkey writes such a file");
        }
        return new Pem(privateKey, publicKey);
    }

    private static byte[] decoded(String label, String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the block " + label + " is not base64: is the file whole?");
        }
    }

    private interface Reading<K> {
        K by(KeyFactory factory) throws GeneralSecurityException;
    }

    /** The words of the parser could hold bytes of the key. */
    private static <K> K key(String label, List<String> kinds, String purpose, Reading<K> reading) {
        for (String kind : kinds) {
            try {
                return reading.by(KeyFactory.getInstance(kind));
            } catch (GeneralSecurityException ignored) {
                // of another kind
            }
        }
        throw new IllegalArgumentException("the block " + label + " is no key of kind " + String.join(" or ", kinds)
                + ", which " + purpose + " needs: name the algorithm of this key, or make one with openssl genpkey");
    }

    private static PublicKey certified(byte[] der) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the block CERTIFICATE is no X.509 certificate: is the file whole?");
        }
    }

    private static String kind(Algorithm algorithm) {
        return algorithm.isRsa() ? "RSA" : algorithm.isEdwards() ? "Ed25519" : "EC";
    }
}
