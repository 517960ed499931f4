package dev.latchkey.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets one of several actors go on at a time, from pause to pause, in an order that a seed decides: the same seed, the
 * same order. Whoever goes on holds the baton, and it alone touches what they share.
 */
final class Schedule implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "actor");
        thread.setDaemon(true);
        return thread;
    });

    /** Those that have not finished; empty while nothing is scheduled. */
    private final List<Semaphore> waiting = new ArrayList<>();

    private Random random = new Random(0);
    private @Nullable Semaphore current;

    /** Runs the actors to their ends; throws what the first of them threw. */
    void run(Random order, List<Runnable> actors) {
        random = order;
        Semaphore finished = new Semaphore(0);
        List<Future<?>> results = new ArrayList<>();
        for (Runnable actor : actors) {
            Semaphore turn = new Semaphore(0);
            waiting.add(turn);
            results.add(threads.submit(() -> {
                await(turn);
                try {
                    actor.run();
                } finally {
                    waiting.remove(turn);
                    current = null;
                    if (waiting.isEmpty()) {
                        finished.release();
                    } else {
                        pass();
                    }
                }
            }));
        }
        pass();
        await(finished);
        for (Future<?> result : results) {
            try {
                Object unused = result.get();
            } catch (ExecutionException e) {
                throw new AssertionError("an actor failed: " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Gives the baton to whoever comes next, which may be the same; nothing where nothing is scheduled. */
    void pause() {
        Semaphore mine = current;
        if (mine != null) {
            pass();
            await(mine);
        }
    }

    private void pass() {
        Semaphore next = waiting.get(random.nextInt(waiting.size()));
        current = next;
        next.release();
    }

    private static void await(Semaphore turn) {
        try {
            if (!turn.tryAcquire(1, TimeUnit.MINUTES)) {
                throw new AssertionError("an actor hangs in a call of the store");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
