package dev.latchkey.benchmarks;

import dev.latchkey.benchmarks.Node.Answer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What the nodes answered while the store was up or down, and what they should not have. */
final class Tally {

    /** What clients did. */
    enum Done {
        LOGINS("logins"),
        CALLS("protected calls"),
        REFRESHES("refreshes"),
        PAIRS("refreshes by two tabs at once"),
        LOGOUTS("logouts"),
        LOGOUTS_EVERYWHERE("logouts everywhere"),
        ENDED_TRIED("requests with tokens of ended sessions"),
        RETRIED("answers 503 to what was then tried again");

        private final String text;

        Done(String text) {
            this.text = text;
        }
    }

    /** The store is up, is dead, or neither for certain. */
    enum State {
        UP,
        DOWN,
        BETWEEN
    }

    private static final class Phase {

        final String name;
        final State state;
        final long begin = System.nanoTime();
        long end;
        long good;
        long unauthorized;
        long unavailable;
        long other;
        long longest;
        long lastUnavailable;

        Phase(String name, State state) {
            this.name = name;
            this.state = state;
        }

        synchronized void count(int status, long sent, boolean current) {
            long now = System.nanoTime();
            longest = Math.max(longest, now - sent);
            if (status / 100 == 2) {
                good++;
            } else if (status == 401) {
                unauthorized++;
            } else if (status == 503) {
                unavailable++;
                lastUnavailable = current ? Math.max(lastUnavailable, sent) : lastUnavailable;
            } else {
                other++;
            }
        }
    }

    private final List<Phase> phases = new ArrayList<>();
    private final Map<Done, AtomicLong> done = new EnumMap<>(Done.class);
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private volatile Phase phase = new Phase("", State.UP);

    Tally() {
        for (Done what : Done.values()) {
            done.put(what, new AtomicLong());
        }
    }

    /** What is sent from now on belongs to this phase. */
    void enter(String name, State state) {
        Phase next = new Phase(name, state);
        phase.end = next.begin;
        phases.add(next);
        phase = next;
    }

    void count(Done what) {
        done.getOrDefault(what, new AtomicLong()).incrementAndGet();
    }

    void violation(String what) {
        violations.add(phase.name + ": " + what);
    }

    boolean isClean() {
        return violations.isEmpty();
    }

    /** Sends, and counts the answer; a dead store must be told from any other refusal. */
    Answer ask(Supplier<CompletableFuture<Answer>> request) {
        return await(sent(request));
    }

    /** A request under way. */
    record Sent(Phase phase, long at, CompletableFuture<Answer> answer) {}

    Sent sent(Supplier<CompletableFuture<Answer>> request) {
        return new Sent(phase, System.nanoTime(), request.get());
    }

    Answer await(Sent sent) {
        Answer answer;
        try {
            answer = sent.answer().join();
        } catch (CompletionException e) {
            answer = Answer.none();
            violation("no answer: " + e.getCause());
        }
        int status = answer.status();
        boolean current = sent.phase() == phase;
        sent.phase().count(status, sent.at(), current);
        boolean known = status == 200 || status == 204 || status == 401 || status == 503;
        if (!known && status != 0) {
            violation("answered " + status + " " + answer.json());
        } else if (sent.phase().state == State.DOWN && current && status != 503) {
            violation("answered " + status + " " + answer.text("code") + " without a store");
        }
        return answer;
    }

    void print() {
        phase.end = System.nanoTime();
        System.out.printf(
                "%-14s %8s %8s %8s %8s %8s %11s%n", "store", "seconds", "2xx", "401", "503", "other", "longest ms");
        for (Phase each : phases) {
            System.out.printf(
                    Locale.ROOT,
                    "%-14s %8.1f %8d %8d %8d %8d %11d%n",
                    each.name,
                    (each.end - each.begin) / 1e9,
                    each.good,
                    each.unauthorized,
                    each.unavailable,
                    each.other,
                    each.longest / 1_000_000);
        }
        done.forEach((what, times) -> System.out.printf("%8d %s%n", times.get(), what.text));
        for (Phase each : phases) {
            if (each.state == State.UP && each.lastUnavailable != 0) {
                System.out.printf("%8d ms after '%s' the last 503 was asked for%n", millis(each), each.name);
            }
        }
        System.out.printf("%8d violations%n", violations.size());
        violations.stream().limit(20).forEach(what -> System.out.println("         " + what));
    }

    private static long millis(Phase phase) {
        return (phase.lastUnavailable - phase.begin) / 1_000_000;
    }
}
