package dev.latchkey;

/**
 * Signs where the private key lies: in a key management service, a hardware module, another process. It blocks, and may
 * be called by many threads at once; what it throws refuses the request with {@code unavailable} (503).
 *
 * <pre>{@code
 * JwtKey.signer("ES256", publicKey, bytes -> kms.sign(bytes))
 * }</pre>
 */
@FunctionalInterface
public interface JwtSigner {

    /**
     * The signature of these bytes, hashed by the signer as the algorithm says (RFC 7518 section 3); on an elliptic curve
     * as R and S or in DER, which is turned into R and S.
     */
    byte[] sign(byte[] bytes) throws Exception;
}
