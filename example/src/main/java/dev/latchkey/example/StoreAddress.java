package dev.latchkey.example;

import dev.latchkey.redis.RedisTokenStore;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where sessions are kept.
 *
 * @param text {@code memory}, or the address of the Redis or PostgreSQL that all copies of the application share
 * @param user at PostgreSQL, if the address does not say
 * @param password of that user
 */
record StoreAddress(String text, Optional<String> user, Optional<String> password) {

    private static final Pattern REDIS = Pattern.compile("(redis|rediss|redis-sentinel)://.*");

    /** Stricter than the driver, which tells its log whatever it takes for a port: part of a password, maybe. */
    private static final Pattern POSTGRES =
            Pattern.compile("jdbc:postgresql://[A-Za-z0-9._-]+(:[0-9]{1,5})?(,[A-Za-z0-9._-]+(:[0-9]{1,5})?)*/"
                    + "[A-Za-z0-9._%-]+(\\?.*)?");

    /** Adds what is wrong to the problems, without a word of what may be a password. */
    static StoreAddress of(String text, Optional<String> user, Optional<String> password, List<String> problems) {
        StoreAddress address = new StoreAddress(text, user, password);
        if (address.isRedis()) {
            try {
                RedisTokenStore.of(text).close();
            } catch (IllegalArgumentException e) {
                problems.add(
                        "LATCHKEY_STORE is no address of Redis: it needs the form redis://user:password@host:6379, "
                                + "rediss://… for TLS, or redis-sentinel://host:26379,host:26379#master, with the password "
                                + "percent-encoded.");
            }
        } else if (text.toLowerCase(Locale.ROOT).startsWith("jdbc:")) {
            if (!address.isPostgres()) {
                problems.add("LATCHKEY_STORE is no address of PostgreSQL: it needs the form "
                        + "jdbc:postgresql://host:5432/database, with user and password in LATCHKEY_STORE_USER and "
                        + "LATCHKEY_STORE_PASSWORD.");
            }
        } else if (address.isShared()) {
            problems.add("LATCHKEY_STORE is neither 'memory' nor an address that begins with redis://, rediss://, "
                    + "redis-sentinel:// or jdbc:postgresql://.");
        }
        if ((user.isPresent() || password.isPresent()) && !text.startsWith("jdbc:")) {
            problems.add("LATCHKEY_STORE_USER and LATCHKEY_STORE_PASSWORD are for PostgreSQL: write them into the "
                    + "address of Redis, as redis://user:password@host:6379, or leave them out.");
        }
        return address;
    }

    /** Whether several copies of the application may run over it. */
    boolean isShared() {
        return !text.equals("memory");
    }

    boolean isRedis() {
        return REDIS.matcher(text).matches();
    }

    boolean isPostgres() {
        if (!POSTGRES.matcher(text).matches()) {
            return false;
        }
        try {
            return DriverManager.getDriver(text).acceptsURL(text);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Leaves out user, password and parameters. */
    @Override
    public String toString() {
        return text.replaceFirst("(?s)\\?.*", "").replaceFirst("(?s)//.*@", "//");
    }
}
