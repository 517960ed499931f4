package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Has threads call a store at once, round after round, and tells which orders it met. */
final class Race implements AutoCloseable {

    /** From so many rounds on, an order that was never met means that nothing raced. */
    private static final int ENOUGH = 1000;

    private static final long LONGEST_HEAD_START = 2_000_000;
    private static final System.Logger LOG = System.getLogger("dev.latchkey.testkit");

    private final String name;
    private final int rounds;
    private final long seed = Long.getLong("latchkey.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, Integer> met = new TreeMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "race");
        thread.setDaemon(true);
        return thread;
    });

    /** How long a call takes, to let each thread be the first now and then. */
    private volatile long typical = 1000;

    Race(String name, int rounds) {
        this.name = name;
        this.rounds = rounds;
    }

    /** One round: what it sets up, lets run at once and then demands. */
    interface Round {

        /** Returns the order that it met. */
        String run(int number);
    }

    /** Tells what was met, in one line. */
    static void report(String line) {
        LOG.log(System.Logger.Level.INFO, line);
    }

    /** Runs all rounds; each of these orders must have been met, if any are given. */
    void run(Round round, String... orders) {
        for (int i = 0; i < rounds; i++) {
            try {
                met.merge(round.run(i), 1, Integer::sum);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("race '" + name + "', round " + i + " with -Dlatchkey.seed=" + seed, e);
            }
        }
        report("race " + name + ": " + rounds + " rounds, " + met);
        if (rounds >= ENOUGH && orders.length > 0) {
            assertThat(met).as("what the race '%s' met", name).containsKeys(orders);
        }
    }

    /** Lets these run at once, and answers what they returned. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    final <T> List<T> together(Callable<? extends T>... racers) {
        return together(Arrays.asList(racers));
    }

    <T> List<T> together(List<? extends Callable<? extends T>> racers) {
        AtomicInteger missing = new AtomicInteger(racers.size());
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, racers.size()).boxed().toList());
        Collections.shuffle(order, random); // the last to arrive starts first
        Map<Integer, Future<T>> futures = new TreeMap<>();
        for (int number : order) {
            Callable<? extends T> racer = racers.get(number);
            long headStart = (long) (random.nextDouble() * 2 * typical);
            futures.put(number, threads.submit(() -> {
                missing.decrementAndGet();
                spin(() -> missing.get() == 0);
                long start = System.nanoTime();
                spin(() -> System.nanoTime() - start >= headStart);
                long begin = System.nanoTime();
                T answer = racer.call();
                typical = Math.min(LONGEST_HEAD_START, (typical * 7 + System.nanoTime() - begin) / 8);
                return answer;
            }));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> future : futures.values()) {
            answers.add(answer(future));
        }
        return answers;
    }

    /** To start together, none may sleep: waking up takes longer than a call. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void spin(BooleanSupplier until) {
        while (!until.getAsBoolean()) {
            Thread.yield();
        }
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw new AssertionError("a call failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("a call hangs", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
