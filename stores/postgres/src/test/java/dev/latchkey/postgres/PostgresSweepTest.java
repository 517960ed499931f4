package dev.latchkey.postgres;

import static dev.latchkey.postgres.Postgres.number;
import static dev.latchkey.postgres.Postgres.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.TokenStore.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that are over go in small batches, with the writes of any node, and nobody waits for it. */
class PostgresSweepTest {

    private static final Subject ALICE = new Subject("notes", "alice");

    private final HikariDataSource pool = Postgres.SHARED.pool(Postgres.SHARED.newDatabase());
    private final PostgresTokenStore store = PostgresTokenStore.of(pool).createSchema();

    @AfterEach
    void disconnect() {
        pool.close();
    }

    private long rows(String table) {
        return number(pool, "SELECT count(*) FROM latchkey." + table);
    }

    @BeforeEach
    void leaveRowsThatAreOver() {
        String over = "now() - interval '121 seconds' - i * interval '1 second' FROM generate_series(1, 1000) i";
        run(pool, "INSERT INTO latchkey.revoked SELECT sha256(i::text::bytea), " + over);
        run(pool, "INSERT INTO latchkey.subject SELECT sha256(i::text::bytea), 0, " + over);
        run(
                pool,
                "INSERT INTO latchkey.session SELECT sha256(i::text::bytea), 's', '', now(), now(), now(), 't',"
                        + " now(), " + over);
    }

    @Test
    void writesTakeThemAlongAndLeaveTheRest() {
        Postgres.open(store, ALICE, "s", Duration.ofSeconds(-100));
        store.revoke(ALICE, "kept", Instant.now().minusSeconds(100));
        int writes = 0;
        while (rows("session") > 1) {
            store.revoke(ALICE, "kept", Instant.EPOCH);
            writes++;
            assertThat(rows("session")).isIn(1001L, 745L, 489L, 233L, 1L);
            assertThat(rows("subject")).isEqualTo(rows("session"));
            assertThat(rows("revoked")).isEqualTo(rows("session"));
        }

        assertThat(writes).as("one of 64 sweeps, and four did").isBetween(8, 2500);
        assertThat(rows("subject")).isEqualTo(1);
        assertThat(rows("revoked")).isEqualTo(1);
        assertThat(store.sessions(ALICE)).hasSize(1);
        assertThat(store.isLive(ALICE, "kept", "s", Instant.now())).isFalse();
    }

    @Test
    void aSweepThatFailsFailsNoWrite() {
        run(
                pool,
                "CREATE OR REPLACE FUNCTION latchkey.sweep(p_most integer) RETURNS bigint LANGUAGE sql AS"
                        + " 'SELECT 1 / (p_most - p_most)::bigint'");
        for (int i = 0; i < 1000; i++) { // some fifteen of them sweep
            store.revoke(ALICE, "t" + i, Instant.now().plusSeconds(100));
        }

        assertThat(rows("revoked")).isEqualTo(2000);
    }

    @Test
    void passesByWhatOthersHold() throws SQLException {
        try (Connection other = pool.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM latchkey.session WHERE expires_at < now() - interval '621.5 seconds'"
                    + " FOR UPDATE; UPDATE latchkey.revoked SET expires_at = now() WHERE key ="
                    + " sha256('7'::bytea)");

            assertThat(number(pool, "SELECT latchkey.sweep(10000)")).isEqualTo(1000 + 999 + 500);
            other.rollback();
        }
        assertThat(rows("session")).isEqualTo(500);
        assertThat(number(pool, "SELECT latchkey.sweep(400)")).isEqualTo(401);
    }

    @Test
    void nobodyWaitsForIt() throws SQLException {
        run(pool, "CREATE OR REPLACE FUNCTION latchkey.sweep_at_times() RETURNS void LANGUAGE sql AS ''"); // by chance
        Postgres.open(store, ALICE, "s", Duration.ofDays(1));
        try (Connection other = pool.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT latchkey.sweep(500)");

            assertThat(store.isLive(ALICE, "t", "s", Instant.now())).isTrue();
            assertThat(store.rotate(ALICE, "s", "first", Postgres.token("second"), Duration.ZERO)
                            .current())
                    .isNotNull();
            Postgres.open(store, new Subject("notes", "bob"), "s", Duration.ofDays(1));
            assertThat(store.endAll(ALICE, null, Instant.now())).isEqualTo(1);
            assertThat(number(pool, "SELECT latchkey.sweep(300)")).isEqualTo(900);
            other.rollback();
        }
    }

    @Test
    void manyNodesSweepTogether() {
        Together.run(8, i -> number(pool, "SELECT latchkey.sweep(400)"));

        assertThat(rows("session") + rows("subject") + rows("revoked")).isLessThanOrEqualTo(3000 - 1200);
        while (number(pool, "SELECT latchkey.sweep(400)") > 0) {
            assertThat(rows("session")).isLessThan(1000);
        }
        assertThat(rows("session") + rows("subject") + rows("revoked")).isZero();
    }
}
