package dev.latchkey.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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

    private static final int WRITES_PER_SWEEP = 64;
    private static final int SWEPT = 256;
    private static final String OPEN = "expires_at >= now() - interval '" + SLACK.toSeconds() + " seconds'";

    private final Server server;
    private final AtomicInteger writes = new AtomicInteger();

    private PostgresTokenStore(DataSource dataSource) {
        server = new Server(dataSource);
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
        server.createSchema();
        return this;
    }

    @Override
    public long generation(Subject subject) {
        return server
                .ask("SELECT generation FROM latchkey.subject WHERE key = ?", row -> row.getLong(1), subject.digest())
                .stream()
                .findFirst()
                .orElse(0L);
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        return write(
                "SELECT latchkey.open_session(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row -> row.getArray(1) == null ? Optional.empty() : Optional.of(texts(row.getArray(1))),
                subject.digest(),
                generation,
                session.id(),
                session.label(),
                session.startedAt(),
                session.usedAt(),
                session.endsAt(),
                first.id(),
                first.issuedAt(),
                first.expiresAt(),
                most);
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        List<Rotation> rotations = server.ask(
                "SELECT presented, token, issued, expires FROM latchkey.rotate(?, ?, ?, ?, ?, ?, ?)",
                row -> new Rotation(
                        Presented.valueOf(row.getString(1)),
                        row.getBytes(2) == null
                                ? null
                                : new RefreshToken(text(row, 2), moment(row, 3), moment(row, 4))),
                subject.digest(),
                session,
                presented,
                proposed.id(),
                proposed.issuedAt(),
                proposed.expiresAt(),
                grace.toMillis());
        return rotations.get(0);
    }

    @Override
    public void revoke(Subject subject, String token, Instant until) {
        write("SELECT latchkey.revoke(?, ?)", row -> true, subject.digest(token), until);
    }

    @Override
    public boolean end(Subject subject, String session) {
        return any(
                "DELETE FROM latchkey.session WHERE subject = ? AND id = ? AND " + OPEN + " RETURNING 1",
                subject.digest(),
                session);
    }

    @Override
    public int endAll(Subject subject, @Nullable String keep, Instant until) {
        return write("SELECT latchkey.end_all(?, ?, ?)", row -> row.getInt(1), subject.digest(), keep, until);
    }

    @Override
    public boolean isLive(Subject subject, String token, @Nullable String session, Instant issuedAt) {
        String notRevoked = "SELECT WHERE NOT EXISTS (SELECT FROM latchkey.revoked WHERE key = ?) AND ";
        if (session != null) {
            return any(
                    notRevoked + "EXISTS (SELECT FROM latchkey.session WHERE subject = ? AND id = ? AND " + OPEN + ")",
                    subject.digest(token),
                    subject.digest(),
                    session);
        }
        return any(
                notRevoked + "? >= (SELECT since FROM latchkey.version)"
                        + " AND ? > coalesce((SELECT generation FROM latchkey.subject WHERE key = ?), 0)",
                subject.digest(token),
                issuedAt,
                issuedAt.getEpochSecond(),
                subject.digest());
    }

    @Override
    public boolean isCurrent(Subject subject, String session, String refreshToken) {
        return any(
                "SELECT FROM latchkey.session WHERE subject = ? AND id = ? AND ? IN (token, previous) AND " + OPEN,
                subject.digest(),
                session,
                refreshToken);
    }

    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        return Set.copyOf(server.ask(
                "SELECT id FROM unnest(?, ?) AS asked (subject, id) JOIN latchkey.session USING (subject, id) WHERE "
                        + OPEN,
                row -> text(row, 1),
                sessions.values().stream().map(subject -> subject.digest()).toArray(byte[][]::new),
                sessions.keySet().stream().map(id -> id.getBytes(UTF_8)).toArray(byte[][]::new)));
    }

    @Override
    public List<Session> sessions(Subject subject) {
        return server.ask(
                "SELECT id, label, started_at, used_at, ends_at FROM latchkey.session WHERE subject = ? AND " + OPEN
                        + " ORDER BY used_at DESC",
                row -> new Session(text(row, 1), text(row, 2), moment(row, 3), moment(row, 4), moment(row, 5)),
                subject.digest());
    }

    @Override
    public void ping() {
        server.ask("SELECT", row -> true);
    }

    @Override
    public List<String> warnings() {
        try {
            return server.ask("""
                    SELECT 'PostgreSQL has synchronous_commit = off: a crash brings back sessions and tokens that were \
                    ended just before; ALTER ROLE … SET synchronous_commit = on'
                        WHERE current_setting('synchronous_commit') = 'off'
                    UNION ALL
                    SELECT 'PostgreSQL has fsync or full_page_writes = off: a crash of its machine can destroy the \
                    database; set both to on in postgresql.conf'
                        WHERE 'off' IN (current_setting('fsync'), current_setting('full_page_writes'))
                    UNION ALL
                    SELECT 'PostgreSQL takes no writes, being a standby or told to be read-only: logins, refreshes and \
                    logouts are refused with 503, and sessions that ended are let in until the standby has caught up; \
                    connect to the primary, with targetServerType=primary in the URL'
                        WHERE current_setting('transaction_read_only') = 'on'""", row -> row.getString(1));
        } catch (IllegalStateException e) {
            return List.of(e.getMessage() + "; until then all that needs the store is refused with 503");
        }
    }

    private boolean any(String sql, Object... arguments) {
        return !server.ask(sql, row -> true, arguments).isEmpty();
    }

    private <T> T write(String sql, Server.Row<T> row, @Nullable Object... arguments) {
        T written = server.ask(sql, row, arguments).get(0);
        if (writes.incrementAndGet() % WRITES_PER_SWEEP == 0) {
            try {
                server.ask("SELECT latchkey.sweep(?)", swept -> true, SWEPT);
            } catch (IllegalStateException e) {
                System.getLogger("dev.latchkey")
                        .log(System.Logger.Level.WARNING, "expired sessions were not removed: " + e.getMessage());
            }
        }
        return written;
    }

    private static String text(ResultSet rows, int column) throws SQLException {
        return new String(rows.getBytes(column), UTF_8);
    }

    private static List<String> texts(Array ids) throws SQLException {
        return Stream.of((byte[][]) ids.getArray())
                .map(id -> new String(id, UTF_8))
                .toList();
    }

    private static Instant moment(ResultSet rows, int column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }
}
