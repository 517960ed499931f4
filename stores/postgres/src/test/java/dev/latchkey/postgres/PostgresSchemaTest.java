package dev.latchkey.postgres;

import static dev.latchkey.postgres.Postgres.number;
import static dev.latchkey.postgres.Postgres.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The schema: made on request, told when it does not fit. */
class PostgresSchemaTest {

    private static final Subject ALICE = new Subject("notes", "alice");

    private final String database = Postgres.SHARED.newDatabase();
    private final HikariDataSource pool = Postgres.SHARED.pool(database);
    private final PostgresTokenStore store = PostgresTokenStore.of(pool);

    @AfterEach
    void disconnect() {
        pool.close();
    }

    private static String file() throws IOException {
        try (InputStream file = PostgresTokenStore.class.getResourceAsStream("schema.sql")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void missingSchemaIsNamedWithItsMend() {
        String message =
                "PostgreSQL has version 0 of the schema latchkey (0: none), needs 1: call createSchema(), or run"
                        + " dev/latchkey/postgres/schema.sql of the jar latchkey-postgres";

        assertThatIllegalStateException().isThrownBy(store::ping).withMessage(message);
        assertThatIllegalStateException().isThrownBy(store::warnings).withMessage(message);
        run(pool, "CREATE SCHEMA latchkey");
        assertThatIllegalStateException().isThrownBy(store::ping).withMessage(message);
    }

    @Test
    void createsNothingUnasked() {
        assertThatIllegalStateException().isThrownBy(store::ping);

        assertThat(number(pool, "SELECT count(*) FROM pg_namespace WHERE nspname = 'latchkey'"))
                .isZero();
    }

    @Test
    void olderSchemaIsToldAndBroughtUpToDateOnRequest() {
        Postgres.open(store.createSchema(), ALICE, "s", Duration.ofDays(1));
        run(pool, "UPDATE latchkey.version SET number = 0");
        run(pool, "DROP FUNCTION latchkey.rotate; DROP TABLE latchkey.revoked");
        PostgresTokenStore next = PostgresTokenStore.of(pool);

        assertThatIllegalStateException()
                .isThrownBy(next::ping)
                .withMessageContaining(
                        "version 0 of the schema latchkey (0: none), needs 1: call createSchema(), or run dev/");
        next.createSchema();
        assertThat(number(pool, "SELECT number FROM latchkey.version")).isEqualTo(1);
        assertThat(next.isLive(ALICE, "token", "s", Instant.now())).isTrue();
        assertThat(next.rotate(ALICE, "s", "first", Postgres.token("second"), Duration.ZERO)
                        .presented())
                .isEqualTo(TokenStore.Presented.ROTATED);
    }

    @Test
    void newerSchemaIsToldAndLeftAlone() throws IOException {
        store.createSchema();
        run(pool, "UPDATE latchkey.version SET number = 2");
        PostgresTokenStore next = PostgresTokenStore.of(pool);
        String message =
                "version 2 of the schema latchkey (0: none), needs 1: a newer Latchkey made it, update latchkey-postgres";

        assertThatIllegalStateException().isThrownBy(next::ping).withMessageContaining(message);
        assertThatIllegalStateException().isThrownBy(next::createSchema).withMessageContaining(message);
        String script = file();
        assertThatCode(() -> run(pool, script))
                .hasStackTraceContaining(
                        "schema latchkey has version 2, which a newer Latchkey made, and not 1: update latchkey-p");
        assertThat(number(pool, "SELECT number FROM latchkey.version")).isEqualTo(2);
    }

    @Test
    void manyNodesCreateItAtOnce() {
        for (int round = 0; round < 10; round++) {
            Together.run(8, node -> PostgresTokenStore.of(pool).createSchema());

            assertThat(number(pool, "SELECT count(*) FROM latchkey.version")).isEqualTo(1);
            run(pool, "DROP SCHEMA latchkey CASCADE");
        }
    }

    @Test
    void creatingItAgainKeepsEverything() {
        Postgres.open(store.createSchema(), ALICE, "s", Duration.ofDays(1));
        String since = Postgres.text(pool, "SELECT since FROM latchkey.version");
        PostgresTokenStore again = PostgresTokenStore.of(pool).createSchema();
        run(pool, "UPDATE latchkey.version SET number = 0");
        PostgresTokenStore.of(pool).createSchema();

        assertThat(again.isLive(ALICE, "token", "s", Instant.now())).isTrue();
        assertThat(Postgres.text(pool, "SELECT since FROM latchkey.version")).isEqualTo(since);
    }

    /** As docs/postgres.md tells, after a backup was restored. */
    @Test
    void emptiedSchemaAdmitsNothingOfBefore() {
        Postgres.open(store.createSchema(), ALICE, "s", Duration.ofDays(1));
        Instant before = Postgres.now();
        run(pool, "TRUNCATE latchkey.session, latchkey.subject, latchkey.revoked");
        run(pool, "UPDATE latchkey.version SET since = date_trunc('second', now() + interval '1 second')");

        assertThat(store.isLive(ALICE, "token", "s", Instant.now())).isFalse();
        assertThat(store.isLive(ALICE, "token", null, before)).isFalse();
        assertThat(store.isLive(ALICE, "token", null, before.plusSeconds(2))).isTrue();
    }

    /** As an operator does who grants the application no DDL. */
    @Test
    void fileRunByHandServesARoleThatMayOnlyUseIt() throws IOException {
        run(pool, file());
        run(pool, "CREATE ROLE " + database + " LOGIN");
        try (HikariDataSource app = Postgres.pool(Postgres.SHARED.port(), database, c -> c.setUsername(database))) {
            PostgresTokenStore used = PostgresTokenStore.of(app).createSchema();
            throw new AssertionError("no right to use the schema, yet " + used.warnings());
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("PostgreSQL: ERROR: permission denied for schema latchkey\n  Position: 20");
        }
        run(pool, "GRANT USAGE ON SCHEMA latchkey TO " + database);
        run(pool, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA latchkey TO " + database);
        try (HikariDataSource app = Postgres.pool(Postgres.SHARED.port(), database, c -> c.setUsername(database))) {
            PostgresTokenStore used = PostgresTokenStore.of(app).createSchema();
            Postgres.open(used, ALICE, "s", Duration.ofDays(1));

            assertThat(used.warnings()).isEmpty();
            assertThat(used.endAll(ALICE, null, Instant.now())).isEqualTo(1);
        }
    }

    @Test
    void slackOfTheFileIsThatOfTheStore() throws IOException {
        assertThat(TokenStore.SLACK).isEqualTo(Duration.ofMinutes(2));
        assertThat(file().replace("interval '1 millisecond'", "").split("interval '"))
                .allSatisfy(part -> assertThat(part).matches("(?s)(-- Latchkey|2 minutes').*"));
    }
}
