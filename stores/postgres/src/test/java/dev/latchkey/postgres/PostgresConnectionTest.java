package dev.latchkey.postgres;

import static dev.latchkey.postgres.Postgres.open;
import static dev.latchkey.postgres.Postgres.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.Session;
import dev.latchkey.TokenStore.Presented;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Rotation;
import dev.latchkey.TokenStore.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool is the application's: whatever its settings, the store is right, and leaves them alone. */
class PostgresConnectionTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Subject alice = new Subject("notes", "alice");
    private final String database = Postgres.SHARED.newDatabase();

    private HikariDataSource pool(Consumer<HikariConfig> settings) {
        return Postgres.pool(Postgres.SHARED.port(), database, config -> {
            config.setMaximumPoolSize(16);
            settings.accept(config);
        });
    }

    private static PostgresTokenStore store(HikariDataSource pool) {
        return PostgresTokenStore.of(pool).createSchema();
    }

    @Test
    void everyCallIsOneRoundTrip() {
        try (Relay relay = new Relay(Postgres.SHARED.port());
                HikariDataSource pool = Postgres.pool(relay.port(), database, config -> config.setMaximumPoolSize(1))) {
            PostgresTokenStore store = store(pool);
            Runnable[] calls = {
                () -> assertThat(store.isLive(alice, "t", "s", Instant.now())).isTrue(),
                () -> assertThat(store.isLive(alice, "t", null, Instant.now())).isTrue(),
                () -> assertThat(store.live(Map.of("s", alice, "u", alice))).hasSize(1),
                () -> assertThat(store.generation(alice)).isZero(),
                () -> assertThat(store.sessions(alice)).isNotEmpty(),
                () -> store.rotate(alice, "s", "first", token("second"), GRACE),
                () -> store.revoke(alice, "revoked", Instant.now()),
                () -> assertThat(store.end(alice, "unknown")).isFalse(),
                () -> assertThat(store.open(alice, 7, session("t"), token("first"), 9))
                        .isEmpty(),
                () -> store.endAll(new Subject("notes", "bob"), null, Instant.now()),
                () -> assertThat(store.isCurrent(alice, "s", "first")).isTrue(),
                () -> assertThat(store.isCurrent(alice, "s", "elsewhere")).isFalse(),
                store::ping
            };
            open(store, alice, "s", DAY);
            for (int i = 0; i < calls.length; i++) {
                for (int time = 0; time < 10; time++) { // from the fifth on the driver prepares it on the server
                    int before = relay.trips();
                    calls[i].run();
                    assertThat(relay.trips() - before)
                            .as("round trips of call %d, time %d", i, time)
                            .isEqualTo(1);
                }
            }
        }
    }

    private static Session session(String id) {
        return new Session(
                id, "", Postgres.now(), Postgres.now(), Postgres.now().plus(DAY));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectionsGoBackAsTheyCame(boolean autoCommit) throws SQLException {
        try (HikariDataSource pool = pool(config -> {
            config.setAutoCommit(autoCommit);
            config.setMaximumPoolSize(1);
            config.addDataSourceProperty("socketTimeout", "77");
        })) {
            PostgresTokenStore store = store(pool);
            open(store, alice, "s", DAY);
            assertThat(store.rotate(alice, "s", "elsewhere", token("second"), GRACE)
                            .presented())
                    .isEqualTo(Presented.REUSED);
            assertThat(store.isLive(alice, "t", "s", Instant.now())).isFalse();
            assertThatIllegalStateException().isThrownBy(() -> {
                open(store, alice, "twice", DAY);
                open(store, alice, "twice", DAY);
            });
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                assertThat(connection.getNetworkTimeout()).isEqualTo(77_000);
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            }
        }
    }

    @Test
    void knowsTheCurrentTokenAndTheOneBefore() {
        try (HikariDataSource pool = Postgres.SHARED.pool(database)) {
            PostgresTokenStore store = store(pool);
            open(store, alice, "s", DAY);
            assertThat(store.isCurrent(alice, "s", "first")).isTrue();
            assertThat(store.isCurrent(alice, "s", "second")).isFalse();
            for (String next : List.of("second", "third")) {
                String before = next.equals("second") ? "first" : "second";
                assertThat(store.rotate(alice, "s", before, token(next), GRACE).presented())
                        .isEqualTo(Presented.ROTATED);
                assertThat(store.isCurrent(alice, "s", before)).isTrue();
                assertThat(store.isCurrent(alice, "s", next)).isTrue();
            }
            assertThat(store.isCurrent(alice, "s", "first")).isFalse();
            assertThat(store.isCurrent(new Subject("notes", "bob"), "s", "third"))
                    .isFalse();
            assertThat(store.end(alice, "s")).isTrue();
            assertThat(store.isCurrent(alice, "s", "third")).isFalse();
            open(store, alice, "over", Duration.ofMinutes(-3));
            assertThat(store.isCurrent(alice, "over", "first")).isFalse();
        }
    }

    @Test
    void worksWithoutAutoCommit() {
        try (HikariDataSource pool = pool(config -> config.setAutoCommit(false))) {
            PostgresTokenStore store = store(pool);
            open(store, alice, "s", DAY);
            assertThat(Together.run(8, i -> store.rotate(alice, "s", "first", token("t" + i), GRACE)))
                    .extracting(Rotation::current)
                    .containsOnly(store.rotate(alice, "s", "first", token("late"), GRACE)
                            .current());

            assertThat(store.endAll(alice, null, Instant.now())).isEqualTo(1);
            try (HikariDataSource other = Postgres.SHARED.pool(database)) {
                assertThat(store(other).sessions(alice)).isEmpty();
                assertThat(store(other).generation(alice)).isPositive();
            }
        }
    }

    /** A snapshot older than the lock that it waited for must never decide. */
    @ParameterizedTest
    @ValueSource(strings = {"TRANSACTION_READ_COMMITTED", "TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE"})
    void isRightAtEveryIsolation(String isolation) throws SQLException {
        try (HikariDataSource pool = pool(config -> config.setTransactionIsolation(isolation))) {
            PostgresTokenStore store = store(pool);
            for (int round = 0; round < 30; round++) {
                Subject subject = new Subject("notes", "round " + round);
                open(store, subject, "s", DAY);
                List<Rotation> rotations =
                        Together.run(8, i -> store.rotate(subject, "s", "first", token("t" + i), GRACE));
                assertThat(rotations)
                        .extracting(Rotation::presented)
                        .containsOnlyOnce(Presented.ROTATED)
                        .containsOnly(Presented.ROTATED, Presented.REPEATED);
                assertThat(rotations.stream()
                                .map(Rotation::current)
                                .map(RefreshToken::id)
                                .distinct())
                        .hasSize(1);

                int bounded = round;
                List<Optional<List<String>>> opened = Together.run(
                        8, i -> store.open(subject, 0, session("s" + bounded + "-" + i), token("first"), 3));
                assertThat(opened).allMatch(Optional::isPresent);
                assertThat(store.sessions(subject)).hasSize(3);

                Together.run(8, i -> {
                    if (i < 4) {
                        return store.endAll(subject, null, Instant.now().plus(DAY));
                    }
                    store.open(subject, 0, session("late" + i), token("first"), 9);
                    return i < 6 ? store.rotate(subject, "late" + i, "first", token("next"), GRACE) : null;
                });
                assertThat(store.sessions(subject)).isEmpty();
                assertThat(store.generation(subject)).isPositive();
            }
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getTransactionIsolation())
                        .isEqualTo(
                                isolation.equals("TRANSACTION_READ_COMMITTED")
                                        ? Connection.TRANSACTION_READ_COMMITTED
                                        : isolation.equals("TRANSACTION_SERIALIZABLE")
                                                ? Connection.TRANSACTION_SERIALIZABLE
                                                : Connection.TRANSACTION_REPEATABLE_READ);
            }
        }
    }

    @Test
    void readOnlyServerRefusesWritesAndIsWarnedOf() {
        try (HikariDataSource pool = Postgres.SHARED.pool(database);
                HikariDataSource readOnly = pool(
                        config -> config.addDataSourceProperty("options", "-c default_transaction_read_only=on"))) {
            open(store(pool), alice, "s", DAY);
            PostgresTokenStore store = PostgresTokenStore.of(readOnly);

            assertThat(store.isLive(alice, "t", "s", Instant.now())).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> store.endAll(alice, null, Instant.now()))
                    .withMessageContaining("read-only transaction");
            assertThatIllegalStateException().isThrownBy(() -> store.end(alice, "s"));
            assertThatIllegalStateException()
                    .isThrownBy(() -> store.rotate(alice, "s", "elsewhere", token("second"), GRACE));
            assertThat(store.isLive(alice, "t", "s", Instant.now())).isTrue();
            assertThat(store.warnings()).singleElement().asString().contains("read-only", "targetServerType=primary");
        }
    }

    @Test
    void losingWhatWasAcknowledgedIsWarnedOf() {
        try (HikariDataSource pool =
                pool(config -> config.addDataSourceProperty("options", "-c synchronous_commit=off"))) {
            assertThat(store(pool).warnings())
                    .singleElement()
                    .asString()
                    .contains("synchronous_commit = off", "SET synchronous_commit = on");
        }
    }
}
