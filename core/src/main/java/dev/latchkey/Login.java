package dev.latchkey;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the login endpoint finds a user and checks the password.
 *
 * <pre>{@code
 * Login.of(people::byName, Person::passwordHash, hashing::matches, hashing.hash("nobody"))
 * }</pre>
 */
public final class Login {

    private final BiFunction<String, String, ? extends Optional<?>> authenticate;
    private final String usernameField;
    private final String passwordField;
    private final @Nullable BiPredicate<String, @Nullable String> throttle;
    private final Semaphore permits;
    private final @Nullable BiFunction<Object, Tokens, AuthResponse> response;

    private Login(
            BiFunction<String, String, ? extends Optional<?>> authenticate,
            String usernameField,
            String passwordField,
            @Nullable BiPredicate<String, @Nullable String> throttle,
            Semaphore permits,
            @Nullable BiFunction<Object, Tokens, AuthResponse> response) {
        this.authenticate = authenticate;
        this.usernameField = usernameField;
        this.passwordField = passwordField;
        this.throttle = throttle;
        this.permits = permits;
        this.response = response;
    }

    /**
     * Finds the user by name, then checks the password against the stored hash; for a name that nobody has, against
     * the dummy, so that both cost the same and nobody can learn who has an account.
     *
     * @param find the user of a name, or empty
     * @param hash the user's stored hash; null for a user who has no password and cannot log in with one
     * @param matches whether a password (first) fits a stored hash (second): a slow hash such as Argon2id or bcrypt
     * @param dummyHash a hash of any text, made with the same algorithm and cost as the stored ones
     * @throws IllegalArgumentException if {@code matches} cannot read the dummy
     */
    public static <U> Login of(
            Function<String, Optional<U>> find,
            Function<? super U, @Nullable String> hash,
            BiPredicate<String, String> matches,
            String dummyHash) {
        try {
            boolean unused = matches.test("", dummyHash);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "dummyHash is not a hash that matches(…) can read, so an unknown user would be told by the time: "
                            + "make it with the same hasher as the stored ones",
                    e);
        }
        return by((username, password) -> {
            Optional<U> user = find.apply(username);
            String stored = user.<@Nullable String>map(hash).orElse(null);
            boolean fits = matches.test(password, stored == null ? dummyHash : stored);
            return fits && stored != null ? user : Optional.empty();
        });
    }

    /** Authenticates by a call of the application's own (LDAP, another service): equal timing is up to that call. */
    public static Login by(BiFunction<String, String, ? extends Optional<?>> authenticate) {
        int permits = 4 * Runtime.getRuntime().availableProcessors();
        return new Login(authenticate, "username", "password", null, new Semaphore(permits), null);
    }

    /** A copy with other names for the two members of the body. */
    public Login withFields(String username, String password) {
        if (username.isEmpty() || password.isEmpty() || username.equals(password)) {
            throw new IllegalArgumentException("the two fields need two different names");
        }
        return new Login(authenticate, username, password, throttle, permits, response);
    }

    /** A copy that asks first, with the user name and the peer's address, and answers 429 to a false. */
    public Login withThrottle(BiPredicate<String, @Nullable String> allows) {
        return new Login(authenticate, usernameField, passwordField, allows, permits, response);
    }

    /** A copy that checks at most so many passwords at once, by default 4 per processor; beyond, it answers 503. */
    public Login withMaxConcurrent(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("maxConcurrent is " + most + ", needs at least 1");
        }
        return new Login(authenticate, usernameField, passwordField, throttle, new Semaphore(most), response);
    }

    /** A copy that writes the response to a successful login itself, from the user and the tokens. */
    public Login withResponse(BiFunction<Object, Tokens, AuthResponse> response) {
        return new Login(authenticate, usernameField, passwordField, throttle, permits, response);
    }

    String usernameField() {
        return usernameField;
    }

    String passwordField() {
        return passwordField;
    }

    Optional<BiFunction<Object, Tokens, AuthResponse>> response() {
        return Optional.ofNullable(response);
    }

    void throttle(String username, @Nullable String address) {
        if (throttle != null && !Checks.hook("throttle", () -> throttle.test(username, address))) {
            throw AuthException.of(AuthError.TOO_MANY_ATTEMPTS);
        }
    }

    /** The user, or a refusal that says the same for an unknown name and a wrong password. */
    Object authenticate(String username, String password) {
        if (!permits.tryAcquire()) {
            throw AuthException.unavailable("too many passwords are being checked at once", null);
        }
        try {
            Optional<?> user = Checks.hook("login", () -> authenticate.apply(username, password));
            return user.orElseThrow(() -> AuthException.of(AuthError.CREDENTIALS_INVALID));
        } finally {
            permits.release();
        }
    }
}
