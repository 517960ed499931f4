package dev.latchkey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The few settings that operators set as environment variables. */
final class Environment {

    static final Set<String> KNOWN = Set.of(
            "JWT_SECRET_KEY",
            "JWT_SECRET_KEY_FILE",
            "JWT_PRIVATE_KEY",
            "JWT_PRIVATE_KEY_FILE",
            "JWT_KEYS",
            "JWT_ALGORITHM",
            "JWT_ISSUER",
            "JWT_AUDIENCE",
            "JWT_ACCESS_TOKEN_EXPIRES",
            "JWT_REFRESH_TOKEN_EXPIRES",
            "JWT_TOKEN_LOCATION",
            "JWT_STORE");

    private final Map<String, String> variables;
    private final Settings settings = new Settings();
    private final List<String> problems = new ArrayList<>();

    private Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** Throws {@link IllegalStateException} naming every variable that cannot be read; unknown ones are warned of. */
    static LatchkeyBuilder read(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        environment.read();
        if (!environment.problems.isEmpty()) {
            throw new IllegalStateException(
                    "Latchkey cannot read its environment:\n - " + String.join("\n - ", environment.problems));
        }
        return new LatchkeyBuilder(environment.settings);
    }

    private void read() {
        key();
        settings.issuer = value("JWT_ISSUER");
        String audience = value("JWT_AUDIENCE");
        if (audience != null) {
            settings.audience = List.of(audience.split("\\s*,\\s*"));
        }
        settings.accessLifetime = duration("JWT_ACCESS_TOKEN_EXPIRES", settings.accessLifetime);
        settings.refreshLifetime = duration("JWT_REFRESH_TOKEN_EXPIRES", settings.refreshLifetime);
        locations();
        String store = value("JWT_STORE");
        if (store != null && !store.equals("memory") && !store.equals("stateless")) {
            problems.add("JWT_STORE is '" + Log.escape(store) + "', needs memory or stateless");
        }
        settings.stateless = "stateless".equals(store);
        for (String name : new TreeMap<>(variables).keySet()) {
            if (name.startsWith("JWT_") && !KNOWN.contains(name)) {
                settings.warnings.add(Log.escape(name) + " is set but unknown, and has no effect: known are "
                        + String.join(", ", KNOWN.stream().sorted().toList()));
            }
        }
    }

    private void key() {
        String secret = value("JWT_SECRET_KEY");
        String file = value("JWT_SECRET_KEY_FILE");
        if (secret != null && file != null) {
            problems.add("JWT_SECRET_KEY and JWT_SECRET_KEY_FILE are both set: leave one out");
            return;
        }
        if (value("JWT_KEYS") != null) {
            keys(secret != null || file != null);
            return;
        }
        String algorithm = Objects.requireNonNullElse(value("JWT_ALGORITHM"), "HS256");
        try {
            Algorithm.of(algorithm);
        } catch (IllegalArgumentException e) {
            problems.add("JWT_ALGORITHM is '" + Log.escape(algorithm) + "', needs one of " + Algorithm.SUPPORTED);
            return;
        }
        if (value("JWT_PRIVATE_KEY") != null || value("JWT_PRIVATE_KEY_FILE") != null) {
            privateKey(algorithm, secret != null || file != null);
            return;
        }
        try {
            if (file != null) {
                secret = Files.readString(Path.of(file)).strip();
            }
            if (secret != null) {
                settings.keys = KeySet.of(JwtKey.of(algorithm, secret.getBytes(StandardCharsets.UTF_8)));
            }
        } catch (IOException | InvalidPathException e) {
            // Who mixes up the two variables sets the secret itself.
            String name = String.valueOf(file).matches("(?:[/.]|[A-Za-z]:).{0,200}")
                    ? Log.escape(String.valueOf(file))
                    : "no path";
            problems.add("JWT_SECRET_KEY_FILE names " + name + ", which cannot be read as UTF-8 text: "
                    + e.getClass().getSimpleName());
        } catch (IllegalArgumentException e) {
            problems.add((file == null ? "JWT_SECRET_KEY: " : "JWT_SECRET_KEY_FILE: ") + e.getMessage());
        }
    }

    private void keys(boolean hasSecret) {
        if (hasSecret || value("JWT_PRIVATE_KEY") != null || value("JWT_PRIVATE_KEY_FILE") != null) {
            problems.add("JWT_KEYS and a variable of one key are set: leave one");
            return;
        }
        try {
            settings.keys = KeySet.file(Path.of(String.valueOf(value("JWT_KEYS"))));
        } catch (InvalidPathException e) {
            problems.add("JWT_KEYS is no name of a file or folder");
        }
    }

    private void privateKey(String algorithm, boolean hasSecret) {
        String pem = value("JWT_PRIVATE_KEY");
        String file = value("JWT_PRIVATE_KEY_FILE");
        String name = pem == null ? "JWT_PRIVATE_KEY_FILE" : "JWT_PRIVATE_KEY";
        if (hasSecret || (pem != null && file != null)) {
            problems.add("more than one of JWT_SECRET_KEY, JWT_PRIVATE_KEY and their _FILEs is set: leave one");
            return;
        }
        try {
            JwtKey key =
                    pem == null ? JwtKey.pem(algorithm, Path.of(String.valueOf(file))) : JwtKey.pem(algorithm, pem);
            settings.keys = KeySet.of(key);
        } catch (InvalidPathException e) {
            problems.add("JWT_PRIVATE_KEY_FILE is no name of a file");
        } catch (IllegalArgumentException e) {
            problems.add(name + ": " + e.getMessage()
                    + (value("JWT_ALGORITHM") == null ? "; JWT_ALGORITHM names the algorithm of the key" : ""));
        }
    }

    private void locations() {
        String names = value("JWT_TOKEN_LOCATION");
        if (names == null) {
            return;
        }
        List<TokenLocation> found = new ArrayList<>();
        for (String name : names.split("\\s*,\\s*")) {
            for (TokenLocation location : TokenLocation.values()) {
                if (location.label().equals(name.toLowerCase(Locale.ROOT)) && !found.contains(location)) {
                    found.add(location);
                }
            }
        }
        if (found.isEmpty() || found.size() != names.split("\\s*,\\s*").length) {
            problems.add("JWT_TOKEN_LOCATION is '" + Log.escape(names)
                    + "', needs some of headers, cookies, query_string, form and json, between commas");
        } else {
            settings.locations = List.copyOf(found);
            settings.locationsNamed = true;
        }
    }

    /** Whole seconds as the ancestors have them, or an ISO 8601 duration. */
    private Duration duration(String name, Duration otherwise) {
        String value = value(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return value.matches("[0-9]{1,12}") ? Duration.ofSeconds(Long.parseLong(value)) : Duration.parse(value);
        } catch (DateTimeParseException e) {
            problems.add(
                    name + " is '" + Log.escape(value) + "', needs seconds such as 900, or a duration such as PT15M");
            return otherwise;
        }
    }

    /** An empty variable counts as unset, as shells and container files leave them behind. */
    private @Nullable String value(String name) {
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
