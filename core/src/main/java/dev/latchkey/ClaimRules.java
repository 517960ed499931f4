package dev.latchkey;

import static dev.latchkey.AuthError.AUDIENCE_INVALID;
import static dev.latchkey.AuthError.CLAIM_MALFORMED;
import static dev.latchkey.AuthError.CLAIM_MISSING;
import static dev.latchkey.AuthError.ISSUER_INVALID;
import static dev.latchkey.AuthError.TOKEN_EXPIRED;
import static dev.latchkey.AuthError.TOKEN_NOT_YET_VALID;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the claims of our own tokens must be (RFC 7519 section 4.1, RFC 8725 section 3), in the order of checking. */
final class ClaimRules {

    /** The last second of the year 9999. */
    static final long LATEST = 253_402_300_799L;

    private final Settings settings;

    ClaimRules(Settings settings) {
        this.settings = settings;
    }

    static boolean isTime(long seconds) {
        return seconds >= 0 && seconds <= LATEST;
    }

    static long seconds(String name, Instant moment) {
        if (!isTime(moment.getEpochSecond())) {
            throw new IllegalArgumentException(name + " is " + moment + ", needs the years 1970 to 9999");
        }
        return moment.getEpochSecond();
    }

    /** Checks everything but expiry; whatever is wrong besides is worth more to know than that. */
    Claims check(Jws jws, Instant now) {
        Map<String, @Nullable Object> payload = jws.payload();
        if (settings.migration != null) {
            payload = settings.migration.today(payload, settings.issuer(), settings.audience(), jws::hash, now);
        }
        present(payload, "iat");
        begun(payload, now.plus(settings.futureLeeway));
        if (!text(payload, "iss", "Payload Issuer (iss) must be a string").equals(settings.issuer())) {
            throw AuthException.of(ISSUER_INVALID);
        }
        audience(payload, "aud", settings.acceptedAudience());
        text(payload, "sub", "Subject must be a string");
        text(payload, "jti", "JWT ID must be a string");
        text(payload, "type", "Token type must be a string");
        if (payload.containsKey("sid")) {
            text(payload, "sid", "Session ID (sid) must be a string");
        }
        if (payload.containsKey("csrf")) {
            text(payload, "csrf", "CSRF value (csrf) must be a string");
        }
        if (payload.containsKey("auth_time")) {
            time(payload, "auth_time", "Authentication time (auth_time) must be an integer.");
        }
        if (payload.containsKey("fresh") && !(payload.get("fresh") instanceof Boolean)) {
            time(payload, "fresh", "Freshness (fresh) must be a boolean or an integer.");
        }
        for (String name : settings.requiredClaims) {
            present(payload, name);
        }
        return new Claims(jws.header(), payload);
    }

    /** Valid while {@code now < exp + leeway} (RFC 7519 section 4.1.4). */
    void checkExpiry(Claims claims, Instant now) {
        if (isExpired(claims, now)) {
            throw AuthException.of(TOKEN_EXPIRED, TOKEN_EXPIRED.message(), claims);
        }
    }

    boolean isExpired(Claims claims, Instant now) {
        return !now.isBefore(claims.expiresAt().plus(settings.leeway));
    }

    /** The times of any token (RFC 7519 sections 4.1.4 to 4.1.6). */
    static void begun(Map<String, @Nullable Object> payload, Instant latest) {
        if (payload.containsKey("iat")
                && time(payload, "iat", "Issued At claim (iat) must be an integer.")
                        .isAfter(latest)) {
            throw AuthException.of(TOKEN_NOT_YET_VALID, "The token is not yet valid (iat)");
        }
        if (payload.containsKey("nbf")
                && time(payload, "nbf", "Not Before claim (nbf) must be an integer.")
                        .isAfter(latest)) {
            throw AuthException.of(TOKEN_NOT_YET_VALID, "The token is not yet valid (nbf)");
        }
        time(payload, "exp", "Expiration Time claim (exp) must be an integer.");
    }

    static void audience(Map<String, @Nullable Object> payload, String name, List<String> accepted) {
        Object value = payload.get(name);
        List<?> audience = value instanceof String text ? List.of(text) : value instanceof List<?> list ? list : null;
        if (value == null || (audience != null && audience.isEmpty())) {
            throw missing(name);
        }
        if (audience == null || !audience.stream().allMatch(String.class::isInstance)) {
            throw AuthException.of(CLAIM_MALFORMED, "Invalid claim format in token");
        }
        if (Collections.disjoint(audience, accepted)) {
            throw AuthException.of(AUDIENCE_INVALID);
        }
    }

    private static Instant time(Map<String, @Nullable Object> payload, String name, String otherwise) {
        if (present(payload, name) instanceof Long seconds && isTime(seconds)) {
            return Instant.ofEpochSecond(seconds);
        }
        throw AuthException.of(CLAIM_MALFORMED, otherwise);
    }

    static String text(Map<String, @Nullable Object> payload, String name, String otherwise) {
        if (present(payload, name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw AuthException.of(CLAIM_MALFORMED, otherwise);
    }

    private static @Nullable Object present(Map<String, @Nullable Object> payload, String name) {
        if (!payload.containsKey(name)) {
            throw missing(name);
        }
        return payload.get(name);
    }

    private static AuthException missing(String name) {
        return AuthException.of(
                CLAIM_MISSING,
                name.equals("sub") ? "Missing claim: sub" : "Token is missing the \"" + name + "\" claim");
    }
}
