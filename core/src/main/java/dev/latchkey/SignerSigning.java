package dev.latchkey;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.ECDSA;
import java.security.Provider;
import java.security.PublicKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A private key that lies elsewhere, beside its public half. */
final class SignerSigning implements Signing {

    private static final byte[] PROBE = {1, 2, 3};

    private final Algorithm algorithm;
    private final KeyPairSigning verifier;
    private final JwtSigner signer;

    private SignerSigning(Algorithm algorithm, KeyPairSigning verifier, JwtSigner signer) {
        this.algorithm = algorithm;
        this.verifier = verifier;
        this.signer = signer;
    }

    /** Asks for one signature: a signer with another key is found at the start, not at the first login. */
    static SignerSigning of(Algorithm algorithm, PublicKey publicKey, JwtSigner signer) {
        SignerSigning signing =
                new SignerSigning(algorithm, KeyPairSigning.of(algorithm, null, publicKey, null), signer);
        if (!signing.verifies(PROBE, PROBE.length, signing.sign(PROBE, PROBE.length))) {
            throw new IllegalArgumentException(
                    "the signer for " + algorithm.header()
                            + " makes signatures that its public key does not verify: is it another key, or another algorithm?");
        }
        return signing;
    }

    @Override
    public byte[] sign(byte[] bytes, int length) {
        try {
            byte[] signature = signer.sign(Arrays.copyOf(bytes, length));
            if (signature == null) {
                throw new IllegalStateException("it returned null");
            }
            return algorithm.isCurve() && signature.length != algorithm.bytes() ? joined(signature) : signature;
        } catch (Exception e) {
            throw AuthException.unavailable("the signer for " + algorithm.header() + " failed", e);
        }
    }

    private byte[] joined(byte[] der) throws JOSEException {
        return ECDSA.transcodeSignatureToConcat(der, algorithm.bytes());
    }

    @Override
    public boolean verifies(byte[] bytes, int length, byte[] signature) {
        return verifier.verifies(bytes, length, signature);
    }

    @Override
    public boolean canSign() {
        return true;
    }

    @Override
    public PublicKey publicKey() {
        return verifier.publicKey();
    }

    /** For verifying: the signer signs as ever. */
    @Override
    public SignerSigning with(@Nullable Provider provider) {
        return new SignerSigning(algorithm, verifier.with(provider), signer);
    }

    @Override
    public byte[] fingerprint() {
        return verifier.fingerprint();
    }
}
