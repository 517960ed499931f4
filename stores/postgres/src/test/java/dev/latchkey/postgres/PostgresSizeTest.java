package dev.latchkey.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.Session;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What docs/postgres.md says of sizes. */
class PostgresSizeTest {

    private static final int MANY = 10_000;
    private static final String AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    @Test
    void aSessionTakesLessThanAKilobyte() {
        try (HikariDataSource pool = Postgres.pool(
                Postgres.SHARED.port(),
                Postgres.SHARED.newDatabase(),
                c -> c.addDataSourceProperty("options", "-c synchronous_commit=off"))) {
            PostgresTokenStore store = PostgresTokenStore.of(pool).createSchema();
            Instant now = Postgres.now();
            Instant end = now.plus(Duration.ofDays(30));
            IntStream.range(0, MANY).parallel().forEach(i -> {
                Subject subject = new Subject("notes", "user " + i);
                Session session = new Session(id(), AGENT, now, now, end);
                RefreshToken first = new RefreshToken(id(), now, end);
                assertThat(store.open(subject, 0, session, first, 10)).isPresent();
                assertThat(store.rotate(
                                        subject,
                                        session.id(),
                                        first.id(),
                                        new RefreshToken(id(), now, end),
                                        Duration.ZERO)
                                .current())
                        .isNotNull();
                store.revoke(subject, id(), end);
            });
            Postgres.run(pool, "VACUUM FULL latchkey.session, latchkey.subject, latchkey.revoked");
            long session = bytes(pool, "latchkey.session") / MANY;
            long subject = bytes(pool, "latchkey.subject") / MANY;
            long revoked = bytes(pool, "latchkey.revoked") / MANY;

            System.out.printf(
                    "PostgreSQL, with indexes: %d bytes per session, %d per subject, %d per revoked token%n",
                    session, subject, revoked);
            assertThat(session).isLessThan(600);
            assertThat(subject).isLessThan(250);
            assertThat(revoked).isLessThan(250);
        }
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static long bytes(HikariDataSource pool, String table) {
        return Postgres.number(pool, "SELECT pg_total_relation_size('" + table + "')");
    }
}
