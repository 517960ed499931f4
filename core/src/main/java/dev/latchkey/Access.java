package dev.latchkey;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a route demands of a request.
 *
 * <pre>{@code
 * Access.required()                                  // a valid access token
 * Access.fresh().withMaxAge(Duration.ofMinutes(5))   // and a login at most five minutes ago
 * }</pre>
 */
public final class Access {

    private enum Mode {
        OPEN,
        REQUIRED,
        OPTIONAL
    }

    private static final Access OPEN = new Access(Mode.OPEN, "access", false, null, null, true, true);
    private static final Access REQUIRED = new Access(Mode.REQUIRED, "access", false, null, null, true, true);
    private static final Access OPTIONAL = new Access(Mode.OPTIONAL, "access", false, null, null, true, true);

    private final Mode mode;
    private final @Nullable String type;
    private final boolean fresh;
    private final @Nullable Duration maxAge;
    private final @Nullable List<TokenLocation> locations;
    private final boolean user;
    private final boolean revocation;

    private Access(
            Mode mode,
            @Nullable String type,
            boolean fresh,
            @Nullable Duration maxAge,
            @Nullable List<TokenLocation> locations,
            boolean user,
            boolean revocation) {
        this.mode = mode;
        this.type = type;
        this.fresh = fresh;
        this.maxAge = maxAge;
        this.locations = locations;
        this.user = user;
        this.revocation = revocation;
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

    /** A valid refresh token. */
    public static Access refresh() {
        return type("refresh");
    }

    /** A valid token of one type of the application's own, as {@link Latchkey#token} makes them. */
    public static Access type(String type) {
        if (type == null || type.isBlank()) { // null stands for any type in here
            throw new IllegalArgumentException("the type of a token must not be blank: anyType() takes any");
        }
        return new Access(Mode.REQUIRED, type, false, null, null, true, true);
    }

    /** A valid token of any type: for routes such as a logout that takes both. */
    public static Access anyType() {
        return new Access(Mode.REQUIRED, null, false, null, null, true, true);
    }

    /** A copy that also demands a fresh login (the {@code fresh} claim). */
    public Access withFresh() {
        return new Access(closed(), type, true, maxAge, locations, user, revocation);
    }

    /** A copy that also demands a login at most this long ago, exactly ({@code auth_time}, RFC 9470); at least 1 s. */
    public Access withMaxAge(Duration maxAge) {
        if (maxAge.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("maxAge is " + maxAge + ", needs at least one second");
        }
        return new Access(closed(), type, fresh, maxAge, locations, user, revocation);
    }

    /** A copy that looks for the token in these places only, in this order. */
    public Access withLocations(TokenLocation first, TokenLocation... more) {
        return new Access(closed(), type, fresh, maxAge, Locations.list(first, more), user, revocation);
    }

    /** A copy that does not load the user: for routes that need the claims alone. A deleted user stays in. */
    public Access withoutUser() {
        return new Access(closed(), type, fresh, maxAge, locations, false, revocation);
    }

    /** A copy that asks neither the store nor the revocation hook: a logged-out token stays in until it expires. */
    public Access withoutRevocationCheck() {
        return new Access(closed(), type, fresh, maxAge, locations, user, false);
    }

    private Mode closed() {
        if (mode == Mode.OPEN) {
            throw new IllegalStateException("an open route looks at no token: start from required() or optional()");
        }
        return mode;
    }

    boolean isOpen() {
        return mode == Mode.OPEN;
    }

    boolean isOptional() {
        return mode == Mode.OPTIONAL;
    }

    /** The type demanded, or null for any. */
    @Nullable
    String type() {
        return type;
    }

    boolean wantsFresh() {
        return fresh;
    }

    Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }

    Optional<List<TokenLocation>> locations() {
        return Optional.ofNullable(locations);
    }

    boolean wantsUser() {
        return user;
    }

    boolean wantsRevocationCheck() {
        return revocation;
    }

    /** Says in words what is demanded, for the start-up report. */
    @Override
    public String toString() {
        return (mode + (type == null ? " any type" : type.equals("access") ? "" : " " + type)).toLowerCase(Locale.ROOT)
                + (fresh ? " fresh" : "")
                + (maxAge == null ? "" : " maxAge=" + maxAge)
                + (locations == null ? "" : " locations=" + locations)
                + (user ? "" : " withoutUser")
                + (revocation ? "" : " withoutRevocationCheck");
    }
}
