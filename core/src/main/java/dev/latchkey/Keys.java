package dev.latchkey;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A key set at work: what it holds now, read again beside the requests before it is old, by one thread at a time, and no
 * more often than it may. A failure keeps what there was.
 */
final class Keys implements AutoCloseable {

    /** Of requests with unknown key ids no more wait for a reading under way; the others are refused at once. */
    private static final int WAITING = 16;

    /** Nor more than these while there are no keys at all: anybody can send the name of an issuer that hangs. */
    private static final int WAITING_FOR_ANY = 100;

    /** While there are no keys at all, whoever asks tries again after this time. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final KeySet set;
    private final Clock clock;
    private final Consumer<Consumer<AuthListener>> listener;
    private final Duration retireAfter;
    private final @Nullable KeyLoader loader;
    private final @Nullable ExecutorService reader;
    private final AtomicBoolean reading = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state;

    /** What is known: the keys of the last good reading, when that and the last one were, and why the last one failed. */
    private record State(
            @Nullable KeyRing ring,
            Instant readAt,
            Instant triedAt,
            @Nullable String failure) {}

    private Keys(
            KeySet set,
            Clock clock,
            Consumer<Consumer<AuthListener>> listener,
            Duration longestLife,
            @Nullable KeyLoader loader) {
        this.set = set;
        this.clock = clock;
        this.listener = listener;
        this.retireAfter = set.retireAfter().orElse(longestLife);
        this.loader = loader;
        this.reader = loader == null
                ? null
                : Executors.newSingleThreadExecutor(task -> {
                    Thread thread = new Thread(task, "latchkey-keys");
                    thread.setDaemon(true);
                    return thread;
                });
        List<KeyRing.Entry> entries = set.keys().stream()
                .map(key -> new KeyRing.Entry(key, key.signsFrom().orElse(Instant.EPOCH)))
                .toList();
        KeyRing ring = loader == null ? new KeyRing(entries, retireAfter) : null;
        this.state = new State(ring, Instant.MIN, Instant.MIN, null);
    }

    /**
     * Reads a file now, and whom it cannot reach yet beside the start.
     *
     * @throws IllegalArgumentException if a file cannot be read
     */
    static Keys open(KeySet set, Clock clock, Consumer<Consumer<AuthListener>> listener, Duration longestLife) {
        Keys keys = new Keys(set, clock, listener, longestLife, set.loader());
        if (keys.loader == null) {
            return keys;
        }
        if (keys.loader.isRemote()) {
            keys.readBeside(keys.state);
            return keys;
        }
        State read = keys.read(keys.state);
        if (read.ring() == null) {
            keys.close();
            throw new IllegalArgumentException(read.failure());
        }
        return keys;
    }

    /** The keys in force; throws {@code unavailable} if there are none to be had. */
    KeyRing.View view(Instant now) {
        State current = state;
        KeyRing ring = current.ring();
        if (loader == null && ring != null) {
            return ring.at(now);
        }
        if (isOld(current, now)) {
            if (lock.getQueueLength() >= WAITING_FOR_ANY) {
                throw AuthException.unavailable(set.name() + " are awaited by too many", null);
            }
            current = read(current);
        } else if (isDue(current, now)) {
            readBeside(current);
        }
        ring = current.ring();
        if (ring == null || isOver(current, now)) {
            throw AuthException.unavailable(set.name() + " cannot be had: " + current.failure(), null);
        }
        return ring.at(now);
    }

    /** The keys that may have signed a token, with one more reading for an id that is unknown. */
    List<JwtKey> candidates(@Nullable String id, Supplier<UnverifiedToken> token, Instant now) {
        Function<UnverifiedToken, Optional<JwtKey>> lookup = set.lookup();
        State seen = state;
        boolean known = id != null && view(now).bears(id);
        if (id != null && !known && mayReadFor(seen, now)) {
            State unused = read(seen);
            known = view(now).bears(id);
        }
        if (lookup != null && !known && (id == null || id.matches("[!-~]{1,256}"))) {
            Optional<JwtKey> found = Checks.hook("key lookup", () -> lookup.apply(token.get()));
            if (found.isPresent()) {
                return List.of(found.get());
            }
        }
        return view(now).candidates(id);
    }

    /** Whether the keys alone can tell that an algorithm is none of theirs. */
    boolean refuses(@Nullable Object algorithm, Instant now) {
        boolean fixed = loader == null && set.lookup() == null;
        return fixed ? !view(now).accepts(algorithm) : !Algorithm.isKnown(algorithm);
    }

    /** Whether a check of a token with this id would wait for a reading, or for the application. */
    boolean mayBlock(@Nullable String id, Instant now) {
        State current = state;
        if (isOld(current, now)) {
            return true;
        }
        KeyRing ring = current.ring();
        boolean unknown = ring == null || (id != null && !ring.at(now).bears(id));
        boolean asks = NonBlocking.mayBlock(set.lookup()) && (unknown || id == null);
        return asks || (unknown && id != null && mayReadFor(current, now));
    }

    /** All that were read or added, in force or not, without a look at the source. */
    List<JwtKey> known() {
        KeyRing ring = state.ring();
        return ring == null
                ? List.of()
                : ring.entries().stream().map(KeyRing.Entry::key).toList();
    }

    /** Whether a check may wait for keys at all. */
    boolean change() {
        return loader != null || set.lookup() != null;
    }

    /** Adds a key that signs after the activation delay, and then retires the one before. */
    void rotate(JwtKey next, Instant now) {
        if (loader != null) {
            throw new IllegalStateException(set.name() + " rotates when it changes: add the key there");
        }
        if (!next.canSign()) {
            throw new IllegalArgumentException(next + " is a public key, which cannot sign");
        }
        lock.lock();
        try {
            KeyRing ring = Objects.requireNonNull(state.ring());
            Instant from = next.signsFrom().orElse(now.plus(set.activationDelay()));
            KeyRing rotated = ring.with(new KeyRing.Entry(next, from));
            KeySet.checkDistinct(
                    rotated.entries().stream().map(KeyRing.Entry::key).toList());
            state = new State(rotated, now, now, null);
            changed(rotated);
        } finally {
            lock.unlock();
        }
    }

    /** What is wrong now, for operators; empty if nothing is. */
    Optional<String> problem(Instant now) {
        State current = state;
        if (current.failure() == null) {
            return Optional.empty();
        }
        return Optional.of(set.name() + ": " + current.failure()
                + (current.ring() == null ? "" : "; the last good ones are of " + current.readAt()));
    }

    /**
     * Whether tokens can be verified at all, or could if somebody asked. Where they cannot this asks: who is down gets
     * no requests that would.
     */
    boolean isUsable(Instant now) {
        State current = state;
        if (current.failure() != null && (isOld(current, now) || isDue(current, now))) {
            readBeside(current);
        }
        return current.failure() == null || (current.ring() != null && !isOver(current, now));
    }

    /** Nothing was read yet, or too long ago and nobody knows of a fault: whoever asks waits. */
    private boolean isOld(State current, Instant now) {
        if (loader == null) {
            return false;
        }
        return current.failure() == null
                ? current.ring() == null
                        || hasPassed(current.readAt(), set.pace().fresh(), now)
                : current.ring() == null && hasPassed(current.triedAt(), AGAIN, now);
    }

    private boolean isDue(State current, Instant now) {
        return current.failure() == null
                ? hasPassed(
                        current.readAt(), set.pace().fresh().minus(set.pace().rest()), now)
                : hasPassed(current.triedAt(), set.pace().apart(), now);
    }

    private boolean isOver(State current, Instant now) {
        Duration outage = set.pace().outage();
        return current.failure() != null
                && outage != null
                && hasPassed(current.readAt(), set.pace().fresh().plus(outage), now);
    }

    private boolean mayReadFor(State current, Instant now) {
        return loader != null
                && hasPassed(current.triedAt(), set.pace().apart(), now)
                && lock.getQueueLength() < WAITING;
    }

    /** Or the clock was set back by as much; a request that began just before a reading is no such clock. */
    private static boolean hasPassed(Instant since, Duration time, Instant now) {
        return since.equals(Instant.MIN) || Duration.between(since, now).abs().compareTo(time) >= 0;
    }

    private void readBeside(State seen) {
        if (reader == null || !reading.compareAndSet(false, true)) {
            return;
        }
        try {
            reader.execute(() -> {
                try {
                    State unused = read(seen);
                } finally {
                    reading.set(false);
                }
            });
        } catch (RejectedExecutionException closed) {
            reading.set(false);
        }
    }

    /** Reads once for all who saw the same. */
    private State read(State seen) {
        lock.lock();
        try {
            if (state.equals(seen) && loader != null) {
                State next = next(seen, loader);
                state = next;
                tell(seen, next);
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    private State next(State before, KeyLoader from) {
        Instant now = clock.instant();
        try {
            List<KeyRing.Entry> entries = from.load(now);
            KeyRing ring = before.ring();
            boolean same = ring != null && ring.entries().equals(entries);
            return new State(same ? ring : new KeyRing(entries, retireAfter), now, now, null);
        } catch (InterruptedException e) { // a request was given up, which tells nothing of the keys
            Thread.currentThread().interrupt();
            return new State(before.ring(), before.readAt(), now, before.failure());
        } catch (Exception e) {
            return new State(before.ring(), before.readAt(), now, KeyFile.words(e));
        }
    }

    private void tell(State before, State next) {
        String failure = next.failure();
        KeyRing ring = next.ring();
        if (failure != null) {
            if (!failure.equals(before.failure())) {
                Log.warn(set.name() + " cannot be read, nothing changes: " + failure);
            }
            listener.accept(told -> told.keysFailed(set.name(), failure));
        } else if (ring != null && !ring.equals(before.ring())) {
            changed(ring);
        }
    }

    private void changed(KeyRing ring) {
        List<String> ids = ring.entries().stream()
                .map(entry -> entry.key().id().orElse("(without an id)"))
                .toList();
        Log.info(set.name() + " now: " + Log.escape(String.join(",", ids)));
        listener.accept(told -> told.keysChanged(set.name(), ids));
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.shutdownNow();
        }
    }
}
