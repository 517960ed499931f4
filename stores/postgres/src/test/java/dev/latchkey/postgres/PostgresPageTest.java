package dev.latchkey.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.Session;
import org.junit.jupiter.api.Test;

/** Runs what docs/postgres.md shows. */
class PostgresPageTest {

    private final JwtKey key = JwtKey.generate();

    @Test
    void oneLineBesidesThePool() {
        String url = "jdbc:postgresql://127.0.0.1:" + Postgres.SHARED.port() + "/postgres?user=postgres";
        // region postgres store
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url); // of the primary
        config.setConnectionTimeout(2_000); // milliseconds; by default a request waits 30 seconds for a connection
        config.setInitializationFailTimeout(-1); // start without the server
        config.addDataSourceProperty("connectTimeout", "2"); // seconds, as all that follow
        config.addDataSourceProperty("socketTimeout", "10");
        config.addDataSourceProperty("cancelSignalTimeout", "1");
        HikariDataSource pool = new HikariDataSource(config);
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .key(key)
                .store(PostgresTokenStore.of(pool).createSchema())
                .build();
        // endregion
        try (pool;
                auth) {
            auth.issue("alice");
            String id = auth.sessions("alice").get(0).id();

            assertThat(Postgres.text(pool, "SELECT convert_from(id, 'UTF8') FROM latchkey.session"))
                    .isEqualTo(id);
            assertThat(auth.sessions("alice")).extracting(Session::id).containsExactly(id);
        }
    }
}
