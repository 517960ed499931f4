package dev.latchkey.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** A real server, on a free port, in a directory of its own. */
final class Postgres implements AutoCloseable {

    private static final Path TARGET = Path.of(System.getProperty("latchkey.root"), "stores/postgres/target");

    /** One server for all tests that leave it alone. */
    static final Postgres SHARED = new Postgres();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SHARED::close));
    }

    private final File data;
    private final int port;
    private EmbeddedPostgres server;

    Postgres() {
        try {
            data = Files.createTempDirectory(Files.createDirectories(TARGET), "postgres")
                    .toFile();
            server = settings().start();
            port = server.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EmbeddedPostgres.Builder settings() {
        Redirect log = Redirect.appendTo(TARGET.resolve("postgres.log").toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .setErrorRedirector(log)
                .setOutputRedirector(log)
                .setPGStartupWait(Duration.ofMinutes(1));
    }

    /** {@code kill -9}, for the server and whoever works for it. */
    void kill() {
        try {
            String pid =
                    Files.readAllLines(data.toPath().resolve("postmaster.pid")).get(0);
            ProcessHandle postmaster =
                    ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
            List<ProcessHandle> processes = postmaster.descendants().toList();
            postmaster.destroyForcibly();
            processes.forEach(ProcessHandle::destroyForcibly);
            postmaster.onExit().join();
            processes.forEach(process -> process.onExit().join());
            server.close(); // the lock of the library on the directory
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        try {
            server = settings().setPort(port).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** One that no other test has. */
    String newDatabase() {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        try (HikariDataSource pool = pool("postgres")) {
            run(pool, "CREATE DATABASE " + name);
        }
        return name;
    }

    static HikariDataSource pool(int port, String database, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + port + "/" + database);
        config.setUsername("postgres");
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        settings.accept(config);
        return new HikariDataSource(config);
    }

    HikariDataSource pool(String database) {
        return pool(port, database, config -> config.setMaximumPoolSize(16));
    }

    static String text(DataSource dataSource, String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    static long number(DataSource dataSource, String sql) {
        return Long.parseLong(text(dataSource, sql));
    }

    static void run(DataSource dataSource, String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    static TokenStore.RefreshToken token(String id) {
        return new TokenStore.RefreshToken(id, now(), now().plus(Duration.ofDays(30)));
    }

    /** Opens a session whose refresh token has the id {@code first}, for this long from now. */
    static void open(TokenStore store, TokenStore.Subject subject, String session, Duration life) {
        Instant end = now().plus(life);
        Session opened = new Session(session, "Firefox", now(), now(), end);
        TokenStore.RefreshToken first = new TokenStore.RefreshToken("first", now(), end);
        if (store.open(subject, store.generation(subject), opened, first, 100_000)
                .isEmpty()) {
            throw new AssertionError(session + " was not opened");
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            try (Stream<Path> files = Files.walk(data.toPath())) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
