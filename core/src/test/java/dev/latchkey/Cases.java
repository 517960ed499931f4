package dev.latchkey;

import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Runs a property over random cases, each from a seed of its own, so that a failure names the one to run again.
 *
 * <p>{@code -Dlatchkey.cases=1000000} runs so many of each property, {@code -Dlatchkey.seed=7} others,
 * {@code -Dlatchkey.case=1234} that one alone.
 */
final class Cases {

    private static final int BY_DEFAULT = 3_000;
    private static final long CASES = Long.getLong("latchkey.cases", BY_DEFAULT);
    private static final long SEED = Long.getLong("latchkey.seed", 8725);
    private static final long ONLY = Long.getLong("latchkey.case", -1);

    private final Map<String, Long> counts = new TreeMap<>();

    private Cases() {}

    interface Property {
        void holds(SplittableRandom random, Cases cases) throws Exception;
    }

    static Cases run(String name, Property property) {
        Cases cases = new Cases();
        long start = System.nanoTime();
        long number = ONLY >= 0 ? ONLY : 0;
        long end = ONLY >= 0 ? ONLY + 1 : CASES;
        try {
            for (; number < end; number++) {
                property.holds(new SplittableRandom(SEED * 0x9E3779B97F4A7C15L + number), cases);
            }
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    name + " fails: run it again with -Dlatchkey.seed=" + SEED + " -Dlatchkey.case=" + number + "\n"
                            + e,
                    e);
        }
        if (CASES != BY_DEFAULT) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d cases in %.1f s %s%n",
                    name,
                    end - (ONLY >= 0 ? ONLY : 0),
                    (System.nanoTime() - start) / 1e9,
                    cases.counts);
        }
        return cases;
    }

    /** Counts what came of a case, to show that a property is not empty. */
    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    long counted(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** Whether counts can be asserted: not where few cases run. */
    boolean isWhole() {
        return ONLY < 0 && CASES >= BY_DEFAULT;
    }
}
