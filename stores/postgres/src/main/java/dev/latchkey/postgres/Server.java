package dev.latchkey.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Asks PostgreSQL one statement at a time, and sees to the schema before the first. */
final class Server {

    /** What a row holds. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static final int VERSION = 1;
    private static final String FILE = "schema.sql";
    private static final int SCHEMA_MILLIS = 60_000;
    private static final int TRIES = 3;
    private static final Instant FAR = Instant.parse("9999-12-31T23:59:59Z");

    private final DataSource dataSource;
    private volatile boolean creates;
    private volatile boolean ready;

    Server(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource);
    }

    void createSchema() {
        creates = true;
        try {
            dataSource.getConnection().close();
        } catch (SQLException e) {
            return; // warnings() tells, and the first answer creates it
        }
        ask("SELECT", row -> true);
    }

    /** One transaction and one round trip, unless the server undoes it as it would break REPEATABLE READ. */
    <T> List<T> ask(String sql, Row<T> row, @Nullable Object... arguments) {
        for (int tried = 1; ; tried++) {
            try (Connection connection = dataSource.getConnection();
                    Loan loan = Loan.of(connection, tried > 1);
                    PreparedStatement statement = loan.prepare(sql)) {
                if (!ready) {
                    seeToSchema(connection);
                }
                for (int i = 0; i < arguments.length; i++) {
                    bind(statement, i + 1, arguments[i]);
                }
                try (ResultSet rows = statement.executeQuery()) {
                    List<T> read = new ArrayList<>();
                    while (rows.next()) {
                        read.add(row.read(rows));
                    }
                    return read;
                }
            } catch (SQLException e) {
                boolean undone = "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
                if (!undone || tried == TRIES) {
                    throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(FILE, e);
            }
        }
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object argument) throws SQLException {
        if (argument instanceof String text) {
            statement.setBytes(index, text.getBytes(UTF_8));
        } else if (argument instanceof Instant moment) {
            statement.setObject(index, (moment.isAfter(FAR) ? FAR : moment).atOffset(ZoneOffset.UTC));
        } else if (argument instanceof byte[][] several) {
            statement.setArray(index, statement.getConnection().createArrayOf("bytea", several));
        } else {
            statement.setObject(index, argument);
        }
    }

    private void seeToSchema(Connection connection) throws SQLException, IOException {
        int found = version(connection);
        if (creates && found < VERSION) {
            connection.setNetworkTimeout(Runnable::run, SCHEMA_MILLIS); // until the loan ends
            try (Statement statement = connection.createStatement();
                    InputStream file = Objects.requireNonNull(Server.class.getResourceAsStream(FILE))) {
                statement.execute(new String(file.readAllBytes(), UTF_8));
            }
            found = version(connection);
        }
        if (found != VERSION) {
            throw new IllegalStateException(
                    "PostgreSQL has version " + found + " of the schema latchkey (0: none), needs "
                            + VERSION + ": "
                            + (found > VERSION
                                    ? "a newer Latchkey made it, update latchkey-postgres"
                                    : "call createSchema(), or run dev/latchkey/postgres/" + FILE
                                            + " of the jar latchkey-postgres"));
        }
        ready = true;
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT number FROM latchkey.version")) {
            return rows.next() ? rows.getInt(1) : 0;
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) { // no such table
                return 0;
            }
            throw e;
        }
    }
}
