package dev.latchkey;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A refusal. It has no stack trace: being refused is an everyday event, and its place in the code says nothing. */
public final class AuthException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final AuthError error;
    private final transient @Nullable Claims claims;
    private final transient @Nullable Duration maxAge;

    private AuthException(
            AuthError error,
            String message,
            @Nullable Claims claims,
            @Nullable Duration maxAge,
            @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.error = error;
        this.claims = claims;
        this.maxAge = maxAge;
    }

    /** A refusal with the error's own text, for endpoints and hooks of the application. */
    public static AuthException of(AuthError error) {
        return of(error, error.message());
    }

    static AuthException of(AuthError error, String message) {
        return new AuthException(error, message, null, null, null);
    }

    static AuthException of(AuthError error, String message, Claims claims) {
        return new AuthException(error, message, claims, null, null);
    }

    static AuthException stale(Claims claims, @Nullable Duration maxAge) {
        AuthError error = AuthError.FRESH_TOKEN_REQUIRED;
        return new AuthException(error, error.message(), claims, maxAge, null);
    }

    static AuthException unavailable(String what, @Nullable Throwable cause) {
        return new AuthException(
                AuthError.UNAVAILABLE,
                AuthError.UNAVAILABLE.message(),
                null,
                null,
                new IllegalStateException(what, cause));
    }

    /** Why. */
    public AuthError error() {
        return error;
    }

    /** The text for the client; names no value that the client did not send. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** The claims of a token that is genuine and well-formed, yet was not admitted: expired, revoked, not fresh. */
    public Optional<Claims> claims() {
        return Optional.ofNullable(claims);
    }

    /** The greatest age of a login that the route accepts (RFC 9470), where the age was the reason. */
    Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }
}
