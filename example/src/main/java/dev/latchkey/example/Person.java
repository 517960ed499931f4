package dev.latchkey.example;

import java.util.Locale;

/** Somebody who can log in. */
record Person(String name, Role role, String passwordHash) {

    enum Role {
        USER,
        ADMIN;

        /** As the database, the token and the API spell it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean isAdmin() {
        return role == Role.ADMIN;
    }

    /** Leaves out the hash, which must not end in a log. */
    @Override
    public String toString() {
        return "Person[" + name + ", " + role.label() + "]";
    }
}
