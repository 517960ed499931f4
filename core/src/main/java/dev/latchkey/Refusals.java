package dev.latchkey;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns a refusal into the response of the configured style. */
final class Refusals {

    private static final String RETRY_AFTER_SECONDS = "5";

    private final Settings settings;
    private final Delivery delivery;

    Refusals(Settings settings, Delivery delivery) {
        this.settings = settings;
        this.delivery = delivery;
    }

    /** Logs a refusal, tells of it, and makes its response, which takes back a cookie that is stale. */
    AuthResponse answer(AuthException refusal, @Nullable AuthRequest request) {
        Log.refused(refusal, request);
        settings.tell(listener -> listener.refused(refusal));
        AuthResponse response = response(refusal);
        if (!refusal.isOfStaleCookie() || request == null) {
            return response;
        }
        boolean refresh = refusal.claims()
                        .filter(claims -> claims.type().equals("refresh"))
                        .isPresent()
                || request.path().equals(settings.refreshPath);
        return response.withCookies(delivery.clearedStale(refusal, refresh, request));
    }

    private AuthResponse response(AuthException refusal) {
        AuthResponse standard = settings.errorStyle == ErrorStyle.ANCESTORS ? ancestors(refusal) : standard(refusal);
        if (refusal.error() == AuthError.UNAVAILABLE || refusal.error() == AuthError.TOO_MANY_ATTEMPTS) {
            standard = standard.withHeader("Retry-After", RETRY_AFTER_SECONDS);
        } else if (refusal.error() == AuthError.METHOD_NOT_ALLOWED) {
            standard = standard.withHeader("Allow", refusal.allowed());
        }
        if (settings.errorResponse == null) {
            return standard;
        }
        try {
            AuthResponse own = settings.errorResponse.apply(refusal, standard);
            if (own != null && own.status() >= 300) {
                return own;
            }
            Log.warn("errorResponse(…) returned " + (own == null ? "null" : "status " + own.status())
                    + " for a refusal, the standard response was sent instead: use a status of 300 to 599");
        } catch (Exception e) {
            Log.warn("errorResponse(…) threw " + Log.escape(e.toString()) + ", the standard response was sent instead");
        }
        return standard;
    }

    private AuthResponse standard(AuthException refusal) {
        AuthError error = refusal.error();
        int status = error.status(settings.errorStyle);
        String message = Objects.requireNonNull(refusal.getMessage());
        Map<String, Object> body = new LinkedHashMap<>();
        boolean problem = settings.errorStyle == ErrorStyle.PROBLEM;
        if (problem) {
            body.put("type", "about:blank");
            body.put("title", title(status));
            body.put("status", status);
            body.put("detail", message);
        } else {
            body.put(settings.errorMessageKey, message);
        }
        body.put("code", error.code());
        AuthResponse response =
                AuthResponse.of(status, problem ? "application/problem+json" : "application/json", Json.write(body));
        return status == 401 || error == AuthError.SCOPE_INSUFFICIENT || error == AuthError.ROLE_MISSING
                ? response.withHeader("WWW-Authenticate", challenge(refusal)).withHeader("Cache-Control", "no-store")
                : response.withHeader("Cache-Control", "no-store");
    }

    /** RFC 6750 section 3: no error code where the request carried no token; RFC 9470 section 3 for a step-up. */
    private String challenge(AuthException refusal) {
        StringBuilder challenge = new StringBuilder(settings.headerScheme.isEmpty() ? "Bearer" : settings.headerScheme);
        String separator = " ";
        if (settings.realm != null) {
            challenge.append(separator).append("realm=").append(quoted(settings.realm));
            separator = ", ";
        }
        AuthError error = refusal.error();
        if (error != AuthError.TOKEN_MISSING && error != AuthError.CREDENTIALS_INVALID) {
            String code = switch (error) {
                case FRESH_TOKEN_REQUIRED -> "insufficient_user_authentication";
                case SCOPE_INSUFFICIENT, ROLE_MISSING -> "insufficient_scope";
                default -> "invalid_token";
            };
            challenge
                    .append(separator)
                    .append("error=\"")
                    .append(code)
                    .append("\", error_description=")
                    .append(quoted(Objects.requireNonNull(refusal.getMessage())));
            challenge.append(refusal.challenge());
        }
        return challenge.toString();
    }

    /** RFC 9110 section 5.6.4; RFC 6750 section 3 bars quotes and backslashes from the description altogether. */
    private static String quoted(String text) {
        return '"' + text.replaceAll("[\"\\\\]", "'").replaceAll("[^ -~]", "?") + '"';
    }

    /** Flask-JWT-Extended's {@code {"msg": …}} with its line feed; Flask-JWT's three members for a failed login. */
    private AuthResponse ancestors(AuthException refusal) {
        int status = refusal.error().status(ErrorStyle.ANCESTORS);
        String message = Objects.requireNonNull(refusal.getMessage());
        Map<String, Object> body = new LinkedHashMap<>();
        if (refusal.error() == AuthError.CREDENTIALS_INVALID) {
            body.put("description", message);
            body.put("error", "Bad Request");
            body.put("status_code", status);
        } else {
            body.put(settings.errorMessageKey, message);
        }
        return AuthResponse.of(status, "application/json", Json.write(body) + "\n");
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 429 -> "Too Many Requests";
            default -> "Service Unavailable";
        };
    }
}
