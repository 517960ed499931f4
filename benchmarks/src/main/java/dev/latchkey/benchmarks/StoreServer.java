package dev.latchkey.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A real server on a free port of this machine, in a folder of its own, that loses nothing that it acknowledged. */
interface StoreServer extends AutoCloseable {

    /** What there is. */
    enum Kind {
        REDIS,
        POSTGRES;

        StoreServer start(Path folder) {
            return this == REDIS ? new RedisServer(folder) : new PostgresServer(folder);
        }
    }

    /** For {@code LATCHKEY_STORE}. */
    String address();

    /** As {@code kill -9} does to the server and all that work for it. */
    void kill();

    /** Starts it again on its port and data, and returns once it answers. */
    void restart();

    @Override
    void close();

    /** Waits for what comes soon, a minute at most. */
    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > 60_000_000_000L) {
                throw new IllegalStateException(what + ": not within a minute");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** A folder that is gone with its content once this process ends. */
    static Path folder() {
        try {
            Path folder = Files.createTempDirectory("latchkey-nodes");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> {
                boolean unused = file.delete();
            });
        } catch (IOException | UncheckedIOException e) {
            System.err.println(folder + " is left: " + e);
        }
    }
}
