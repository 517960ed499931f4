package dev.latchkey.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Redis, with {@code appendonly yes} and {@code appendfsync always}. */
final class RedisServer implements StoreServer {

    private final List<String> command;
    private final Path log;
    private final int port;
    private Process process;

    RedisServer(Path folder) {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        log = folder.resolve("redis.log");
        command = List.of(
                binary(folder).toString(),
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "always");
        process = launch();
    }

    private static Path binary(Path folder) {
        String arch = System.getProperty("os.arch").matches("aarch64|arm64") ? "arm64" : "amd64";
        String name = System.getProperty("os.name").startsWith("Mac")
                ? "redis-server-6.2.6-v5-darwin-" + arch
                : arch.equals("arm64") ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
        Path file = folder.resolve("redis-server");
        try (InputStream binary = redis.embedded.RedisServer.class.getResourceAsStream("/" + name)) {
            Files.copy(Objects.requireNonNull(binary, name), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!file.toFile().setExecutable(true)) {
            throw new IllegalStateException(file + " cannot be made executable");
        }
        return file;
    }

    private Process launch() {
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            StoreServer.await("Redis answers", this::answers);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), US_ASCII).equals("+PONG");
        } catch (IOException e) { // not yet, or it loads its data
            return false;
        }
    }

    @Override
    public String address() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void restart() {
        process = launch();
    }

    @Override
    public void close() {
        kill();
    }
}
