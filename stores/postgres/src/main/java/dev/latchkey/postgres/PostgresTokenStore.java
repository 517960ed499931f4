package dev.latchkey.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
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
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and revoked tokens in PostgreSQL, for any number of nodes, over a {@code DataSource} of the application.
 *
 * <pre>{@code
 * Latchkey auth = Latchkey.builder()
 *         .store(PostgresTokenStore.of(dataSource).createSchema())
 *         …
 * }</pre>
 */
public final class PostgresTokenStore implements TokenStore {

    /** What a row holds. */
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static final int VERSION = 1;
    private static final int SCHEMA_MILLIS = 60_000;
    private static final int TRIES = 3;
    private static final int TIMEOUT_SECONDS = 2;

    private final DataSource dataSource;
    private volatile boolean creates;
    private volatile boolean ready;

    private PostgresTokenStore(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource);
    }

    /** A store in the schema {@code latchkey}, where a statement takes at most 2 seconds. The pool stays the caller's. */
    public static PostgresTokenStore of(DataSource dataSource) {
        return new PostgresTokenStore(dataSource);
    }

    /**
     * Creates the schema or brings an older one up to date: at once, or as soon as the server can be reached. Many nodes
     * may do so together.
     *
     * @throws IllegalStateException if the server refuses, or a newer version made the schema
     */
    public PostgresTokenStore createSchema() {
        creates = true;
        try {
            dataSource.getConnection().close();
        } catch (SQLException e) {
            return this; // warnings() tells, and the first answer creates it
        }
        ping();
        return this;
    }

    @Override
    public long generation(Subject subject) {
        return one("generation", row -> row.getLong(1), subject);
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        List<String> ids = all("open_session", row -> text(row, 1), subject, generation, session, first, most);
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.subList(1, ids.size()));
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        return one("rotate", PostgresTokenStore::rotation, subject, session, presented, proposed, grace.toMillis());
    }

    private static Rotation rotation(ResultSet row) throws SQLException {
        Presented presented = Presented.valueOf(row.getString(1));
        return row.getBytes(2) == null
                ? new Rotation(presented, null)
                : new Rotation(presented, new RefreshToken(text(row, 2), moment(row, 3), moment(row, 4)));
    }

    @Override
    public void revoke(Subject subject, String token, Instant until) {
        one("revoke", row -> true, subject.digest(token), until);
    }

    @Override
    public boolean end(Subject subject, String session) {
        return one("end_session", row -> row.getBoolean(1), subject, session);
    }

    @Override
    public int endAll(Subject subject, @Nullable String keep, Instant until) {
        return one("end_all", row -> row.getInt(1), subject, keep, until);
    }

    @Override
    public boolean isLive(Subject subject, String token, @Nullable String session, Instant issuedAt) {
        return one("is_live", row -> row.getBoolean(1), subject.digest(token), subject, session, issuedAt);
    }

    @Override
    public boolean isCurrent(Subject subject, String session, String refreshToken) {
        return one("is_current", row -> row.getBoolean(1), subject, session, refreshToken);
    }

    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        byte[][] subjects =
                sessions.values().stream().map(subject -> subject.digest()).toArray(byte[][]::new);
        byte[][] ids = sessions.keySet().stream().map(id -> id.getBytes(UTF_8)).toArray(byte[][]::new);
        return Set.copyOf(all("live", row -> text(row, 1), subjects, ids));
    }

    @Override
    public List<Session> sessions(Subject subject) {
        return all(
                "sessions",
                row -> new Session(text(row, 1), text(row, 2), moment(row, 3), moment(row, 4), moment(row, 5)),
                subject);
    }

    @Override
    public List<String> warnings() {
        return all("warnings", row -> row.getString(1));
    }

    private <T> T one(String function, Row<T> row, @Nullable Object... arguments) {
        return all(function, row, arguments).get(0);
    }

    /** A function of schema.sql: one transaction and one round trip, unless the server undoes it (REPEATABLE READ). */
    private <T> List<T> all(String function, Row<T> row, @Nullable Object... arguments) {
        List<@Nullable Object> values = new ArrayList<>();
        add(values, arguments);
        String places = String.join(", ", Collections.nCopies(values.size(), "?"));
        String sql = "SELECT * FROM latchkey." + function + "(" + places + ")";
        for (int tried = 1; ; tried++) {
            try (Connection connection = dataSource.getConnection();
                    Loan loan = Loan.of(connection, tried > 1);
                    PreparedStatement statement = loan.connection().prepareStatement(sql)) {
                if (!ready) {
                    seeToSchema(connection);
                }
                statement.setQueryTimeout(TIMEOUT_SECONDS);
                for (int i = 0; i < values.size(); i++) {
                    statement.setObject(i + 1, values.get(i));
                }
                ResultSet rows = statement.executeQuery();
                List<T> read = new ArrayList<>();
                while (rows.next()) {
                    read.add(row.read(rows));
                }
                return read;
            } catch (SQLException e) {
                boolean undone = "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
                if (!undone || tried == TRIES) {
                    throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
                }
            }
        }
    }

    private static void add(List<@Nullable Object> values, @Nullable Object... arguments) {
        for (Object argument : arguments) {
            if (argument instanceof Subject subject) {
                values.add(subject.digest());
            } else if (argument instanceof Session session) {
                add(values, session.id(), session.label(), session.startedAt(), session.usedAt(), session.endsAt());
            } else if (argument instanceof RefreshToken token) {
                add(values, token.id(), token.issuedAt(), token.expiresAt());
            } else if (argument instanceof String text) {
                values.add(text.getBytes(UTF_8));
            } else if (argument instanceof Instant moment) {
                values.add(moment.atOffset(ZoneOffset.UTC));
            } else {
                values.add(argument);
            }
        }
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return new String(row.getBytes(column), UTF_8);
    }

    private static Instant moment(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private void seeToSchema(Connection connection) throws SQLException {
        int found = version(connection);
        if (creates && found < VERSION) {
            connection.setNetworkTimeout(Runnable::run, SCHEMA_MILLIS); // until the loan ends
            try (Statement statement = connection.createStatement();
                    InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("schema.sql"))) {
                statement.execute(new String(file.readAllBytes(), UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            found = version(connection);
        }
        if (found != VERSION) {
            String mend = found > VERSION
                    ? "a newer Latchkey made it, update latchkey-postgres"
                    : "call createSchema(), or run dev/latchkey/postgres/schema.sql of the jar latchkey-postgres";
            throw new IllegalStateException("PostgreSQL has version " + found
                    + " of the schema latchkey (0: none), needs " + VERSION + ": " + mend);
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
