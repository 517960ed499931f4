package dev.latchkey.example;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator set in the environment.
 *
 * @param host {@code LATCHKEY_HOST}: the address to listen at, by default 127.0.0.1
 * @param port {@code LATCHKEY_PORT}: by default 7070; 0 takes a free one
 * @param home {@code LATCHKEY_HOME}: the data folder, by default {@code .latchkey-example}
 * @param exposed whether strangers may come: {@code LATCHKEY_ENV=production}, or a host that other machines reach
 * @param adminPassword {@code LATCHKEY_ADMIN_PASSWORD}: of the first administrator, where strangers may come
 * @param store {@code LATCHKEY_STORE}: where sessions are kept, by default {@code memory}; {@code LATCHKEY_STORE_USER} and
 *     {@code LATCHKEY_STORE_PASSWORD} are for PostgreSQL
 * @param variables the {@code JWT_*} variables, for Latchkey
 */
record ExampleSettings(
        String host,
        int port,
        Path home,
        boolean exposed,
        Optional<String> adminPassword,
        StoreAddress store,
        Map<String, String> variables) {

    private static final Duration SHORTEST_RENEWAL = Duration.ofSeconds(1);

    /** Throws {@link StartException} naming everything that is wrong. */
    static ExampleSettings from(Map<String, String> variables) {
        List<String> problems = new ArrayList<>();
        String host = value(variables, "LATCHKEY_HOST").orElse("127.0.0.1");
        String environment = value(variables, "LATCHKEY_ENV").orElse("development");
        boolean production = environment.equals("production");
        if (!production && !environment.equals("development")) {
            problems.add("LATCHKEY_ENV is neither 'development' nor 'production'.");
        }
        boolean loopback = isLoopback(host, problems);
        if (!hasSecret(variables) && production) {
            problems.add("LATCHKEY_ENV=production needs a secret of your own: set JWT_SECRET_KEY to what "
                    + "'openssl rand -base64 32' prints, or JWT_SECRET_KEY_FILE to a file that holds it.");
        } else if (!hasSecret(variables) && !loopback) {
            problems.add("LATCHKEY_HOST=" + host + " can be reached from other machines, and the development secret is "
                    + "for this machine alone: set JWT_SECRET_KEY to what 'openssl rand -base64 32' prints, or leave "
                    + "out LATCHKEY_HOST.");
        }
        if (value(variables, "JWT_STORE").filter("stateless"::equals).isPresent()) {
            problems.add("JWT_STORE=stateless gives up what this application shows, logging out and changing the "
                    + "password: leave it out.");
        }
        if (value(variables, "JWT_TOKEN_LOCATION")
                .filter(names -> !hasBoth(names))
                .isPresent()) {
            problems.add(
                    "JWT_TOKEN_LOCATION must name headers and cookies, for programs and for the page: leave it out.");
        }
        StoreAddress store = StoreAddress.of(
                value(variables, "LATCHKEY_STORE").orElse("memory"),
                value(variables, "LATCHKEY_STORE_USER"),
                value(variables, "LATCHKEY_STORE_PASSWORD"),
                problems);
        if (store.isShared() && value(variables, "JWT_STORE").isPresent()) {
            problems.add("JWT_STORE and LATCHKEY_STORE say different things: leave out JWT_STORE.");
        }
        int port = port(value(variables, "LATCHKEY_PORT").orElse("7070"), problems);
        Path home = home(value(variables, "LATCHKEY_HOME").orElse(".latchkey-example"), problems);
        if (!problems.isEmpty()) {
            throw new StartException(String.join(" ", problems));
        }
        return new ExampleSettings(
                host,
                port,
                home,
                production || !loopback,
                value(variables, "LATCHKEY_ADMIN_PASSWORD"),
                store,
                Map.copyOf(variables));
    }

    /** Whether the operator brought a secret; without, there is the development secret. */
    boolean hasSecret() {
        return hasSecret(variables);
    }

    private static boolean hasBoth(String names) {
        return List.of(names.toLowerCase(Locale.ROOT).split("\\s*,\\s*")).containsAll(List.of("headers", "cookies"));
    }

    /** How long before its end an access cookie is renewed: the last third of {@code JWT_ACCESS_TOKEN_EXPIRES}. */
    Duration renewal() {
        String life = value(variables, "JWT_ACCESS_TOKEN_EXPIRES").orElse("900");
        try {
            Duration third = (life.matches("[0-9]{1,12}")
                            ? Duration.ofSeconds(Long.parseLong(life))
                            : Duration.parse(life))
                    .dividedBy(3);
            return third.compareTo(SHORTEST_RENEWAL) < 0 ? SHORTEST_RENEWAL : third;
        } catch (DateTimeParseException e) {
            return SHORTEST_RENEWAL; // Latchkey tells what is wrong with it
        }
    }

    private static boolean hasSecret(Map<String, String> variables) {
        return value(variables, "JWT_SECRET_KEY").isPresent()
                || value(variables, "JWT_SECRET_KEY_FILE").isPresent();
    }

    /** Every address that the name stands for must be of this machine alone. */
    private static boolean isLoopback(String host, List<String> problems) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            problems.add("LATCHKEY_HOST is no address of this machine: use 127.0.0.1, or an address of its network.");
            return true;
        }
    }

    private static int port(String value, List<String> problems) {
        if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= 65535) {
            return Integer.parseInt(value);
        }
        problems.add("LATCHKEY_PORT is no number from 0 to 65535.");
        return 0;
    }

    private static Path home(String value, List<String> problems) {
        try {
            return Path.of(value).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            problems.add("LATCHKEY_HOME is no name of a folder.");
            return Path.of("");
        }
    }

    /** An empty variable counts as unset. */
    private static Optional<String> value(Map<String, String> variables, String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Leaves out secret and passwords. */
    @Override
    public String toString() {
        return "ExampleSettings[" + host + ":" + port + ", " + home + ", " + store + (exposed ? ", exposed]" : "]");
    }
}
