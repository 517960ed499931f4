package dev.latchkey;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
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

    /** Throws {@link IllegalArgumentException} that says what was found, what was expected, and never the key. */
    static Pem read(Algorithm algorithm, String text) {
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
                case "PRIVATE KEY" -> privateKey = privateKey(algorithm, der);
                case "PUBLIC KEY" -> publicKey = publicKey(algorithm, der);
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

    private static PrivateKey privateKey(Algorithm algorithm, byte[] der) {
        try {
            return factory(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw unreadable("PRIVATE KEY", algorithm);
        }
    }

    private static PublicKey publicKey(Algorithm algorithm, byte[] der) {
        try {
            return factory(algorithm).generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw unreadable("PUBLIC KEY", algorithm);
        }
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

    private static KeyFactory factory(Algorithm algorithm) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm.isRsa() ? "RSA" : algorithm.isEdwards() ? "Ed25519" : "EC");
    }

    /** The words of the parser could hold bytes of the key. */
    private static IllegalArgumentException unreadable(String label, Algorithm algorithm) {
        return new IllegalArgumentException("the block " + label + " is no key of kind " + algorithm.key() + ", which "
                + algorithm.header() + " needs: name the algorithm of this key, or make one with openssl genpkey");
    }
}
