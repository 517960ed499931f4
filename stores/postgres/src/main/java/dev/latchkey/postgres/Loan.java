package dev.latchkey.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** A connection of the application's pool as the store needs it; it goes back as it came. */
record Loan(Connection connection, boolean autoCommit, int networkTimeout, int isolation) implements AutoCloseable {

    private static final int SILENCE_MILLIS = 3000; // for a server that does not even take the order to cancel

    /** Asks the server nothing, unless it is to read what was committed last, whatever the pool's isolation. */
    static Loan of(Connection connection, boolean isolated) throws SQLException {
        int isolation = isolated ? connection.getTransactionIsolation() : Connection.TRANSACTION_NONE;
        Loan loan = new Loan(connection, connection.getAutoCommit(), connection.getNetworkTimeout(), isolation);
        connection.setAutoCommit(true);
        connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
        if (isolated) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        return loan;
    }

    @Override
    public void close() throws SQLException {
        if (isolation != Connection.TRANSACTION_NONE) {
            connection.setTransactionIsolation(isolation);
        }
        connection.setAutoCommit(autoCommit);
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
    }
}
