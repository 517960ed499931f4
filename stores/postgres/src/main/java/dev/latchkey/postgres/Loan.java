package dev.latchkey.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A connection of the application's pool as the store needs it; it goes back as it came. */
final class Loan implements AutoCloseable {

    private final Connection connection;
    private final Duration timeout;
    private final boolean autoCommit;
    private final int networkTimeout;
    private final int isolation;
    private final boolean isolated;

    /** Asks the server nothing, unless it is to read what was committed last, whatever the pool's isolation. */
    Loan(Connection connection, Duration timeout, boolean isolated) throws SQLException {
        this.connection = connection;
        this.timeout = timeout;
        this.isolated = isolated;
        autoCommit = connection.getAutoCommit();
        networkTimeout = connection.getNetworkTimeout();
        connection.setAutoCommit(true);
        // For a server that does not even take the order to cancel.
        connection.setNetworkTimeout(Runnable::run, (int) timeout.plusSeconds(1).toMillis());
        isolation = isolated ? connection.getTransactionIsolation() : Connection.TRANSACTION_NONE;
        if (isolated) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    void limit(Statement statement) throws SQLException {
        statement.setQueryTimeout((int) timeout.plusMillis(999).toSeconds());
    }

    @Override
    public void close() throws SQLException {
        if (isolated) {
            connection.setTransactionIsolation(isolation);
        }
        connection.setAutoCommit(autoCommit);
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
    }
}
