package dev.latchkey.testkit;

import dev.latchkey.Claims;
import dev.latchkey.TokenStore;
import java.time.Instant;

/** A store whose server is gone. */
final class DownStore implements TokenStore {

    @Override
    public boolean isRevoked(Claims token) {
        throw down();
    }

    @Override
    public void revoke(String issuer, String subject, String id, Instant until) {
        throw down();
    }

    @Override
    public void revokeAll(String issuer, String subject, Instant cutOff, Instant until) {
        throw down();
    }

    @Override
    public Instant cutOff(String issuer, String subject) {
        throw down();
    }

    private static IllegalStateException down() {
        return new IllegalStateException("connection refused");
    }
}
