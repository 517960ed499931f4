package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.Presented;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Rotation;
import dev.latchkey.TokenStore.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What a store must do beyond {@link StoreContract} if its data outlive its server: what a call did that returned is
 * still done after the server was killed. Set the server up to write before it answers, as its operators are told to.
 */
public abstract class DurableStoreContract extends StoreContract {

    private static final Duration LONG_GRACE = Duration.ofMinutes(10);
    private static final int RESTARTS = 2;

    /**
     * Kills the server that keeps the data, as {@code kill -9} does, and starts it again, at the same address, with what it
     * had written; returns once it answers.
     */
    protected abstract void restart();

    /** How long a node may take to find the server again. */
    Duration recovery() {
        return Duration.ofSeconds(60);
    }

    /** The nodes that were connected find the server again, by themselves. */
    private void restartAndAwait() {
        restart();
        for (TokenStore node : List.of(one, two)) {
            await("node answers after the restart", recovery(), () -> answers(() -> node.generation(alice)));
        }
    }

    private static boolean answers(Runnable call) {
        try {
            call.run();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Test
    void sessionsOutliveTheServer() {
        Opened idle = opened(alice);
        Opened before = opened(alice);
        Opened used = rotated(before);
        Opened ended = opened(alice);
        assertThat(one.end(alice, ended.id())).isTrue();
        List<Session> listed = one.sessions(alice);

        restartAndAwait();

        assertThat(two.sessions(alice)).isEqualTo(listed);
        assertThat(node().sessions(alice)).isEqualTo(listed);
        assertOver(ended);
        assertOpen(rotated(idle));
        assertThat(two.rotate(alice, before.id(), before.token().id(), token(), LONG_GRACE))
                .isEqualTo(new Rotation(Presented.REPEATED, used.token()));
        assertOpen(rotated(used));
    }

    @Test
    void reuseIsNoticedAfterARestart() {
        Opened stolen = opened(alice);
        Opened current = rotated(rotated(stolen));

        restartAndAwait();

        assertThat(rotate(two, stolen)).isEqualTo(new Rotation(Presented.REUSED, null));
        assertOver(current);
    }

    @Test
    void revocationsOutliveTheServer() {
        Opened session = opened(alice);
        String token = newId();
        one.revoke(alice, token, inAnHour());

        restartAndAwait();

        assertThat(isLive(alice, token, now())).isFalse();
        assertThat(two.isLive(alice, token, session.id(), now())).isFalse();
        assertThat(isLive(alice, newId(), now())).isTrue();
        assertOpen(session);
    }

    @Test
    void generationsOutliveTheServer() {
        assertThat(one.endAll(alice, null, inAnHour())).isZero();
        long generation = one.generation(alice);

        restartAndAwait();

        assertThat(two.generation(alice)).isEqualTo(generation);
        assertThat(open(one, new Opened(alice, session(), token()), 0, MANY)).isEmpty();
        assertThat(isLive(alice, newId(), Instant.ofEpochSecond(generation))).isFalse();
    }

    /** A call that failed may have been done or not; presenting the same token again tells, and costs no session. */
    @Test
    void restartInTheMiddleUndoesNothingThatReturned() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Worker> workers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Worker worker = new Worker(i % 2 == 0 ? one : two, i % 2 == 0 ? two : one, subject("worker " + i));
            workers.add(worker);
            Thread thread = new Thread(() -> worker.work(stop), "worker");
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((dead, reason) -> failure.compareAndSet(null, reason));
            threads.add(thread);
            thread.start();
        }
        for (int i = 0; i < RESTARTS; i++) {
            int worked = steps(workers);
            await("work before the restart", recovery(), () -> failure.get() != null || steps(workers) > worked + 100);
            restartAndAwait();
        }
        stop.set(true);
        for (Thread thread : threads) {
            thread.join(recovery().toMillis());
            assertThat(thread.isAlive()).as("worker hangs").isFalse();
        }
        if (failure.get() != null) {
            throw new AssertionError("restart in the middle: " + failure.get(), failure.get());
        }
        workers.forEach(Worker::verify);
        Race.report("restart in the middle: " + RESTARTS + " restarts, " + steps(workers) + " sessions, "
                + workers.stream().mapToInt(worker -> worker.failed).sum() + " calls that failed");
    }

    private static int steps(List<Worker> workers) {
        return workers.stream().mapToInt(worker -> worker.steps).sum();
    }

    /** A client that asks again until it is answered, and remembers what it was told. */
    private final class Worker {

        private final TokenStore node;
        private final TokenStore other;
        private final Subject subject;
        private final List<Opened> open = new ArrayList<>();
        private final List<Opened> over = new ArrayList<>();
        private final List<String> revoked = new ArrayList<>();
        private volatile int steps;
        private volatile int failed;

        Worker(TokenStore node, TokenStore other, Subject subject) {
            this.node = node;
            this.other = other;
            this.subject = subject;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, others read
        private <T> T answered(Supplier<T> call) {
            long start = System.nanoTime();
            while (true) {
                try {
                    return call.get();
                } catch (RuntimeException e) {
                    failed++;
                    if (System.nanoTime() - start > recovery().toNanos()) {
                        throw new AssertionError("no answer within " + recovery(), e);
                    }
                }
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate")
        void work(AtomicBoolean stop) {
            while (!stop.get()) {
                Opened session = answered(() -> {
                    Opened attempt = new Opened(subject, session(), token());
                    assertThat(open(node, attempt, 0, 1_000_000)).isPresent();
                    return attempt;
                });
                RefreshToken next = answered(() -> next(session));
                String token = newId();
                switch (steps % 3) {
                    case 0 -> {
                        boolean unused = answered(() -> node.end(subject, session.id()));
                        over.add(session.with(next));
                        assertThat(answered(() -> other.isLive(subject, token, session.id(), now())))
                                .as("live after its end")
                                .isFalse();
                    }
                    case 1 -> {
                        boolean unused = answered(() -> {
                            node.revoke(subject, token, inAnHour());
                            return true;
                        });
                        revoked.add(token);
                        open.add(session.with(next));
                    }
                    default -> open.add(session.with(next));
                }
                steps++;
            }
        }

        private RefreshToken next(Opened session) {
            Rotation rotation =
                    node.rotate(subject, session.id(), session.token().id(), token(), LONG_GRACE);
            if (rotation.current() == null) {
                throw new AssertionError("session lost without a cause: " + rotation.presented());
            }
            return rotation.current();
        }

        void verify() {
            assertThat(other.sessions(subject).stream().map(Session::id))
                    .as("open sessions")
                    .containsAll(open.stream().map(Opened::id).toList())
                    .doesNotContainAnyElementsOf(over.stream().map(Opened::id).toList());
            open.forEach(session -> assertThat(rotate(other, session).presented())
                    .as("successor after a restart")
                    .isEqualTo(Presented.ROTATED));
            revoked.forEach(token -> assertThat(isLive(subject, token, now())).isFalse());
        }
    }
}
