package dev.latchkey.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.LoggerFactory;

/** PostgreSQL, as durable as it is by default; the library would make it faster than safe. */
final class PostgresServer implements StoreServer {

    static {
        // It tells aloud of each server that was dead before it was stopped.
        ((Logger) LoggerFactory.getLogger(EmbeddedPostgres.class)).setLevel(Level.OFF);
    }

    private final Path folder;
    private final int port;
    private EmbeddedPostgres server;

    PostgresServer(Path folder) {
        this.folder = folder;
        try {
            server = settings().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = server.getPort();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    private EmbeddedPostgres.Builder settings() {
        Redirect log = Redirect.appendTo(folder.resolve("postgres.log").toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data").toFile())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setErrorRedirector(log)
                .setOutputRedirector(log)
                .setPGStartupWait(Duration.ofMinutes(1));
    }

    @Override
    public String address() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    @Override
    public void kill() {
        try {
            Path pid = folder.resolve("data/postmaster.pid");
            ProcessHandle postmaster = ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(pid).get(0).strip()))
                    .orElseThrow();
            List<ProcessHandle> processes = postmaster.descendants().toList();
            boolean unused = postmaster.destroyForcibly();
            processes.forEach(ProcessHandle::destroyForcibly);
            postmaster.onExit().join();
            processes.forEach(process -> process.onExit().join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void restart() {
        close(); // gives up the library's lock on the folder
        try {
            server = settings().setPort(port).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
