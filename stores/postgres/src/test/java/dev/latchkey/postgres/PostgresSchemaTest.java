package dev.latchkey.postgres;

import static dev.latchkey.postgres.Postgres.newSchema;
import static dev.latchkey.postgres.Postgres.number;
import static dev.latchkey.postgres.Postgres.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The schema: made on request, told when it does not fit. */
class PostgresSchemaTest {

    private static final Subject ALICE = new Subject("notes", "alice");
    private static final HikariDataSource POOL = Postgres.SHARED.pool();

    private final String schema = newSchema();
    private final PostgresTokenStore store = PostgresTokenStore.of(POOL).withSchema(schema);

    @AfterAll
    static void disconnect() {
        POOL.close();
    }

    private static String file() throws IOException {
        try (InputStream file = PostgresTokenStore.class.getResourceAsStream("schema.sql")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void missingSchemaIsNamedWithItsMend() {
        String message = "PostgreSQL has no schema " + schema + " with Latchkey's tables: call createSchema(), or run"
                + " dev/latchkey/postgres/schema.sql of the jar latchkey-postgres";

        assertThatIllegalStateException().isThrownBy(store::ping).withMessage(message);
        assertThat(store.warnings())
                .containsExactly(message + "; until then all that needs the store is refused with 503");
        run(POOL, "CREATE SCHEMA " + schema);
        assertThatIllegalStateException().isThrownBy(store::ping).withMessage(message);
    }

    @Test
    void createsNothingUnasked() {
        assertThatIllegalStateException().isThrownBy(store::ping);

        assertThat(number(POOL, "SELECT count(*) FROM pg_namespace WHERE nspname = '" + schema + "'"))
                .isZero();
    }

    @Test
    void olderSchemaIsToldAndBroughtUpToDateOnRequest() {
        Postgres.open(store.createSchema(), ALICE, "s", Duration.ofDays(1));
        run(POOL, "UPDATE " + schema + ".version SET number = 0");
        run(POOL, "DROP FUNCTION " + schema + ".rotate; DROP TABLE " + schema + ".revoked");
        PostgresTokenStore next = PostgresTokenStore.of(POOL).withSchema(schema);

        assertThatIllegalStateException()
                .isThrownBy(next::ping)
                .withMessageContaining(
                        "schema " + schema + " has version 0, needs 1: call createSchema(), or run dev/");
        next.createSchema();
        assertThat(number(POOL, "SELECT number FROM " + schema + ".version")).isEqualTo(1);
        assertThat(next.isLive(ALICE, "token", "s", Instant.now())).isTrue();
        assertThat(next.rotate(ALICE, "s", "first", Postgres.token("second"), Duration.ZERO)
                        .presented())
                .isEqualTo(TokenStore.Presented.ROTATED);
    }

    @Test
    void newerSchemaIsToldAndLeftAlone() throws IOException {
        store.createSchema();
        run(POOL, "UPDATE " + schema + ".version SET number = 2");
        PostgresTokenStore next = PostgresTokenStore.of(POOL).withSchema(schema);
        String message =
                "schema " + schema + " has version 2, needs 1: a newer Latchkey made it, update latchkey-postgres";

        assertThatIllegalStateException().isThrownBy(next::ping).withMessageContaining(message);
        assertThatIllegalStateException().isThrownBy(next::createSchema).withMessageContaining(message);
        String script = file().replaceAll("\\blatchkey\\b(?!-)", schema);
        assertThatCode(() -> run(POOL, script))
                .hasStackTraceContaining("schema " + schema
                        + " has version 2, which a newer Latchkey made, and not 1: update latchkey-p");
        assertThat(number(POOL, "SELECT number FROM " + schema + ".version")).isEqualTo(2);
    }

    @Test
    void manyNodesCreateItAtOnce() {
        for (int round = 0; round < 10; round++) {
            String fresh = newSchema();
            Together.run(
                    8, node -> PostgresTokenStore.of(POOL).withSchema(fresh).createSchema());

            assertThat(number(POOL, "SELECT count(*) FROM " + fresh + ".version"))
                    .isEqualTo(1);
        }
    }

    @Test
    void creatingItAgainKeepsEverything() {
        Postgres.open(store.createSchema(), ALICE, "s", Duration.ofDays(1));
        String since = Postgres.text(POOL, "SELECT since FROM " + schema + ".version");
        PostgresTokenStore again =
                PostgresTokenStore.of(POOL).withSchema(schema).createSchema();
        run(POOL, "UPDATE " + schema + ".version SET number = 0");
        PostgresTokenStore.of(POOL).withSchema(schema).createSchema();

        assertThat(again.isLive(ALICE, "token", "s", Instant.now())).isTrue();
        assertThat(Postgres.text(POOL, "SELECT since FROM " + schema + ".version"))
                .isEqualTo(since);
    }

    /** As docs/postgres.md tells, after a backup was restored. */
    @Test
    void emptiedSchemaAdmitsNothingOfBefore() {
        Postgres.open(store.createSchema(), ALICE, "s", Duration.ofDays(1));
        Instant before = Postgres.now();
        run(POOL, "TRUNCATE latchkey.session, latchkey.subject, latchkey.revoked".replace("latchkey", schema));
        run(POOL, "UPDATE " + schema + ".version SET since = date_trunc('second', now() + interval '1 second')");

        assertThat(store.isLive(ALICE, "token", "s", Instant.now())).isFalse();
        assertThat(store.isLive(ALICE, "token", null, before)).isFalse();
        assertThat(store.isLive(ALICE, "token", null, before.plusSeconds(2))).isTrue();
    }

    /** As an operator does who grants the application no DDL. */
    @Test
    void fileRunByHandServesARoleThatMayOnlyUseIt() throws IOException {
        run(POOL, file().replaceAll("\\blatchkey\\b(?!-)", schema));
        run(POOL, "CREATE ROLE " + schema + " LOGIN");
        try (HikariDataSource pool = Postgres.pool(Postgres.SHARED.port(), c -> c.setUsername(schema))) {
            PostgresTokenStore app =
                    PostgresTokenStore.of(pool).withSchema(schema).createSchema();
            throw new AssertionError("no right to use the schema, yet " + app.warnings());
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("PostgreSQL: ERROR: permission denied for schema " + schema + "\n  Position: 20");
        }
        run(POOL, "GRANT USAGE ON SCHEMA " + schema + " TO " + schema);
        run(POOL, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + schema);
        try (HikariDataSource pool = Postgres.pool(Postgres.SHARED.port(), c -> c.setUsername(schema))) {
            PostgresTokenStore app =
                    PostgresTokenStore.of(pool).withSchema(schema).createSchema();
            Postgres.open(app, ALICE, "s", Duration.ofDays(1));

            assertThat(app.warnings()).isEmpty();
            assertThat(app.endAll(ALICE, null, Instant.now())).isEqualTo(1);
        }
    }

    @Test
    void slackOfTheFileIsThatOfTheStore() throws IOException {
        assertThat(TokenStore.SLACK).isEqualTo(Duration.ofMinutes(2));
        assertThat(file().replace("interval '1 millisecond'", "").split("interval '"))
                .allSatisfy(part -> assertThat(part).matches("(?s)(-- Latchkey|2 minutes').*"));
    }

    @Test
    void wrongSettingsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.withSchema("x; DROP"))
                .withMessageStartingWith("schema is 'x; DROP', needs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.withTimeout(Duration.ofMillis(999)))
                .withMessage("timeout is PT0.999S, needs 1 second to 1 minute");
        assertThatIllegalArgumentException().isThrownBy(() -> store.withTimeout(Duration.ofSeconds(61)));
    }
}
