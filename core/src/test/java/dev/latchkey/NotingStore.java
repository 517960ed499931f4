package dev.latchkey;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A store in memory that notes what it is told, says that it blocks, and can be made to fail. */
class NotingStore implements TokenStore {

    final List<String> told = new CopyOnWriteArrayList<>();
    Exception broken;
    private final TokenStore store;

    NotingStore(Clock clock) {
        this.store = TokenStore.inMemory(clock);
    }

    private <T> T note(String call, Supplier<T> answer) {
        told.add(call);
        if (broken != null) {
            throw NotingStore.<RuntimeException>sneaky(broken);
        }
        return answer.get();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E sneaky(Exception e) throws E {
        throw (E) e;
    }

    /** The calls that begin with a word. */
    List<String> told(String call) {
        return told.stream().filter(line -> line.startsWith(call + " ")).toList();
    }

    @Override
    public long generation(Subject subject) {
        return note("generation " + subject.name(), () -> store.generation(subject));
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        return note(
                "open " + subject.name() + " " + session.endsAt() + " " + first.expiresAt(),
                () -> store.open(subject, generation, session, first, most));
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        return note(
                "rotate " + subject.name() + " " + proposed.expiresAt() + " " + grace,
                () -> store.rotate(subject, session, presented, proposed, grace));
    }

    @Override
    public void revoke(Subject subject, String token, Instant until) {
        boolean unused = note("revoke " + subject.name() + " " + token + " " + until, () -> {
            store.revoke(subject, token, until);
            return true;
        });
    }

    @Override
    public boolean end(Subject subject, String session) {
        return note("end " + subject.name() + " " + session, () -> store.end(subject, session));
    }

    @Override
    public int endAll(Subject subject, String keep, Instant until) {
        return note("endAll " + subject.name() + " " + keep + " " + until, () -> store.endAll(subject, keep, until));
    }

    @Override
    public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
        return note("isLive " + subject.name(), () -> store.isLive(subject, token, session, issuedAt));
    }

    @Override
    public boolean isCurrent(Subject subject, String session, String refreshToken) {
        return note("isCurrent " + subject.name(), () -> store.isCurrent(subject, session, refreshToken));
    }

    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        return note("live " + sessions.size(), () -> store.live(sessions));
    }

    @Override
    public List<Session> sessions(Subject subject) {
        return note("sessions " + subject.name(), () -> store.sessions(subject));
    }

    @Override
    public void ping() {
        boolean unused = note("ping ", () -> true);
    }

    @Override
    public void close() {
        told.add("close ");
    }
}
