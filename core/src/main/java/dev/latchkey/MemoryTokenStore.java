package dev.latchkey;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sessions and revocations of one process. It forgets them when the process ends, and so logs everybody out. */
final class MemoryTokenStore implements TokenStore {

    static final int MAX_ENTRIES = 1_000_000;
    private static final int SWEPT_PER_WRITE = 4;

    /** All that is kept of a subject; its monitor is what makes a call atomic. */
    private static final class Account {
        final Map<String, Family> families = new HashMap<>(2);
        final Map<String, Instant> revoked = new HashMap<>(2);
        long generation;
        Instant generationUntil = Instant.EPOCH;
        boolean gone;

        boolean isEmpty() {
            return families.isEmpty() && revoked.isEmpty() && generation == 0;
        }
    }

    /** A session with the refresh tokens that it takes. */
    private static final class Family {
        final String label;
        final Instant startedAt;
        final Instant endsAt;
        RefreshToken current;

        @Nullable
        String previous;

        Instant usedAt;

        Family(Session session, RefreshToken first) {
            label = session.label();
            startedAt = session.startedAt();
            usedAt = session.usedAt();
            endsAt = session.endsAt();
            current = first;
        }

        Session session(String id) {
            return new Session(id, label, startedAt, usedAt, endsAt);
        }

        boolean isOver(Instant now) {
            return MemoryTokenStore.isOver(current.expiresAt(), now);
        }
    }

    private final Clock clock;
    private final Instant madeAt;
    private final int maxEntries;
    private final Map<Subject, Account> accounts = new ConcurrentHashMap<>();
    private final AtomicInteger entries = new AtomicInteger();
    private Iterator<Map.Entry<Subject, Account>> broom = accounts.entrySet().iterator();

    MemoryTokenStore(Clock clock, int maxEntries) {
        this(clock, maxEntries, clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Tokens without a session that were made before this moment are refused: they may have been revoked. */
    MemoryTokenStore(Clock clock, int maxEntries, Instant madeAt) {
        if (maxEntries < 1) {
            throw new IllegalArgumentException("maxEntries is " + maxEntries + ", needs at least 1");
        }
        this.clock = clock;
        this.madeAt = madeAt;
        this.maxEntries = maxEntries;
    }

    /** Looks at what is kept of a subject, if anything is. */
    private <T> T read(Subject subject, T nothing, Function<Account, T> question) {
        Account account = accounts.get(subject);
        if (account == null) {
            return nothing;
        }
        synchronized (account) {
            return question.apply(account);
        }
    }

    private <T> T write(Subject subject, Function<Account, T> change) {
        while (true) {
            Account account = accounts.computeIfAbsent(subject, unknown -> new Account());
            synchronized (account) {
                if (!account.gone) {
                    try {
                        return change.apply(account);
                    } finally {
                        drop(subject, account);
                    }
                }
            }
        }
    }

    private void drop(Subject subject, Account account) {
        if (account.isEmpty()) {
            account.gone = true;
            accounts.remove(subject, account);
        }
    }

    @Override
    public long generation(Subject subject) {
        return read(subject, 0L, account -> account.generation);
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        room();
        return write(subject, account -> {
            if (account.generation != generation) {
                return Optional.empty();
            }
            List<String> ended = account.families.size() < most ? List.of() : makeWay(account, most);
            account.families.put(session.id(), new Family(session, first));
            entries.incrementAndGet();
            return Optional.of(ended);
        });
    }

    /** Ends the sessions unused for longest, so that there is one less than at most. */
    private List<String> makeWay(Account account, int most) {
        sweep(account);
        List<String> ended = account.families.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().usedAt))
                .limit(Math.max(0, account.families.size() + 1 - most))
                .map(Map.Entry::getKey)
                .toList();
        ended.forEach(id -> forget(account, id));
        return ended;
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        Rotation none = new Rotation(Presented.ENDED, null);
        return read(subject, none, account -> {
            Instant now = clock.instant();
            Family family = account.families.get(session);
            if (family == null || family.isOver(now)) {
                return none;
            }
            if (presented.equals(family.current.id())) {
                Instant end = proposed.expiresAt().isAfter(family.endsAt) ? family.endsAt : proposed.expiresAt();
                family.previous = family.current.id();
                family.current = new RefreshToken(proposed.id(), proposed.issuedAt(), end);
                family.usedAt = now;
                return new Rotation(Presented.ROTATED, family.current);
            }
            if (presented.equals(family.previous) && !now.isAfter(family.usedAt.plus(grace))) {
                return new Rotation(Presented.REPEATED, family.current);
            }
            forget(account, session);
            drop(subject, account);
            return new Rotation(Presented.REUSED, null);
        });
    }

    private boolean forget(Account account, String session) {
        boolean known = account.families.remove(session) != null;
        if (known) {
            entries.decrementAndGet();
        }
        return known;
    }

    @Override
    public void revoke(Subject subject, String token, Instant until) {
        room();
        write(subject, account -> {
            Instant before = account.revoked.put(token, until);
            if (before == null) {
                entries.incrementAndGet();
            } else if (before.isAfter(until)) {
                account.revoked.put(token, before);
            }
            return true;
        });
    }

    @Override
    public boolean end(Subject subject, String session) {
        return read(subject, false, account -> {
            boolean open = isOpen(account, session);
            boolean unused = forget(account, session);
            drop(subject, account);
            return open;
        });
    }

    @Override
    public int endAll(Subject subject, @Nullable String keep, Instant until) {
        return write(subject, account -> {
            sweep(account);
            long now = clock.instant().getEpochSecond();
            entries.addAndGet(account.generation == 0 ? 1 : 0);
            account.generation = Math.max(account.generation + 1, now);
            account.generationUntil = until.isAfter(account.generationUntil) ? until : account.generationUntil;
            List<String> others = account.families.keySet().stream()
                    .filter(session -> !session.equals(keep))
                    .toList();
            others.forEach(session -> forget(account, session));
            return others.size();
        });
    }

    @Override
    public boolean isLive(Subject subject, String token, @Nullable String session, Instant issuedAt) {
        boolean unknown = session == null && !issuedAt.isBefore(madeAt);
        return read(subject, unknown, account -> {
            if (account.revoked.containsKey(token)) {
                return false;
            }
            return session == null
                    ? unknown && issuedAt.getEpochSecond() > account.generation
                    : isOpen(account, session);
        });
    }

    @Override
    public boolean isCurrent(Subject subject, String session, String refreshToken) {
        return read(subject, false, account -> {
            Family family = account.families.get(session);
            return family != null
                    && isOpen(account, session)
                    && (refreshToken.equals(family.current.id()) || refreshToken.equals(family.previous));
        });
    }

    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        return sessions.entrySet().stream()
                .filter(entry -> read(entry.getValue(), false, account -> isOpen(account, entry.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public List<Session> sessions(Subject subject) {
        Instant now = clock.instant();
        return read(
                subject,
                List.of(),
                account -> account.families.entrySet().stream()
                        .filter(entry -> !entry.getValue().isOver(now))
                        .map(entry -> entry.getValue().session(entry.getKey()))
                        .sorted(Comparator.comparing(Session::usedAt).reversed())
                        .toList());
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public List<String> warnings() {
        return List.of("sessions are kept in memory: for one node only, and after a restart everybody logs in again; "
                + "set store(…) to share and keep them");
    }

    /** A full store refuses to remember more, aloud: forgetting a revocation would let its token in again. */
    private synchronized void room() {
        boolean full = entries.get() >= maxEntries;
        for (int i = full ? accounts.size() : SWEPT_PER_WRITE; i > 0; i--) {
            if (!broom.hasNext()) {
                broom = accounts.entrySet().iterator();
            }
            if (broom.hasNext()) {
                sweep(broom.next());
            }
        }
        if (entries.get() >= maxEntries) {
            throw new IllegalStateException("the memory store holds " + maxEntries
                    + " live sessions and revocations and is full: use one that several nodes can share");
        }
    }

    private void sweep(Map.Entry<Subject, Account> entry) {
        Account account = entry.getValue();
        synchronized (account) {
            sweep(account);
            drop(entry.getKey(), account);
        }
    }

    private void sweep(Account account) {
        Instant now = clock.instant();
        int before = account.families.size() + account.revoked.size();
        account.families.values().removeIf(family -> family.isOver(now));
        account.revoked.values().removeIf(until -> isOver(until, now));
        int after = account.families.size() + account.revoked.size();
        if (account.generation != 0 && isOver(account.generationUntil, now)) {
            account.generation = 0;
            after--;
        }
        entries.addAndGet(after - before);
    }

    /** What is over admits nothing, swept or not. */
    private boolean isOpen(Account account, String session) {
        Family family = account.families.get(session);
        return family != null && !family.isOver(clock.instant());
    }

    private static boolean isOver(Instant until, Instant now) {
        return now.isAfter(until.plus(SLACK));
    }
}
