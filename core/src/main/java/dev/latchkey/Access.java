package dev.latchkey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a route demands of a request.
 *
 * <pre>{@code
 * Access.required()                                  // a valid access token
 * Access.fresh().withMaxAge(Duration.ofMinutes(5))   // and a login at most five minutes ago
 * Access.role("admin").withScope("people:read")      // and both of these
 * }</pre>
 */
public final class Access {

    private enum Mode {
        OPEN,
        REQUIRED,
        OPTIONAL
    }

    /** Which requests with a cookie must prove that a page of ours sent them, from the fewest to the most. */
    private enum Csrf {
        NONE,
        UNSAFE_METHODS,
        ALL
    }

    private static final Access OPEN = new Access(new Demands(Mode.OPEN, "access"));
    private static final Access REQUIRED = new Access(new Demands(Mode.REQUIRED, "access"));
    private static final Access OPTIONAL = new Access(new Demands(Mode.OPTIONAL, "access"));

    /** Written by the methods that make an access, before anybody else can see it. */
    private static final class Demands implements Cloneable {
        private final Mode mode;
        private final @Nullable String type;
        private boolean fresh;
        private @Nullable Duration maxAge;
        private @Nullable List<TokenLocation> locations;
        private boolean withoutUser;
        private boolean withoutRevocation;
        private @Nullable Duration outage;
        private List<String> scopes = List.of();
        private List<String> roles = List.of();
        private @Nullable Consumer<AuthException> ignored;
        private Csrf csrf = Csrf.UNSAFE_METHODS;

        Demands(Mode mode, @Nullable String type) {
            this.mode = mode;
            this.type = type;
        }

        Demands copy() {
            try {
                return (Demands) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final Demands demands;

    private Access(Demands demands) {
        this.demands = demands;
    }

    private Access with(Consumer<Demands> change) {
        if (isOpen()) {
            throw new IllegalStateException("an open route looks at no token: start from required() or optional()");
        }
        Demands copy = demands.copy();
        change.accept(copy);
        return new Access(copy);
    }

    /** Anybody, and no token is looked at. */
    public static Access open() {
        return OPEN;
    }

    /** A valid access token. */
    public static Access required() {
        return REQUIRED;
    }

    /** A valid access token or none at all: a bad one is refused. */
    public static Access optional() {
        return OPTIONAL;
    }

    /** A valid access token whose login is fresh. */
    public static Access fresh() {
        return REQUIRED.withFresh();
    }

    /** A valid access token of somebody who has one of these roles. */
    public static Access role(String first, String... more) {
        return REQUIRED.withRole(first, more);
    }

    /** A valid access token that was granted all of these scopes (RFC 6750 section 3). */
    public static Access scope(String first, String... more) {
        return REQUIRED.withScope(first, more);
    }

    /** A valid refresh token. */
    public static Access refresh() {
        return type("refresh");
    }

    /** A valid token of one type of the application's own, as {@link Latchkey#token} makes them. */
    public static Access type(String type) {
        if (type == null || type.isBlank()) { // null stands for any type in here
            throw new IllegalArgumentException("the type of a token must not be blank: anyType() takes any");
        }
        return new Access(new Demands(Mode.REQUIRED, type));
    }

    /** A valid token of any type: for routes such as a logout that takes both. */
    public static Access anyType() {
        return new Access(new Demands(Mode.REQUIRED, null));
    }

    /** A copy that also demands a fresh login (the {@code fresh} claim). */
    public Access withFresh() {
        return with(copy -> copy.fresh = true);
    }

    /** A copy that also demands a login at most this long ago, exactly ({@code auth_time}, RFC 9470); at least 1 s. */
    public Access withMaxAge(Duration maxAge) {
        if (maxAge.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("maxAge is " + maxAge + ", needs at least one second");
        }
        return with(copy -> copy.maxAge = maxAge);
    }

    /** A copy that also demands one of these roles, in the claim that {@link LatchkeyBuilder#roleClaim} names. */
    public Access withRole(String first, String... more) {
        return with(copy -> copy.roles = words("role", Stream.concat(Stream.of(first), Stream.of(more))));
    }

    /** A copy that also demands these scopes, besides those it demands already. */
    public Access withScope(String first, String... more) {
        return with(copy -> copy.scopes = words(
                "scope",
                Stream.of(copy.scopes.stream(), Stream.of(first), Stream.of(more))
                        .flatMap(all -> all)));
    }

    private static List<String> words(String what, Stream<String> words) {
        List<String> list = words.distinct().toList();
        for (String word : list) {
            // RFC 6749 section 3.3; also what may stand in a challenge as it is.
            if (!word.matches("[!#-\\[\\]-~]+")) {
                throw new IllegalArgumentException("a " + what
                        + " has visible ASCII characters, neither quote, backslash nor space: " + Log.escape(word));
            }
        }
        return list;
    }

    /** A copy that looks for the token in these places only, in this order. */
    public Access withLocations(TokenLocation first, TokenLocation... more) {
        return with(copy -> copy.locations = Locations.list(first, more));
    }

    /** A copy that does not load the user: for routes that need the claims alone. A deleted user stays in. */
    public Access withoutUser() {
        return with(copy -> copy.withoutUser = true);
    }

    /** A copy that asks neither the store nor the revocation hook: a logged-out token stays in until it expires. */
    public Access withoutRevocationCheck() {
        return with(copy -> copy.withoutRevocation = true);
    }

    /**
     * A copy that admits on signature and claims alone while the store cannot answer, for at most this long since it
     * was gone: logged-out tokens stay in for that time. Each admission is logged, and the listener is told; 1 s to 1 h.
     */
    public Access withSignatureAloneInOutage(Duration most) {
        if (most.compareTo(Duration.ofSeconds(1)) < 0 || most.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("an outage of " + most + " cannot be bridged: 1 second to 1 hour can");
        }
        return with(copy -> copy.outage = most);
    }

    /**
     * A copy of an optional access that takes a bad token for none, and tells why it was bad; an outage still refuses.
     *
     * @throws IllegalStateException unless it is optional
     */
    public Access withBadTokenAsAnonymous(Consumer<AuthException> told) {
        if (!isOptional()) {
            throw new IllegalStateException("only an optional route lets anybody in without a token: use optional()");
        }
        return with(copy -> copy.ignored = told);
    }

    /** A copy that demands CSRF protection of a cookie for every method, GET too: for a GET that changes something. */
    public Access withCsrfProtection() {
        return with(copy -> copy.csrf = Csrf.ALL);
    }

    /** A copy that demands no CSRF protection of a cookie: any page can then send this request for a user. */
    public Access withoutCsrfProtection() {
        return with(copy -> copy.csrf = Csrf.NONE);
    }

    /**
     * Whether this demands all that the other does, so that a request which it admitted needs no check for the other:
     * for an adapter whose framework hands a request on to another path.
     */
    public boolean covers(Access other) {
        if (other.isOpen() || equals(other)) {
            return true;
        }
        if (isOpen() || (isOptional() && !other.isOptional())) {
            return false;
        }
        Demands mine = demands;
        Demands others = other.demands;
        return (others.type == null || others.type.equals(mine.type))
                && (mine.fresh || !others.fresh)
                && (others.maxAge == null || (mine.maxAge != null && mine.maxAge.compareTo(others.maxAge) <= 0))
                && Objects.equals(mine.locations, others.locations)
                && (!mine.withoutUser || others.withoutUser)
                && (!mine.withoutRevocation || others.withoutRevocation)
                && (mine.outage == null || (others.outage != null && mine.outage.compareTo(others.outage) <= 0))
                && mine.scopes.containsAll(others.scopes)
                && (others.roles.isEmpty() || (!mine.roles.isEmpty() && others.roles.containsAll(mine.roles)))
                && (mine.ignored == null || others.ignored != null)
                && mine.csrf.compareTo(others.csrf) >= 0;
    }

    boolean isOpen() {
        return demands.mode == Mode.OPEN;
    }

    boolean isOptional() {
        return demands.mode == Mode.OPTIONAL;
    }

    /** The type demanded, or null for any. */
    @Nullable
    String type() {
        return demands.type;
    }

    boolean wantsFresh() {
        return demands.fresh;
    }

    Optional<Duration> maxAge() {
        return Optional.ofNullable(demands.maxAge);
    }

    Optional<List<TokenLocation>> locations() {
        return Optional.ofNullable(demands.locations);
    }

    boolean wantsUser() {
        return !demands.withoutUser;
    }

    boolean wantsRevocationCheck() {
        return !demands.withoutRevocation;
    }

    /** How long the store may be gone; empty where no one is admitted without it. */
    Optional<Duration> outage() {
        return Optional.ofNullable(demands.outage);
    }

    List<String> scopes() {
        return demands.scopes;
    }

    List<String> roles() {
        return demands.roles;
    }

    boolean wantsCsrf(boolean unsafeMethod) {
        return demands.csrf == Csrf.ALL || (unsafeMethod && demands.csrf == Csrf.UNSAFE_METHODS);
    }

    /** Who is told of a bad token that counts as none; empty where it is refused. */
    Optional<Consumer<AuthException>> ignored() {
        return Optional.ofNullable(demands.ignored);
    }

    /** Says in words what is demanded, for the start-up report. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        words.add(demands.mode.name().toLowerCase(Locale.ROOT));
        words.add(type() == null ? "any type" : "access".equals(type()) ? "" : type());
        words.add(demands.fresh ? "fresh" : "");
        words.add(demands.maxAge == null ? "" : "maxAge=" + demands.maxAge);
        words.add(demands.scopes.isEmpty() ? "" : "scope=" + demands.scopes);
        words.add(demands.roles.isEmpty() ? "" : "role=" + demands.roles);
        words.add(demands.locations == null ? "" : "locations=" + demands.locations);
        words.add(demands.withoutUser ? "withoutUser" : "");
        words.add(demands.withoutRevocation ? "withoutRevocationCheck" : "");
        words.add(demands.outage == null ? "" : "signatureAloneInOutage=" + demands.outage);
        words.add(demands.csrf == Csrf.ALL ? "withCsrfProtection" : "");
        words.add(demands.csrf == Csrf.NONE ? "withoutCsrfProtection" : "");
        words.removeIf(String::isEmpty);
        return String.join(" ", words);
    }
}
