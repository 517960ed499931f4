package dev.latchkey.vertx;

import dev.latchkey.Claims;
import dev.latchkey.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** A store in which nothing was ever revoked, and which takes its time to say so, as a database does. */
final class SlowStore implements TokenStore {

    private static final Duration DELAY = Duration.ofMillis(20);

    private final boolean blocks;

    SlowStore() {
        this(true);
    }

    /** One that does not block says so falsely. */
    SlowStore(boolean blocks) {
        this.blocks = blocks;
    }

    /** What each question to a database takes in the tests of threads. */
    static void pause() {
        LockSupport.parkNanos(DELAY.toNanos());
    }

    @Override
    public boolean isRevoked(Claims token) {
        pause();
        return false;
    }

    @Override
    public void revoke(String issuer, String subject, String id, Instant until) {}

    @Override
    public void revokeAll(String issuer, String subject, Instant cutOff, Instant until) {}

    @Override
    public Instant cutOff(String issuer, String subject) {
        return Instant.EPOCH;
    }

    @Override
    public boolean blocks() {
        return blocks;
    }
}
