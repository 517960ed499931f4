package dev.latchkey.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A number that all threads share, but for those that count apart. */
final class Count {

    private static final Object TOGETHER = new Object();
    private static final InheritableThreadLocal<Object> SIDE = new InheritableThreadLocal<>();

    private final Map<Object, AtomicInteger> numbers = new ConcurrentHashMap<>();

    /** This thread, and those it starts from here on, count apart: contracts that run side by side must not mix. */
    static void apart() {
        SIDE.set(new Object());
    }

    /** Runs what it is given on the side of the thread that asked for it: a server's threads may inherit nothing. */
    static Executor here(Executor threads) {
        Object side = SIDE.get();
        return task -> threads.execute(() -> {
            SIDE.set(side);
            task.run();
        });
    }

    int get() {
        return number().get();
    }

    void set(int value) {
        number().set(value);
    }

    void increment() {
        number().incrementAndGet();
    }

    private AtomicInteger number() {
        Object side = SIDE.get();
        return numbers.computeIfAbsent(side == null ? TOGETHER : side, none -> new AtomicInteger());
    }
}
