package dev.latchkey.example;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;

/** The notes of all people; every call names whose, so that nobody reaches another's. */
final class Notes {

    static final int LONGEST = 1000;
    static final int MOST = 200;

    private final Database database;

    Notes(Database database) {
        this.database = database;
    }

    /** The newest first. */
    List<Note> of(Person owner) {
        return database.query(
                "SELECT id, text, created_at FROM note WHERE owner = ? ORDER BY id DESC", Notes::note, owner.name());
    }

    Note add(Person owner, String text) {
        return database.query(
                        "SELECT id, text, created_at FROM FINAL TABLE (INSERT INTO note (owner, text) VALUES (?, ?))",
                        Notes::note,
                        owner.name(),
                        text)
                .get(0);
    }

    /** False if the person has no such note. */
    boolean delete(Person owner, long id) {
        return database.update("DELETE FROM note WHERE id = ? AND owner = ?", id, owner.name()) == 1;
    }

    private static Note note(ResultSet row) throws SQLException {
        return new Note(
                row.getLong("id"),
                row.getString("text"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
