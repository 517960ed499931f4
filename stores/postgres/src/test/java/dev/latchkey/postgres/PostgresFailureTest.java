package dev.latchkey.postgres;

import static dev.latchkey.postgres.Postgres.open;
import static dev.latchkey.postgres.Postgres.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.TokenStore.Presented;
import dev.latchkey.TokenStore.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that is killed, slow, silent or not there yet: calls throw in time, and nothing acknowledged is lost. */
@Tag("patience")
class PostgresFailureTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static Postgres server;

    private final Subject alice = new Subject("notes", "alice");
    private final String database = server.newDatabase();

    @BeforeAll
    static void start() {
        server = new Postgres();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private HikariDataSource pool(int port) {
        return Postgres.pool(port, database, config -> {
            config.setConnectionTimeout(1000);
            config.addDataSourceProperty("connectTimeout", "1");
            config.addDataSourceProperty("cancelSignalTimeout", "1");
        });
    }

    private static PostgresTokenStore store(HikariDataSource pool) {
        return PostgresTokenStore.of(pool).createSchema();
    }

    private static Duration refusal(ThrowingCallable call) {
        long start = System.nanoTime();
        assertThatIllegalStateException().isThrownBy(call).withMessageStartingWith("PostgreSQL: ");
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void awaitAnswer(PostgresTokenStore store) {
        for (int i = 0; ; i++) {
            try {
                store.ping();
                return;
            } catch (IllegalStateException e) {
                assertThat(i).isLessThan(100);
            }
        }
    }

    @Test
    void killedServerThrowsAndLosesNothingAcknowledged() {
        try (HikariDataSource pool = pool(server.port())) {
            PostgresTokenStore store = store(pool);
            open(store, alice, "open", DAY);
            open(store, alice, "ended", DAY);
            assertThat(store.rotate(alice, "open", "first", token("second"), GRACE)
                            .presented())
                    .isEqualTo(Presented.ROTATED);
            store.revoke(alice, "revoked", Instant.now().plus(DAY));
            assertThat(store.end(alice, "ended")).isTrue();
            server.kill();

            refusal(() -> store.isLive(alice, "t", "open", Instant.now()));
            refusal(() -> store.end(alice, "open"));
            refusal(store::ping);
            refusal(store::warnings);
            server.start();
            awaitAnswer(store);
            assertThat(store.isLive(alice, "t", "open", Instant.now())).isTrue();
            assertThat(store.isLive(alice, "revoked", "open", Instant.now())).isFalse();
            assertThat(store.isLive(alice, "t", "ended", Instant.now())).isFalse();
            assertThat(store.rotate(alice, "open", "first", token("third"), GRACE)
                            .current())
                    .extracting("id")
                    .isEqualTo("second");
        }
    }

    /** What was acknowledged up to the moment of the kill. */
    private record Acknowledged(List<String> opened, List<String> ended) {}

    @Test
    void killUnderLoadLosesNothingAcknowledged() {
        try (HikariDataSource pool = pool(server.port())) {
            PostgresTokenStore store = store(pool);
            List<Acknowledged> told = Together.run(5, thread -> {
                Acknowledged acknowledged = new Acknowledged(new ArrayList<>(), new ArrayList<>());
                if (thread == 4) {
                    while (store.sessions(alice).size() < 100) {
                        Thread.onSpinWait();
                    }
                    server.kill();
                    return acknowledged;
                }
                try {
                    for (int i = 0; ; i++) {
                        String id = thread + "-" + i;
                        open(store, alice, id, DAY);
                        if (i % 2 == 0) {
                            acknowledged.opened().add(id);
                        } else if (store.end(alice, id)) {
                            acknowledged.ended().add(id);
                        }
                    }
                } catch (IllegalStateException killed) {
                    return acknowledged;
                }
            });
            server.start();
            awaitAnswer(store);

            assertThat(told.stream().flatMap(each -> each.opened().stream()))
                    .hasSizeGreaterThan(90)
                    .allMatch(id -> store.isLive(alice, "t", id, Instant.now()));
            assertThat(told.stream().flatMap(each -> each.ended().stream()))
                    .isNotEmpty()
                    .noneMatch(id -> store.isLive(alice, "t", id, Instant.now()));
        }
    }

    @Test
    void slowServerThrowsWithinTheTimeoutAndNothingIsDone() throws SQLException {
        try (HikariDataSource pool = pool(server.port())) {
            PostgresTokenStore store = store(pool);
            open(store, alice, "s", DAY);
            try (Connection other = pool.getConnection();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("SELECT * FROM latchkey.session, latchkey.subject FOR UPDATE");

                assertThat(refusal(() -> store.rotate(alice, "s", "first", token("second"), GRACE)))
                        .isBetween(Duration.ofMillis(1900), Duration.ofMillis(3500));
                assertThat(refusal(() -> store.endAll(alice, null, Instant.now())))
                        .isBetween(Duration.ofMillis(1900), Duration.ofMillis(3500));
                assertThat(store.isLive(alice, "t", "s", Instant.now())).isTrue();
                statement.execute("LOCK TABLE latchkey.session");
                assertThat(refusal(() -> store.isLive(alice, "t", "s", Instant.now())))
                        .isBetween(Duration.ofMillis(1900), Duration.ofMillis(3500));
                other.rollback();
            }
            assertThat(store.generation(alice)).isZero();
            assertThat(store.rotate(alice, "s", "first", token("second"), GRACE).presented())
                    .isEqualTo(Presented.ROTATED);
        }
    }

    @Test
    void serverThatTakesFiveSecondsThrowsWithinTheTimeout() {
        try (HikariDataSource pool = pool(server.port())) {
            PostgresTokenStore store = store(pool);
            open(store, alice, "s", DAY);
            Postgres.run(
                    pool,
                    "CREATE FUNCTION latchkey.wait() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_sleep(5); RETURN NEW; END $$; CREATE TRIGGER wait BEFORE UPDATE ON "
                            + "latchkey.session FOR EACH ROW EXECUTE FUNCTION latchkey.wait()");

            assertThat(refusal(() -> store.rotate(alice, "s", "first", token("second"), GRACE)))
                    .isBetween(Duration.ofMillis(1900), Duration.ofMillis(3500));
            Postgres.run(pool, "DROP TRIGGER wait ON latchkey.session");
            assertThat(store.rotate(alice, "s", "first", token("second"), GRACE).presented())
                    .isEqualTo(Presented.ROTATED);
        }
    }

    /** A machine that is gone without a word, or a cable that was cut: not even the order to cancel arrives. */
    @Test
    void silentServerThrowsAll() {
        try (Relay relay = new Relay(server.port());
                HikariDataSource pool = pool(relay.port())) {
            PostgresTokenStore store = store(pool);
            open(store, alice, "s", DAY);
            relay.silently(() -> {
                Duration first = refusal(() -> store.isLive(alice, "t", "s", Instant.now()));
                Duration second = refusal(() -> store.isLive(alice, "t", "s", Instant.now()));
                System.out.println("PostgreSQL falls silent: refused after " + first.toMillis() + " ms, then after "
                        + second.toMillis() + " ms");
                assertThat(first).isLessThan(Duration.ofMillis(4500));
                assertThat(second).isLessThan(Duration.ofMillis(4500));
            });
            awaitAnswer(store);
            assertThat(store.isLive(alice, "t", "s", Instant.now())).isTrue();
        }
    }

    @Test
    void serverThatIsNotThereYetIsWarnedOfAndItsSchemaCreatedLater() {
        server.kill();
        try (HikariDataSource pool = pool(server.port())) {
            PostgresTokenStore store = store(pool);

            refusal(store::warnings);
            refusal(() -> store.isLive(alice, "t", "s", Instant.now()));
            server.start();
            awaitAnswer(store);
            open(store, alice, "s", DAY);
            assertThat(store.isLive(alice, "t", "s", Instant.now())).isTrue();
            assertThat(store.warnings()).isEmpty();
        }
    }

    @Test
    void tornPagesAreWarnedOf() {
        try (HikariDataSource pool = pool(server.port())) {
            PostgresTokenStore store = store(pool);
            Postgres.run(pool, "ALTER SYSTEM SET full_page_writes = off");
            Postgres.run(pool, "SELECT pg_reload_conf()");
            assertThat(IntStream.range(0, 100_000)
                            .anyMatch(i -> !store.warnings().isEmpty()))
                    .isTrue();
            assertThat(store.warnings())
                    .singleElement()
                    .asString()
                    .contains("full_page_writes = off", "postgresql.conf");
            Postgres.run(pool, "ALTER SYSTEM RESET full_page_writes");
            Postgres.run(pool, "SELECT pg_reload_conf()");
            assertThat(IntStream.range(0, 100_000)
                            .anyMatch(i -> store.warnings().isEmpty()))
                    .isTrue();
        }
    }
}
