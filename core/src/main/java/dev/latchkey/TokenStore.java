package dev.latchkey;

import java.time.Instant;

/**
 * What is remembered about tokens after they were issued: which of them were revoked.
 *
 * <p>Calls block, and may come from many threads. One that throws refuses the request with {@code unavailable} (503):
 * nobody is admitted without an answer.
 */
public interface TokenStore extends AutoCloseable {

    /** Whether the token's id, its session or all tokens of its subject up to its {@code iat} were revoked: one read. */
    boolean isRevoked(Claims token);

    /** Revokes a token id or session id of a subject, remembered at least until a moment. */
    void revoke(String issuer, String subject, String id, Instant until);

    /**
     * Revokes all tokens of a subject that were issued at or before a cut-off, whole seconds; remembered at least until
     * a moment.
     */
    void revokeAll(String issuer, String subject, Instant cutOff, Instant until);

    /** The latest moment of {@link #revokeAll}, or {@link Instant#EPOCH}: new tokens are dated after it. */
    Instant cutOff(String issuer, String subject);

    /** Whether {@link #isRevoked} may wait for anything, so that no event loop may call it; true unless overridden. */
    default boolean blocks() {
        return true;
    }

    /** Throws if the store cannot answer now: for the health check. */
    default void ping() {}

    /** Lets go of connections that the store opened itself. */
    @Override
    default void close() {}
}
