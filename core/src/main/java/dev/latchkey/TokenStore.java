package dev.latchkey;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a request: the sessions that logins opened, and the tokens that were revoked.
 *
 * <p>It is an allow-list of sessions: one that it does not hold is over, so that whatever a store loses logs out and
 * never lets in. Each call is one atomic step, blocks, and may come from many threads and nodes. A call that throws
 * refuses the request with {@code unavailable} (503): nobody is admitted without an answer. What a call does once it
 * returned, it has done for every node. Grace and expiry go by the store's own clock. A session is over, besides being
 * ended, once its refresh token expired {@link #SLACK} ago: from then on it is as if it had never been. Names, ids and
 * labels are any text; moments count to the millisecond at least, up to the year 9999.
 *
 * <p>{@code StoreContract} of latchkey-testkit holds every store to this.
 */
public interface TokenStore extends AutoCloseable {

    /** How much longer than it says an entry is kept at least, as the clocks of nodes and store may differ. */
    Duration SLACK = Duration.ofMinutes(2);

    /** Who has sessions and tokens: an identity is an issuer together with a subject. */
    record Subject(String issuer, String name) {

        /** SHA-256 of issuer, name and more: a key of 32 bytes for text of any length, which never runs together. */
        public byte[] digest(String... more) {
            try {
                MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                Stream.concat(Stream.of(issuer, name), Stream.of(more)).forEach(part -> {
                    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Character.BYTES * part.length());
                    bytes.putInt(part.length()).asCharBuffer().put(part);
                    sha256.update(bytes.array());
                });
                return sha256.digest();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    /** A refresh token as a store knows it: enough to make it again, never its text. */
    record RefreshToken(String id, Instant issuedAt, Instant expiresAt) {}

    /** What became of a refresh token that was presented. */
    enum Presented {
        /** It was the current one: the proposed token has taken its place. */
        ROTATED,
        /** It was the one before, within the grace: its successor is handed out once more. */
        REPEATED,
        /** It was neither: somebody holds a copy. The session is over. */
        REUSED,
        /** There is no such session, or not any more. */
        ENDED
    }

    /** The answer to a rotation, with the session's refresh token from now on; null if the session is over. */
    record Rotation(Presented presented, @Nullable RefreshToken current) {}

    /** A store in this process's memory, for one node, with at most a million sessions and revoked tokens. */
    static TokenStore inMemory(Clock clock) {
        return inMemory(clock, MemoryTokenStore.MAX_ENTRIES);
    }

    /** A store in memory with this bound, at least 1: when it is full of live entries it refuses new ones, aloud. */
    static TokenStore inMemory(Clock clock, int maxEntries) {
        return new MemoryTokenStore(clock, maxEntries);
    }

    /**
     * The subject's generation: 0, or the second since 1970 up to which all of its tokens were ended. It rises with each
     * {@link #endAll}. A login reads it before it checks the password, and {@link #open} takes it.
     */
    long generation(Subject subject);

    /**
     * Opens a session with its first refresh token, unless this is not the generation. Beyond the bound it ends those of
     * the subject's other sessions that were unused for longest.
     *
     * @param most how many sessions the subject may have, this one included
     * @return the ids of the sessions that it ended; empty if the generation has moved and nothing was opened
     */
    Optional<List<String>> open(Subject subject, long generation, Session session, RefreshToken first, int most);

    /**
     * Exchanges a refresh token that is genuine and not expired. The session's current one is replaced by the proposed,
     * whose expiry is cut at the session's end. The one before gets the same successor again, while that was not
     * presented itself and its rotation is not longer ago than the grace, however often. Any other ends the session, a
     * proposed one that was not taken included. A session is used when it is rotated.
     */
    Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace);

    /** Revokes one token, remembered until a moment: of several, the latest. */
    void revoke(Subject subject, String token, Instant until);

    /** Ends one session; false if the subject has no such session. */
    boolean end(Subject subject, String session);

    /**
     * Ends all sessions of a subject but the one to keep, if any, and all of its tokens without a session that were
     * issued up to this second; raises the generation, which is remembered until a moment: of several, the latest.
     *
     * @return how many sessions it ended
     */
    int endAll(Subject subject, @Nullable String keep, Instant until);

    /**
     * Whether a token may be admitted, in one read: it was not revoked, and its session is open. One without a session
     * must have been issued after the second of the subject's generation.
     */
    boolean isLive(Subject subject, String token, @Nullable String session, Instant issuedAt);

    /**
     * Whether a session is open and a refresh token is its current one, or the one before: for whoever takes refresh
     * tokens without exchanging them.
     */
    boolean isCurrent(Subject subject, String session, String refreshToken);

    /** Those of these sessions (ids, each with its subject) that are open, in one batched read: for open streams. */
    Set<String> live(Map<String, Subject> sessions);

    /** The open sessions of a subject, the latest used first. */
    List<Session> sessions(Subject subject);

    /** Whether calls may wait for anything, so that no event loop may make them; true unless overridden. */
    default boolean blocks() {
        return true;
    }

    /** Throws if the store cannot answer now: for the health check. */
    default void ping() {
        generation(new Subject("", ""));
    }

    /**
     * What an operator should know about this store when the application starts: each a sentence with the mend. A store
     * that throws is warned of, and the application starts.
     */
    default List<String> warnings() {
        return List.of();
    }

    /** Lets go of connections that the store opened itself. */
    @Override
    default void close() {}
}
