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
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Asks PostgreSQL one statement at a time, and sees to the schema before the first. */
final class Server {

    /** What a row holds. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static final int VERSION = 1;
    private static final int NONE = -1;
    private static final String FILE = "schema.sql";
    private static final Pattern NAME = Pattern.compile("\\blatchkey\\b(?!-)");
    private static final Duration SCHEMA_TIMEOUT = Duration.ofMinutes(1);
    private static final int TRIES = 3;
    private static final Instant FAR = Instant.parse("9999-12-31T23:59:59Z");

    private final DataSource dataSource;
    private final String schema;
    private final Duration timeout;
    private volatile boolean creates;
    private volatile boolean ready;

    Server(DataSource dataSource, String schema, Duration timeout) {
        this.dataSource = Objects.requireNonNull(dataSource);
        this.schema = schema;
        this.timeout = timeout;
    }

    Server with(String otherSchema) {
        return new Server(dataSource, otherSchema, timeout);
    }

    Server with(Duration otherTimeout) {
        return new Server(dataSource, schema, otherTimeout);
    }

    void createSchema() {
        creates = true;
        try (Connection connection = dataSource.getConnection()) {
            Objects.requireNonNull(connection);
        } catch (SQLException e) {
            return; // warnings() tells, and the first answer creates it
        }
        ask("SELECT", row -> true);
    }

    /** One transaction and one round trip, unless the server undoes it as it would break REPEATABLE READ. */
    <T> List<T> ask(String sql, Row<T> row, @Nullable Object... arguments) {
        for (int tried = 1; ; tried++) {
            try (Connection connection = dataSource.getConnection();
                    Loan loan = new Loan(connection, timeout, tried > 1)) {
                if (!ready) {
                    prepare(connection, loan);
                }
                try (PreparedStatement statement = connection.prepareStatement(named(sql))) {
                    for (int i = 0; i < arguments.length; i++) {
                        bind(statement, i + 1, arguments[i]);
                    }
                    loan.limit(statement);
                    try (ResultSet rows = statement.executeQuery()) {
                        List<T> read = new ArrayList<>();
                        while (rows.next()) {
                            read.add(row.read(rows));
                        }
                        return read;
                    }
                }
            } catch (SQLException e) {
                boolean undone = "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
                if (!undone || tried == TRIES) {
                    throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
                }
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

    private void prepare(Connection connection, Loan loan) throws SQLException {
        int found = version(connection, loan);
        if (creates && found < VERSION) {
            try (Loan longer = new Loan(connection, SCHEMA_TIMEOUT, false);
                    Statement statement = connection.createStatement()) {
                longer.limit(statement);
                statement.execute(named(file()));
            }
            found = version(connection, loan);
        }
        String mend = ": call createSchema(), or run dev/latchkey/postgres/" + FILE + " of the jar latchkey-postgres";
        if (found == NONE) {
            throw new IllegalStateException("PostgreSQL has no schema " + schema + " with Latchkey's tables" + mend);
        }
        String versions = "PostgreSQL's schema " + schema + " has version " + found + ", needs " + VERSION;
        if (found < VERSION) {
            throw new IllegalStateException(versions + mend);
        }
        if (found > VERSION) {
            throw new IllegalStateException(versions + ": a newer Latchkey made it, update latchkey-postgres");
        }
        ready = true;
    }

    private int version(Connection connection, Loan loan) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            loan.limit(statement);
            try (ResultSet rows = statement.executeQuery(named("SELECT number FROM latchkey.version"))) {
                return rows.next() ? rows.getInt(1) : NONE;
            }
        } catch (SQLException e) {
            boolean missing = "42P01".equals(e.getSQLState()) || "3F000".equals(e.getSQLState());
            if (missing) {
                return NONE;
            }
            throw e;
        }
    }

    private String named(String sql) {
        return NAME.matcher(sql).replaceAll(schema);
    }

    private static String file() {
        try (InputStream file = Server.class.getResourceAsStream(FILE)) {
            return new String(Objects.requireNonNull(file, FILE).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
    }
}
