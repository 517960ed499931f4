package dev.latchkey.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.lettuce.core.sentinel.api.sync.RedisSentinelCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * A Redis of the tests' own on loopback: the binary that the build fetched, or the one that the system property
 * {@code latchkey.redis} names.
 */
final class RedisServer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(20);

    /** Lettuce tells every lost connection, and losing them is what these tests are about; Latchkey tells every logout. */
    private static final List<Logger> QUIET = List.of(Logger.getLogger("io.lettuce"), Logger.getLogger("dev.latchkey"));

    /** The races report. */
    private static final Logger ALOUD = Logger.getLogger("dev.latchkey.testkit");

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
        ALOUD.setLevel(Level.INFO);
    }

    private final int port = freePort();
    private final Path folder;
    private final List<String> command = new ArrayList<>();
    private Process process;

    private RedisServer(boolean sentinel, String... settings) {
        try {
            folder = Files.createTempDirectory("latchkey-redis");
            Path file = Files.write(folder.resolve("redis.conf"), List.of(settings));
            command.addAll(List.of(binary().toString(), file.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--dir", folder.toString()));
        if (sentinel) {
            command.add("--sentinel");
        }
        process = launch();
    }

    /** Starts a server with these lines of redis.conf; nothing is written to disk unless they say so. */
    static RedisServer start(String... settings) {
        return new RedisServer(
                false,
                Stream.concat(Stream.of("save \"\"", "repl-diskless-sync-delay 0"), Stream.of(settings))
                        .toArray(String[]::new));
    }

    static RedisServer sentinel(String... settings) {
        return new RedisServer(true, settings);
    }

    private static Path binary() {
        String given = System.getProperty("latchkey.redis");
        return given == null ? Fetched.BINARY : Path.of(given);
    }

    private static final class Fetched {
        static final Path BINARY = unpack();

        private static Path unpack() {
            String arch = System.getProperty("os.arch").matches("aarch64|arm64") ? "arm64" : "amd64";
            String name = System.getProperty("os.name").startsWith("Mac")
                    ? "redis-server-6.2.6-v5-darwin-" + arch
                    : arch.equals("arm64") ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
            try (InputStream binary = RedisServer.class.getResourceAsStream("/" + name)) {
                Path file = Files.createTempFile("redis-server", "");
                file.toFile().deleteOnExit();
                Files.write(file, Objects.requireNonNull(binary, name).readAllBytes());
                if (!file.toFile().setExecutable(true)) {
                    throw new IllegalStateException(file + " cannot be made executable");
                }
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Process launch() {
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            await("Redis answers", () -> started.isAlive() && answers());
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        return ask(redis -> redis.ping().equals("PONG"));
    }

    /** A port that is free, as is the one 10,000 above it that a cluster's nodes talk on. */
    private static int freePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = socket.getLocalPort() % 20_000 + 12_000;
                new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
                new ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress()).close();
                return port;
            } catch (IOException taken) {
                Thread.onSpinWait();
            }
        }
    }

    int port() {
        return port;
    }

    String address() {
        return "redis://127.0.0.1:" + port;
    }

    /** Asks the server on a connection of its own. */
    <T> T ask(Function<RedisCommands<String, String>, T> question) {
        RedisURI uri = RedisURI.create(address());
        uri.setTimeout(Duration.ofSeconds(10));
        try (StatefulRedisConnection<String, String> connection = Clients.ONE.connect(uri)) {
            return question.apply(connection.sync());
        }
    }

    /** Asks a Sentinel what only Sentinels know. */
    <T> T sentinel(Function<RedisSentinelCommands<String, String>, T> question) {
        RedisURI uri = RedisURI.Builder.sentinel("127.0.0.1", port, "sessions").build();
        try (StatefulRedisSentinelConnection<String, String> connection = Clients.ONE.connectSentinel(uri)) {
            return question.apply(connection.sync());
        }
    }

    private static final class Clients {
        static final RedisClient ONE = RedisClient.create();
    }

    /** How often the server ran each command since this was last asked. */
    List<String> calls() {
        return ask(redis -> {
            List<String> calls = redis.info("commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_"))
                    .map(line -> line.replaceAll("cmdstat_(.*):calls=(\\d+),.*", "$1 $2"))
                    .sorted()
                    .toList();
            redis.configResetstat();
            return calls;
        });
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Redis survives a kill");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void restart() {
        process = launch();
    }

    /** Stops the process in its tracks, or lets it go on: its port stays open and says nothing. */
    void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, "" + process.pid())
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + ": " + code);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks until it is so; a server that does not answer is asked again. */
    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!holds(condition)) {
            if (System.nanoTime() - start > START.toNanos()) {
                throw new AssertionError(what + ": not within " + START);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (RedisException down) {
            return false;
        }
    }
}
