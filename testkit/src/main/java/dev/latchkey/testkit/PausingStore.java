package dev.latchkey.testkit;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node's store whose every call waits for its turn, before and after. */
final class PausingStore implements TokenStore {

    /** Sees the rotations in the order in which the store made them. */
    interface Witness {

        void rotated(Subject subject, String session, String presented, Rotation answer);
    }

    private final TokenStore store;
    private final Schedule schedule;
    private final Witness witness;

    PausingStore(TokenStore store, Schedule schedule, Witness witness) {
        this.store = store;
        this.schedule = schedule;
        this.witness = witness;
    }

    private <T> T paused(Supplier<T> call) {
        schedule.pause();
        T answer = call.get();
        schedule.pause();
        return answer;
    }

    @Override
    public long generation(Subject subject) {
        return paused(() -> store.generation(subject));
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        return paused(() -> store.open(subject, generation, session, first, most));
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        return paused(() -> {
            Rotation answer = store.rotate(subject, session, presented, proposed, grace);
            witness.rotated(subject, session, presented, answer);
            return answer;
        });
    }

    @Override
    public void revoke(Subject subject, String token, Instant until) {
        boolean unused = paused(() -> {
            store.revoke(subject, token, until);
            return true;
        });
    }

    @Override
    public boolean end(Subject subject, String session) {
        return paused(() -> store.end(subject, session));
    }

    @Override
    public int endAll(Subject subject, @Nullable String keep, Instant until) {
        return paused(() -> store.endAll(subject, keep, until));
    }

    @Override
    public boolean isLive(Subject subject, String token, @Nullable String session, Instant issuedAt) {
        return paused(() -> store.isLive(subject, token, session, issuedAt));
    }

    @Override
    public boolean isCurrent(Subject subject, String session, String refreshToken) {
        return paused(() -> store.isCurrent(subject, session, refreshToken));
    }

    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        return paused(() -> store.live(sessions));
    }

    @Override
    public List<Session> sessions(Subject subject) {
        return paused(() -> store.sessions(subject));
    }
}
