package dev.latchkey.example;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcConnectionPool;

/** The H2 file database in the data folder. */
final class Database implements AutoCloseable {

    /** Reads one row. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static final List<String> SCHEMA =
            List.of("""
            CREATE TABLE IF NOT EXISTS person (
                name          VARCHAR(64)  PRIMARY KEY,
                role          VARCHAR(16)  NOT NULL CHECK (role IN ('user', 'admin')),
                password_hash VARCHAR(255) NOT NULL)""", """
            CREATE TABLE IF NOT EXISTS note (
                id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                owner      VARCHAR(64)   NOT NULL REFERENCES person ON DELETE CASCADE,
                text       VARCHAR(1000) NOT NULL,
                created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL)""", "CREATE INDEX IF NOT EXISTS note_owner ON note (owner)");

    private final JdbcConnectionPool pool;

    private Database(JdbcConnectionPool pool) {
        this.pool = pool;
    }

    static {
        // The first of several copies serves the database to the others: to this machine alone.
        System.setProperty("h2.bindAddress", "127.0.0.1");
    }

    /** Opens the database, alone or together with other copies, and makes the tables at the first start. */
    static Database open(Path home, boolean shared) {
        // No trace file: it would hold statements with their values. Closing is ours, after the last request; where
        // copies share the database, H2 insists on doing it itself.
        String url = "jdbc:h2:file:" + home.resolve("notes").toString().replace(";", "\\;") + ";TRACE_LEVEL_FILE=0;"
                + (shared ? "AUTO_SERVER=TRUE" : "DB_CLOSE_ON_EXIT=FALSE");
        Database database = new Database(JdbcConnectionPool.create(url, "latchkey", ""));
        try (Connection connection = database.pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : SCHEMA) {
                statement.execute(table);
            }
            return database;
        } catch (SQLException e) {
            database.close();
            throw new StartException(
                    e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
                            ? "the database in " + home + " is in use by another process. Stop that one, set "
                                    + "LATCHKEY_HOME to another folder, or give both of them one LATCHKEY_STORE that "
                                    + "they share."
                            : "the database in " + home + " cannot be opened: " + e.getMessage());
        }
    }

    /** All rows that a query finds. */
    <T> List<T> query(String sql, Row<T> row, Object... values) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = prepare(connection, sql, values);
                ResultSet results = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (results.next()) {
                rows.add(row.read(results));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("the database failed", e);
        }
    }

    /** Changes rows, and says how many. */
    int update(String sql, Object... values) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the database failed", e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() {
        pool.dispose();
    }
}
