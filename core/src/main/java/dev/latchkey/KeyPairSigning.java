package dev.latchkey;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/** A public key that verifies, and the private one that signs if it is known. */
final class KeyPairSigning implements Signing {

    private static final byte[] PROBE = {1, 2, 3};

    private final Algorithm algorithm;
    private final @Nullable PrivateKey privateKey;
    private final PublicKey publicKey;
    private final @Nullable Provider provider;

    private KeyPairSigning(
            Algorithm algorithm, @Nullable PrivateKey privateKey, PublicKey publicKey, @Nullable Provider provider) {
        this.algorithm = algorithm;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.provider = provider;
    }

    /** Throws {@link IllegalArgumentException} if the key is not fit for the algorithm, or the halves do not fit. */
    static KeyPairSigning of(
            Algorithm algorithm,
            @Nullable PrivateKey privateKey,
            @Nullable PublicKey publicKey,
            @Nullable Provider provider) {
        if (publicKey == null) {
            throw new IllegalArgumentException("the key pair for " + algorithm.header() + " has no public half");
        }
        PublicKeys.check(algorithm, publicKey);
        KeyPairSigning signing = new KeyPairSigning(algorithm, privateKey, publicKey, provider);
        signing.prove();
        return signing;
    }

    @Override
    public KeyPairSigning with(@Nullable Provider other) {
        KeyPairSigning signing = new KeyPairSigning(algorithm, privateKey, publicKey, other);
        signing.prove();
        return signing;
    }

    /** A key that fails is found at the start, not at the first login. */
    private void prove() {
        try {
            Signature verifier = verifier();
            if (privateKey == null) {
                return;
            }
            Signature signer = signer(privateKey);
            signer.update(PROBE);
            verifier.update(PROBE);
            if (!verifier.verify(signer.sign())) {
                throw new IllegalArgumentException(
                        "the private key for " + algorithm.header() + " does not belong to the public key");
            }
        } catch (InvalidKeyException | SignatureException e) {
            throw new IllegalArgumentException(
                    "the key is no good for " + algorithm.header() + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    @Override
    public byte[] sign(byte[] bytes, int length) {
        if (privateKey == null) {
            throw new IllegalStateException("a public key for " + algorithm.header() + " cannot sign");
        }
        try {
            Signature signer = signer(privateKey);
            signer.update(bytes, 0, length);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with " + algorithm.header() + " failed", e);
        }
    }

    @Override
    public boolean verifies(byte[] bytes, int length, byte[] signature) {
        if (!hasShape(signature)) {
            return false;
        }
        try {
            Signature verifier = verifier();
            verifier.update(bytes, 0, length);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false; // of a wrong length, or not on the curve
        } catch (GeneralSecurityException | RuntimeException e) { // a provider's hardware that does not answer
            throw AuthException.unavailable("verifying with " + algorithm.header() + " failed", e);
        }
    }

    /** RFC 7518 section 3.4, and never the zeros that JDKs have taken for good (CVE-2022-21449). */
    private boolean hasShape(byte[] signature) {
        if (algorithm.isRsa()) {
            return true;
        }
        if (signature.length != algorithm.bytes()) {
            return false;
        }
        int half = signature.length / 2;
        return algorithm.isEdwards() || (!isZero(signature, 0, half) && !isZero(signature, half, signature.length));
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean canSign() {
        return privateKey != null;
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public byte[] fingerprint() {
        return JwtKey.sha256(publicKey.getEncoded());
    }

    private Signature signer(PrivateKey key) throws GeneralSecurityException {
        Signature signature = signature();
        signature.initSign(key);
        return with(signature);
    }

    private Signature verifier() throws GeneralSecurityException {
        Signature signature = signature();
        signature.initVerify(publicKey);
        return with(signature);
    }

    private Signature signature() throws GeneralSecurityException {
        return provider == null
                ? Signature.getInstance(algorithm.jca())
                : Signature.getInstance(algorithm.jca(), provider);
    }

    /** After the key: it is the key that chooses among providers. */
    private Signature with(Signature signature) throws GeneralSecurityException {
        AlgorithmParameterSpec parameters = algorithm.parameters();
        if (parameters != null) {
            signature.setParameter(parameters);
        }
        return signature;
    }

    private IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException(
                (provider == null ? "this JDK" : "provider " + provider.getName()) + " has no " + algorithm.header(),
                e);
    }
}
