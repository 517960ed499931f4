package dev.latchkey;

import java.util.Locale;

/** Every reason to refuse a request; {@code docs/errors.md} says what causes each and what a client should do. */
public enum AuthError {
    /** No location of the request holds a token. */
    TOKEN_MISSING(401, 401, "Missing token"),
    /** The header that holds the token is not {@code Bearer <JWT>}. */
    HEADER_MALFORMED(401, 422, "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'"),
    /** Two different tokens came with one request (RFC 6750 section 2). */
    TOKEN_AMBIGUOUS(401, 422, "More than one token in the request"),
    /** The token is not a compact JWS with JSON inside, or larger than 8 KiB. */
    TOKEN_MALFORMED(401, 422, "Malformed token"),
    /** The header names no algorithm, or not that of the key. */
    ALGORITHM_NOT_ALLOWED(401, 422, "The specified alg value is not allowed"),
    /** The header lists an extension that must be understood and is not (RFC 7515 section 4.1.11). */
    CRITICAL_EXTENSION_UNSUPPORTED(401, 422, "Unsupported critical extension"),
    /** The header names a key id that no accepted key bears. */
    KEY_UNKNOWN(401, 422, "Signature verification failed"),
    /** No accepted key made the signature. */
    SIGNATURE_INVALID(401, 422, "Signature verification failed"),
    /** A claim that every token must carry is absent. */
    CLAIM_MISSING(401, 422, "Missing claim"),
    /** A registered claim has the wrong type or an impossible value. */
    CLAIM_MALFORMED(401, 422, "Malformed claim"),
    /** The token was issued by somebody else. */
    ISSUER_INVALID(401, 422, "Invalid issuer"),
    /** The token is meant for somebody else. */
    AUDIENCE_INVALID(401, 422, "Audience doesn't match"),
    /** {@code iat} or {@code nbf} lies further ahead than clocks may differ. */
    TOKEN_NOT_YET_VALID(401, 422, "The token is not yet valid"),
    /** The token's life is over. */
    TOKEN_EXPIRED(401, 401, "Token has expired"),
    /** The token is of a type that this route does not take. */
    TOKEN_TYPE_INVALID(401, 422, "Wrong token type"),
    /** The token, its session or all tokens of its subject were revoked. */
    TOKEN_REVOKED(401, 401, "Token has been revoked"),
    /** A refresh token was used again after it had been replaced: its session is over (RFC 9700 section 4.14.2). */
    REFRESH_TOKEN_REUSED(401, 401, "Token has been revoked"),
    /** The login is too long ago for this route: log in again (RFC 9470). */
    FRESH_TOKEN_REQUIRED(401, 401, "Fresh token required"),
    /** The application's own check of the claims said no. */
    CLAIMS_REJECTED(401, 400, "User claims verification failed"),
    /** The token was not granted a scope that the route demands (RFC 6750 section 3.1). */
    SCOPE_INSUFFICIENT(403, 403, "Insufficient scope"),
    /** The user has none of the roles that the route demands. */
    ROLE_MISSING(403, 403, "Missing role"),
    /** The token came as a cookie, and neither header nor form repeats its CSRF value. */
    CSRF_MISSING(403, 401, "Missing CSRF token"),
    /** They repeat another value than the token's, or more than one. */
    CSRF_MISMATCH(403, 401, "CSRF double submit tokens do not match"),
    /** The browser says that a page of another origin sent the request. */
    ORIGIN_REJECTED(403, 403, "Requests of this origin are not accepted"),
    /** The user that the token names does not exist any more. */
    USER_NOT_FOUND(401, 401, "Error loading the user"),
    /** Unknown user or wrong password: never says which. */
    CREDENTIALS_INVALID(401, 401, "Invalid credentials"),
    /** The body of a login, refresh or logout is not what the endpoint takes. */
    REQUEST_MALFORMED(400, 400, "Malformed request body"),
    /** The user has no such session. */
    SESSION_NOT_FOUND(404, 404, "No such session"),
    /** The endpoint takes another method. */
    METHOD_NOT_ALLOWED(405, 405, "Method not allowed"),
    /** The body is larger than the endpoint reads. */
    BODY_TOO_LARGE(413, 413, "Request body too large"),
    /** The body is not JSON by its {@code Content-Type}. */
    MEDIA_TYPE_UNSUPPORTED(415, 415, "Invalid content-type. Must be application/json."),
    /** The application's throttle turned the login away. */
    TOO_MANY_ATTEMPTS(429, 429, "Too many attempts, try again later"),
    /** A store, a hook or the password check could not answer: nobody is let in without it. */
    UNAVAILABLE(503, 503, "Authentication is unavailable, try again later");

    private final int status;
    private final int ancestorsStatus;
    private final String message;

    AuthError(int status, int ancestorsStatus, String message) {
        this.status = status;
        this.ancestorsStatus = ancestorsStatus;
        this.message = message;
    }

    /** The stable code that clients compare, such as {@code token_expired}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The HTTP status in a style of responses. */
    public int status(ErrorStyle style) {
        return style == ErrorStyle.ANCESTORS ? ancestorsStatus : status;
    }

    /** The text for people; a refusal may carry a more exact one. */
    public String message() {
        return message;
    }
}
