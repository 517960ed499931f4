package dev.latchkey.testkit;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A store that does what it must, for those that are to be broken: its parts are there to be overridden, one at a time. It
 * plays the server as well, which fails for a while when it is restarted.
 */
class PlainStore implements TokenStore {

    /** A session as it is kept; written as a whole. */
    record Row(Session session, RefreshToken current, String previous, Instant rotatedAt) {

        String id() {
            return session.id();
        }
    }

    /** What is kept of a subject. */
    static class Account {
        final Map<String, Row> rows = new ConcurrentHashMap<>();
        final Map<String, Instant> revoked = new ConcurrentHashMap<>();
        volatile long generation;
        volatile Instant generationUntil = Instant.EPOCH;
    }

    Map<Object, Account> accounts = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();

    /** A node of an application over this. */
    TokenStore node() {
        return this;
    }

    /** Calls fail for a while, some of them after they were done. */
    void restart() {
        failures.set(20);
    }

    /** One call, which nothing comes in between of. */
    <T> T step(String name, Supplier<T> call) {
        int failure = failures.get() > 0 ? failures.getAndDecrement() : 0;
        if (failure > 0 && failure % 2 == 0) {
            throw new IllegalStateException("connection refused");
        }
        T answer = atomically(name, call);
        if (failure > 0) {
            throw new IllegalStateException("connection reset");
        }
        return answer;
    }

    <T> T atomically(String name, Supplier<T> call) {
        synchronized (this) {
            return call.get();
        }
    }

    /** Between reading and writing. */
    void gap(String name) {}

    static void pause() {
        LockSupport.parkNanos(100_000);
    }

    Instant now() {
        return Instant.now();
    }

    Object key(Subject subject) {
        return subject;
    }

    /** How ids of sessions and tokens are kept. */
    String id(String id) {
        return id;
    }

    Account account(Subject subject) {
        return accounts.computeIfAbsent(key(subject), unknown -> new Account());
    }

    boolean isOver(Instant until) {
        return now().isAfter(until.plus(SLACK));
    }

    boolean isOver(Row row) {
        return isOver(row.current().expiresAt());
    }

    /** The row of an open session, or null. */
    Row row(Subject subject, String session) {
        Row row = account(subject).rows.get(id(session));
        return row == null || isOver(row) ? null : row;
    }

    List<Row> rows(Subject subject) {
        return account(subject).rows.values().stream()
                .filter(row -> !isOver(row))
                .sorted(Comparator.comparing((Row row) -> row.session().usedAt())
                        .reversed())
                .toList();
    }

    void put(Subject subject, Row row) {
        account(subject).rows.put(id(row.id()), row);
    }

    boolean remove(Subject subject, String session) {
        return account(subject).rows.remove(id(session)) != null;
    }

    @Override
    public long generation(Subject subject) {
        return step("generation", () -> read(subject));
    }

    long read(Subject subject) {
        Account account = account(subject);
        return isOver(account.generationUntil) ? 0 : account.generation;
    }

    boolean hasMoved(Subject subject, long generation) {
        return read(subject) != generation;
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        return step("open", () -> {
            if (hasMoved(subject, generation)) {
                return Optional.empty();
            }
            gap("open");
            List<String> ended = makeWay(subject, session, most);
            put(subject, new Row(session, first, null, Instant.EPOCH));
            return Optional.of(ended);
        });
    }

    List<String> makeWay(Subject subject, Session next, int most) {
        List<Row> rows = rows(subject);
        gap("bound");
        List<String> ended =
                rows.stream().skip(Math.max(0, most - 1)).map(Row::id).toList();
        ended.forEach(id -> remove(subject, id));
        return ended;
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        return step("rotate", () -> {
            Row row = row(subject, session);
            if (row == null) {
                return unknown(subject, session, proposed);
            }
            gap("rotate");
            if (presented.equals(row.current().id())) {
                return rotated(subject, row, proposed);
            }
            if (presented.equals(row.previous())
                    && !now().isAfter(graceFrom(row).plus(grace))) {
                return repeated(subject, row, proposed);
            }
            return reused(subject, row, presented);
        });
    }

    Rotation unknown(Subject subject, String session, RefreshToken proposed) {
        return new Rotation(Presented.ENDED, null);
    }

    Instant graceFrom(Row row) {
        return row.rotatedAt();
    }

    RefreshToken cut(Session session, RefreshToken proposed) {
        return proposed.expiresAt().isAfter(session.endsAt())
                ? new RefreshToken(proposed.id(), proposed.issuedAt(), session.endsAt())
                : proposed;
    }

    Session used(Session session, Instant at, RefreshToken proposed) {
        return new Session(session.id(), session.label(), session.startedAt(), at, session.endsAt());
    }

    Rotation rotated(Subject subject, Row row, RefreshToken proposed) {
        Instant now = now();
        RefreshToken next = cut(row.session(), proposed);
        put(
                subject,
                new Row(used(row.session(), now, proposed), next, row.current().id(), now));
        return new Rotation(Presented.ROTATED, next);
    }

    Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
        return new Rotation(Presented.REPEATED, row.current());
    }

    Rotation reused(Subject subject, Row row, String presented) {
        remove(subject, row.id());
        return new Rotation(Presented.REUSED, null);
    }

    @Override
    public void revoke(Subject subject, String token, Instant until) {
        boolean unused = step("revoke", () -> {
            Map<String, Instant> revoked = account(subject).revoked;
            Instant before = revoked.get(id(token));
            gap("revoke");
            revoked.put(id(token), kept(before, until));
            return true;
        });
    }

    Instant kept(Instant before, Instant until) {
        return before != null && before.isAfter(until) ? before : until;
    }

    @Override
    public boolean end(Subject subject, String session) {
        return step("end", () -> {
            Row row = row(subject, session);
            if (row == null) {
                return false;
            }
            gap("end");
            boolean unused = remove(subject, session);
            return true;
        });
    }

    @Override
    public int endAll(Subject subject, String keep, Instant until) {
        return step("endAll", () -> {
            List<String> others = others(subject, keep);
            gap("endAll");
            others.forEach(id -> remove(subject, id));
            raise(subject, until);
            return others.size();
        });
    }

    List<String> others(Subject subject, String keep) {
        return rows(subject).stream()
                .map(Row::id)
                .filter(id -> !id.equals(keep))
                .toList();
    }

    void raise(Subject subject, Instant until) {
        Account account = account(subject);
        long risen = Math.max(read(subject) + 1, now().getEpochSecond());
        gap("generation");
        account.generation = risen;
        account.generationUntil = kept(account.generationUntil, until);
    }

    @Override
    public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
        return step(
                "isLive",
                () -> !isRevoked(subject, token, session)
                        && (session == null ? isAfter(issuedAt, read(subject)) : row(subject, session) != null));
    }

    boolean isRevoked(Subject subject, String token, String session) {
        Instant until = account(subject).revoked.get(id(token));
        return until != null && !isOver(until);
    }

    boolean isAfter(Instant issuedAt, long generation) {
        return issuedAt.getEpochSecond() > generation;
    }

    @Override
    public boolean isCurrent(Subject subject, String session, String refreshToken) {
        return step("isCurrent", () -> isCurrent(subject, row(subject, session), refreshToken));
    }

    boolean isCurrent(Subject subject, Row row, String refreshToken) {
        return row != null && (refreshToken.equals(row.current().id()) || refreshToken.equals(row.previous()));
    }

    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        return step("live", () -> {
            Set<String> live = new HashSet<>(sessions.keySet());
            live.removeIf(id -> row(Objects.requireNonNull(sessions.get(id)), id) == null);
            return live;
        });
    }

    @Override
    public List<Session> sessions(Subject subject) {
        return step(
                "sessions",
                () -> new ArrayList<>(rows(subject).stream().map(Row::session).toList()));
    }
}
