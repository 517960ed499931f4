package dev.latchkey;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token that passed every check of its route. Only Latchkey makes one: holding it is the proof. */
public final class VerifiedToken {

    private final Claims claims;
    private final @Nullable TokenLocation location;
    private final boolean fresh;
    private final List<String> scopes;
    private final List<String> roles;
    private final @Nullable Object user;
    private final boolean withoutStore;

    VerifiedToken(
            Claims claims,
            @Nullable TokenLocation location,
            boolean fresh,
            List<String> scopes,
            List<String> roles,
            @Nullable Object user,
            boolean withoutStore) {
        this.claims = claims;
        this.location = location;
        this.fresh = fresh;
        this.scopes = scopes;
        this.roles = roles;
        this.user = user;
        this.withoutStore = withoutStore;
    }

    /** Everything that the token says. */
    public Claims claims() {
        return claims;
    }

    /** Whom the token is about: {@code sub}. */
    public String subject() {
        return claims.subject();
    }

    /** The token's own id: {@code jti}. */
    public String id() {
        return claims.id();
    }

    /** {@code access}, {@code refresh}, or a type of the application's own. */
    public String type() {
        return claims.type();
    }

    /** When its life ends. */
    public Instant expiresAt() {
        return claims.expiresAt();
    }

    /** Whether the login was fresh when the token was checked. */
    public boolean isFresh() {
        return fresh;
    }

    /** The scopes that it was granted, in the claim that {@link LatchkeyBuilder#scopeClaim} names; empty if none. */
    public List<String> scopes() {
        return scopes;
    }

    /** The roles that it grants, in the claim that {@link LatchkeyBuilder#roleClaim} names; empty if there are none. */
    public List<String> roles() {
        return roles;
    }

    /** Where the request carried it; empty for a token that was verified as a string. */
    public Optional<TokenLocation> location() {
        return Optional.ofNullable(location);
    }

    /** The CSRF value of its session, for forms that the server writes; empty for a token that is not for cookies. */
    public Optional<String> csrf() {
        return claims.string("csrf");
    }

    /**
     * The user that the user loader found.
     *
     * @throws IllegalStateException if no user was loaded, or one of another class
     */
    public <U> U user(Class<U> type) {
        if (user == null) {
            throw new IllegalStateException("no user was loaded: set userLoader(…), and leave out withoutUser() here");
        }
        if (!type.isInstance(user)) {
            throw new IllegalStateException("the user is a " + user.getClass().getName() + ", not a " + type.getName());
        }
        return type.cast(user);
    }

    boolean isAdmittedWithoutStore() {
        return withoutStore;
    }

    /** Names the token's id, never its text. */
    @Override
    public String toString() {
        return "VerifiedToken[" + type() + ", jti=" + Log.escape(id()) + "]";
    }
}
