package dev.latchkey.vertx;

import static dev.latchkey.LatchkeyBuilder.nonBlocking;

import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prints what protection costs, and what a store and a user loader that each take 20 ms do to routes without
 * protection. Not a test.
 *
 * <pre>
 * ./mvnw -ntp -q -pl adapters/vertx -am test-compile exec:exec
 * </pre>
 *
 * <p>One server with one event loop serves all routes, to clients on one loop of the same machine: only ratios mean
 * anything, each of two figures of the same round, and their median, since other programs disturb. The load beside the
 * open route is 64 clients for 20 threads, so that all of these wait all the time, and yet answer at most 500 requests a
 * second: what the open route loses, it loses to blocked threads, hardly to the work of the load.
 */
public final class Throughput {

    private static final int ROUNDS = 20;
    private static final Duration SETTLING = Duration.ofMillis(500);
    private static final Duration MEASURED = Duration.ofSeconds(1);
    private static final String ROW = "%-44s %24s %20s %20s %9s %9s%n";

    private final Vertx server = Vertx.vertx(BlockedLoops.options());
    private final Vertx client = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final JwtKey key = JwtKey.generate();
    private final BlockedLoops blocked = new BlockedLoops();

    /** Clients that ask for a path, and others that ask for another meanwhile. */
    private record Line(
            String what,
            Clients clients,
            String path,
            @Nullable Clients others,
            String otherPath,
            List<Double> perSecond,
            List<Double> othersPerSecond,
            LongAdder warnings,
            LongAdder paused) {

        static Line of(String what, Clients clients, String path) {
            return of(what, clients, path, null, "");
        }

        static Line of(String what, Clients clients, String path, @Nullable Clients others, String otherPath) {
            return new Line(
                    what,
                    clients,
                    path,
                    others,
                    otherPath,
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new LongAdder(),
                    new LongAdder());
        }

        long othersAnswered() {
            return others == null ? 0 : others.answered();
        }

        String rate() {
            return spread(perSecond, "%.0f");
        }

        String othersRate() {
            return spread(othersPerSecond, "%.0f");
        }

        String of(Line reference) {
            return spread(
                    IntStream.range(0, perSecond.size())
                            .mapToObj(i -> 100 * perSecond.get(i) / reference.perSecond.get(i))
                            .toList(),
                    "%.1f");
        }

        private static String spread(List<Double> values, String format) {
            double[] sorted =
                    values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            int last = sorted.length - 1;
            String all = format + " (" + format + "-" + format + ")";
            return String.format(Locale.ROOT, all, sorted[last / 2], sorted[last / 4], sorted[last - last / 4]);
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Throughput throughput = new Throughput();
        try {
            throughput.run();
        } finally {
            Server.await(throughput.client.close());
            Server.await(throughput.server.close());
        }
    }

    private void run() throws InterruptedException {
        int port = listen();
        String token = settings().build().accessToken("alice"); // the stores refuse tokens from before their start
        try (Clients few = Clients.connect(client, port, 32, token);
                Clients more = Clients.connect(client, port, 64, token);
                Clients most = Clients.connect(client, port, 320, token)) {
            Line bare = Line.of("no protection", few, "/bare");
            Line open = Line.of("open", few, "/open");
            Line beside = Line.of("open, beside 64 clients of 'waits'", few, "/open", more, "/me");
            Line quick = Line.of("protected, nothing blocks", few, "/quick");
            Line hop = Line.of("protected, might block, does not", few, "/hop");
            Line waits = Line.of("protected, waits, 20 threads, 64 clients", more, "/me");
            Line wide = Line.of("protected, waits, 200 threads, 320 clients", most, "/wide");
            Line lie = Line.of("open, beside 64 clients waiting on the loop", few, "/open", more, "/lie");
            List<Line> lines = List.of(bare, open, beside, quick, hop, waits, wide, lie);
            for (int round = -2; round < ROUNDS; round++) { // two to warm up
                for (int i = 0; i < lines.size(); i++) {
                    measure(lines.get(round % 2 == 0 ? i : lines.size() - 1 - i), round >= 0);
                }
            }
            print(lines, bare, quick);
            System.out.printf(
                    "%nBeside a load that gets %s answers/s the open route keeps %s %% of its own; 90 %% is demanded.%n",
                    beside.othersRate(), beside.of(open));
        }
    }

    private static void print(List<Line> lines, Line bare, Line quick) {
        System.out.printf(
                "%d rounds, %d ms for each line of each, back and forth; %d processors. Median (quartiles).%n"
                        + "'waits': a store and a user loader of 20 ms each. Warnings: event loop blocked for %d ms;%n"
                        + "'theirs': store or user loader held it up, and no other program.%n%n",
                ROUNDS, MEASURED.toMillis(), Runtime.getRuntime().availableProcessors(), BlockedLoops.MILLIS);
        System.out.printf(ROW, "", "answers/s", "% of unprotected", "% of nothing blocks", "warnings", "theirs");
        for (Line line : lines) {
            System.out.printf(ROW, line.what, line.rate(), line.of(bare), line.of(quick), line.warnings, line.paused);
        }
    }

    private void measure(Line line, boolean counts) throws InterruptedException {
        line.clients.ask(line.path);
        if (line.others != null) {
            line.others.ask(line.otherPath);
        }
        LockSupport.parkNanos(SETTLING.toNanos());
        long before = line.clients.answered();
        long othersBefore = line.othersAnswered();
        long warned = blocked.warnings();
        long paused = blocked.paused();
        long from = System.nanoTime();
        LockSupport.parkNanos(MEASURED.toNanos());
        double seconds = (System.nanoTime() - from) / 1e9;
        if (counts) {
            line.perSecond.add((line.clients.answered() - before) / seconds);
            line.othersPerSecond.add((line.othersAnswered() - othersBefore) / seconds);
            line.warnings.add(blocked.warnings() - warned);
            line.paused.add(blocked.paused() - paused);
        }
        line.clients.rest();
        if (line.others != null) {
            line.others.rest();
        }
    }

    private LatchkeyBuilder settings() {
        return Latchkey.builder().issuer("bench").key(key);
    }

    private static Optional<String> slowly(String subject) {
        SlowStore.pause();
        return Optional.of(subject);
    }

    private int listen() {
        Latchkey quick = settings()
                .userLoader(nonBlocking(claims -> Optional.of(claims.subject())))
                .build();
        Latchkey hop =
                settings().userLoader(claims -> Optional.of(claims.subject())).build();
        Latchkey slow = settings()
                .store(SlowStore.create())
                .userLoader(claims -> slowly(claims.subject()))
                .build();
        Latchkey lie = settings()
                .store(SlowStore.create(false))
                .userLoader(nonBlocking(claims -> slowly(claims.subject())))
                .build();
        Router plain = Router.router(server);
        plain.get("/bare").handler(rc -> rc.end("ok"));
        plain.get("/quick").handler(LatchkeyHandler.create(server, quick)).handler(rc -> rc.end("ok"));
        plain.get("/hop").handler(LatchkeyHandler.create(server, hop)).handler(rc -> rc.end("ok"));
        plain.get("/wide").handler(LatchkeyHandler.create(server, slow, 200)).handler(rc -> rc.end("ok"));
        plain.get("/lie").handler(LatchkeyHandler.create(server, lie)).handler(rc -> rc.end("ok"));
        Router router = LatchkeyHandler.create(server, slow).open("/open").protect(plain);
        router.get("/open").handler(rc -> rc.end("ok"));
        router.get("/me").handler(rc -> rc.end("ok"));
        return Server.await(server.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
    }
}
