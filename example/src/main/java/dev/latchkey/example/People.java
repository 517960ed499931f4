package dev.latchkey.example;

import dev.latchkey.example.Person.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The people who can log in. */
final class People {

    private final Database database;

    People(Database database) {
        this.database = database;
    }

    Optional<Person> byName(String name) {
        return database.query("SELECT * FROM person WHERE name = ?", People::person, name).stream()
                .findFirst();
    }

    List<Person> all() {
        return database.query("SELECT * FROM person ORDER BY name", People::person);
    }

    void add(Person person) {
        database.update(
                "INSERT INTO person (name, role, password_hash) VALUES (?, ?, ?)",
                person.name(),
                person.role().label(),
                person.passwordHash());
    }

    /** False if the hash is not the one that was checked any more: somebody else changed it meanwhile. */
    boolean changePassword(Person checked, String newHash) {
        return database.update(
                        "UPDATE person SET password_hash = ? WHERE name = ? AND password_hash = ?",
                        newHash,
                        checked.name(),
                        checked.passwordHash())
                == 1;
    }

    private static Person person(ResultSet row) throws SQLException {
        return new Person(
                row.getString("name"),
                Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                row.getString("password_hash"));
    }
}
