package dev.latchkey.testkit;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store whose server is gone. */
class DownStore implements TokenStore {

    @Override
    public long generation(Subject subject) {
        throw down();
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        throw down();
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        throw down();
    }

    @Override
    public void revoke(Subject subject, String token, Instant until) {
        throw down();
    }

    @Override
    public boolean end(Subject subject, String session) {
        throw down();
    }

    @Override
    public int endAll(Subject subject, @Nullable String keep, Instant until) {
        throw down();
    }

    @Override
    public boolean isLive(Subject subject, String token, @Nullable String session, Instant issuedAt) {
        throw down();
    }

    @Override
    public boolean isCurrent(Subject subject, String session, String refreshToken) {
        throw down();
    }

    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        throw down();
    }

    @Override
    public List<Session> sessions(Subject subject) {
        throw down();
    }

    private static IllegalStateException down() {
        return new IllegalStateException("connection refused");
    }
}
