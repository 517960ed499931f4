package dev.latchkey;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Revocations of one process. It forgets them when the process ends, and so refuses all tokens from before its start. */
final class MemoryTokenStore implements TokenStore {

    static final int MAX_ENTRIES = 1_000_000;
    private static final int SWEEP_EVERY = 1024;

    private record Id(String issuer, String subject, String id) {}

    private record Subject(String issuer, String subject) {}

    private record CutOff(Instant at, Instant until) {}

    private final Clock clock;
    private final Instant madeAt;
    private final int maxEntries;
    private final Map<Id, Instant> revoked = new ConcurrentHashMap<>();
    private final Map<Subject, CutOff> cutOffs = new ConcurrentHashMap<>();
    private final AtomicInteger writes = new AtomicInteger();

    MemoryTokenStore(Clock clock) {
        this(clock, MAX_ENTRIES);
    }

    MemoryTokenStore(Clock clock, int maxEntries) {
        this.clock = clock;
        this.madeAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        this.maxEntries = maxEntries;
    }

    @Override
    public boolean isRevoked(Claims token) {
        return token.issuedAt().isBefore(madeAt)
                || !token.issuedAt().isAfter(cutOff(token.issuer(), token.subject()))
                || contains(token, token.id())
                || token.sessionId().filter(session -> contains(token, session)).isPresent();
    }

    private boolean contains(Claims token, String id) {
        return revoked.containsKey(new Id(token.issuer(), token.subject(), id));
    }

    @Override
    public void revoke(String issuer, String subject, String id, Instant until) {
        room();
        revoked.merge(new Id(issuer, subject, id), until, (a, b) -> a.isAfter(b) ? a : b);
    }

    @Override
    public void revokeAll(String issuer, String subject, Instant cutOff, Instant until) {
        room();
        cutOffs.merge(
                new Subject(issuer, subject), new CutOff(cutOff, until), (a, b) -> a.at().isAfter(b.at()) ? a : b);
    }

    @Override
    public Instant cutOff(String issuer, String subject) {
        CutOff cutOff = cutOffs.get(new Subject(issuer, subject));
        return cutOff == null ? Instant.EPOCH : cutOff.at();
    }

    @Override
    public boolean blocks() {
        return false;
    }

    /** A full store refuses to revoke, aloud: forgetting an older revocation would let its token in again. */
    private void room() {
        boolean full = revoked.size() + cutOffs.size() >= maxEntries;
        if (full || writes.incrementAndGet() % SWEEP_EVERY == 0) {
            Instant now = clock.instant();
            revoked.values().removeIf(until -> !until.isAfter(now));
            cutOffs.values().removeIf(cutOff -> !cutOff.until().isAfter(now));
        }
        if (full && revoked.size() + cutOffs.size() >= maxEntries) {
            throw new IllegalStateException("the memory store holds " + maxEntries + " live revocations and is full");
        }
    }
}
