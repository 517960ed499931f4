package dev.latchkey;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A refusal. It has no stack trace: being refused is an everyday event, and its place in the code says nothing. */
public final class AuthException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final AuthError error;
    private final transient @Nullable Claims claims;
    private final String challenge;
    private final transient @Nullable AuthResponse response;
    private final boolean ofStaleCookie;

    private AuthException(
            AuthError error, String message, @Nullable Claims claims, String challenge, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.error = error;
        this.claims = claims;
        this.challenge = challenge;
        this.response = null;
        this.ofStaleCookie = false;
    }

    /** A copy, since a hook may throw one and the same for every request. */
    private AuthException(AuthException refusal, @Nullable AuthResponse response, boolean ofStaleCookie) {
        super(refusal.getMessage(), refusal.getCause(), false, false);
        this.error = refusal.error;
        this.claims = refusal.claims;
        this.challenge = refusal.challenge;
        this.response = response;
        this.ofStaleCookie = ofStaleCookie;
    }

    /** A refusal with the error's own text, for endpoints and hooks of the application. */
    public static AuthException of(AuthError error) {
        return of(error, error.message());
    }

    static AuthException of(AuthError error, String message) {
        return new AuthException(error, message, null, "", null);
    }

    static AuthException of(AuthError error, String message, Claims claims) {
        return new AuthException(error, message, claims, "", null);
    }

    static AuthException stale(Claims claims, @Nullable Duration maxAge) {
        AuthError error = AuthError.FRESH_TOKEN_REQUIRED;
        String challenge = maxAge == null ? "" : ", max_age=\"" + maxAge.toSeconds() + '"';
        return new AuthException(error, error.message(), claims, challenge, null);
    }

    static AuthException methodNotAllowed(String allowed) {
        AuthError error = AuthError.METHOD_NOT_ALLOWED;
        return new AuthException(error, error.message(), null, allowed, null);
    }

    static AuthException insufficientScope(Claims claims, List<String> scopes) {
        AuthError error = AuthError.SCOPE_INSUFFICIENT;
        String challenge = ", scope=\"" + String.join(" ", scopes) + '"';
        return new AuthException(error, error.message(), claims, challenge, null);
    }

    static AuthException unavailable(String what, @Nullable Throwable cause) {
        return new AuthException(
                AuthError.UNAVAILABLE,
                AuthError.UNAVAILABLE.message(),
                null,
                "",
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

    /** The method that would have been taken, where another one is the reason. */
    String allowed() {
        return challenge.isEmpty() ? "POST" : challenge;
    }

    /** What the challenge says beyond error and description: the age or the scopes that would do, or nothing. */
    String challenge() {
        return challenge;
    }

    /** The same refusal of a request, which was logged and answered when it was made. */
    AuthException answered(AuthResponse answer) {
        return new AuthException(this, answer, ofStaleCookie);
    }

    /** The same refusal of a cookie that will never be good again: the answer takes it back. */
    AuthException ofStaleCookie() {
        return new AuthException(this, response, true);
    }

    /** The same refusal of a cookie that came twice: the one that is not ours can be the one that stays. */
    boolean isOfPlantedCookie() {
        return ofStaleCookie && error == AuthError.TOKEN_AMBIGUOUS;
    }

    boolean isOfStaleCookie() {
        return ofStaleCookie;
    }

    Optional<AuthResponse> response() {
        return Optional.ofNullable(response);
    }
}
