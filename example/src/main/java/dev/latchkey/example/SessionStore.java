package dev.latchkey.example;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.TokenStore;
import dev.latchkey.postgres.PostgresTokenStore;
import dev.latchkey.redis.RedisTokenStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sessions.
 *
 * @param tokens to be closed by Latchkey
 * @param pool the connections to PostgreSQL, if any, to be closed after it
 */
record SessionStore(TokenStore tokens, Pool pool) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionStore.class);

    /** Closes connections. */
    interface Pool {
        void close();
    }

    /** A server that cannot be reached yet is warned of by Latchkey; one that refuses for good stops the start. */
    static SessionStore open(StoreAddress address) {
        if (!address.isShared()) {
            return new SessionStore(TokenStore.inMemory(Clock.systemUTC()), () -> {});
        }
        LOG.info("keeping sessions at {}", address);
        return address.isPostgres() ? postgres(address) : redis(address);
    }

    private static SessionStore redis(StoreAddress address) {
        RedisTokenStore store = RedisTokenStore.of(address.text());
        try {
            store.ping();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (String.valueOf(cause.getMessage()).matches("(NOAUTH|WRONGPASS|NOPERM|ERR AUTH).*")) {
                    store.close();
                    throw new StartException("Redis at " + address + " refuses the user or password of LATCHKEY_STORE: "
                            + "mend it there, percent-encoded, as redis://user:password@host:6379.");
                }
            }
        }
        return new SessionStore(store, () -> {});
    }

    private static SessionStore postgres(StoreAddress address) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("sessions");
        config.setJdbcUrl(address.text());
        address.user().ifPresent(config::setUsername);
        address.password().ifPresent(config::setPassword);
        config.setConnectionTimeout(1_000); // milliseconds that a request waits for a connection
        config.setInitializationFailTimeout(-1); // start without the server
        config.addDataSourceProperty("connectTimeout", "2"); // seconds, as all that follow
        config.addDataSourceProperty("socketTimeout", "10");
        config.addDataSourceProperty("cancelSignalTimeout", "1");
        HikariDataSource pool = new HikariDataSource(config);
        try {
            refuseForGood(pool, address);
            return new SessionStore(PostgresTokenStore.of(pool).createSchema(), pool::close);
        } catch (IllegalStateException e) {
            pool.close();
            throw new StartException("LATCHKEY_STORE: " + e.getMessage());
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static void refuseForGood(HikariDataSource pool, StoreAddress address) {
        try (Connection connection = pool.getConnection()) {
            LOG.debug("reached {}", connection);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("28") || state.equals("08004")) { // the latter without a password
                throw new StartException(
                        "PostgreSQL at " + address + " refuses the user or password, or misses one: set "
                                + "LATCHKEY_STORE_USER and LATCHKEY_STORE_PASSWORD to those of its owner.");
            }
            if (state.equals("3D000")) {
                throw new StartException("PostgreSQL at " + address + " has no such database: run 'createdb', or name "
                        + "another in LATCHKEY_STORE.");
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
