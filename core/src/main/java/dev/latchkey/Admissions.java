package dev.latchkey;

import static dev.latchkey.AuthError.ALGORITHM_NOT_ALLOWED;
import static dev.latchkey.AuthError.AUDIENCE_INVALID;
import static dev.latchkey.AuthError.CLAIM_MALFORMED;
import static dev.latchkey.AuthError.CLAIM_MISSING;
import static dev.latchkey.AuthError.CRITICAL_EXTENSION_UNSUPPORTED;
import static dev.latchkey.AuthError.ISSUER_INVALID;
import static dev.latchkey.AuthError.KEY_UNKNOWN;
import static dev.latchkey.AuthError.REFRESH_TOKEN_REUSED;
import static dev.latchkey.AuthError.SIGNATURE_INVALID;
import static dev.latchkey.AuthError.TOKEN_EXPIRED;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_MISSING;
import static dev.latchkey.AuthError.TOKEN_REVOKED;
import static dev.latchkey.AuthError.UNAVAILABLE;
import static dev.latchkey.AuthError.USER_NOT_FOUND;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets requests in or not: by the token that they carry, by who sent them, and by what their route demands. */
final class Admissions {

    /** Why a cookie will never be good again: expired, revoked, or not of ours. */
    private static final Set<AuthError> STALE = EnumSet.of(
            TOKEN_MALFORMED,
            ALGORITHM_NOT_ALLOWED,
            CRITICAL_EXTENSION_UNSUPPORTED,
            KEY_UNKNOWN,
            SIGNATURE_INVALID,
            CLAIM_MISSING,
            CLAIM_MALFORMED,
            ISSUER_INVALID,
            AUDIENCE_INVALID,
            TOKEN_EXPIRED,
            TOKEN_REVOKED,
            REFRESH_TOKEN_REUSED,
            USER_NOT_FOUND);

    private final Settings settings;
    private final Locations locations;
    private final Checks checks;
    private final Csrf csrf;
    private final Delivery delivery;

    Admissions(Settings settings, Checks checks, Delivery delivery) {
        this.settings = settings;
        this.locations = new Locations(settings);
        this.checks = checks;
        this.csrf = new Csrf(settings);
        this.delivery = delivery;
    }

    /** What came of a request that was let in: the token if it has one, and what the response says of it. */
    record Admission(@Nullable VerifiedToken token, Map<String, List<String>> headers) {}

    /** Lets a request in, with its token or, where the route does so, without one. */
    Admission request(AuthRequest request, Access access) {
        if (access.isOpen() || isPreflight(request)) {
            return new Admission(null, Map.of());
        }
        List<TokenLocation> where = where(access);
        if (where.contains(TokenLocation.COOKIE)) {
            checkHost(request);
        }
        Locations.Found found;
        try {
            found = locations.find(request, where, "refresh".equals(access.type()));
        } catch (AuthException e) {
            if (!access.isOptional() || e.error() != TOKEN_MISSING) {
                ignore(e, access);
            }
            return nobody(e, access, request);
        }
        try {
            Map<String, List<String>> headers = new LinkedHashMap<>(vary(access));
            VerifiedToken token = token(found, access, request);
            headers.putAll(ofLocation(found.location()));
            if (found.location() == TokenLocation.COOKIE && access.wantsRevocationCheck() && isOfAUser(access, token)) {
                delivery.renewed(token).ifPresent(line -> headers.put(SetCookie.NAME, List.of(line)));
            }
            return new Admission(token, headers);
        } catch (AuthException e) {
            ignore(e, access);
            return nobody(e, access, request);
        }
    }

    /** A renewal asks for all that a refresh would: the store's word, and the user's. */
    private boolean isOfAUser(Access access, VerifiedToken token) {
        return !token.isAdmittedWithoutStore() && (settings.userLoader == null || access.wantsUser());
    }

    private Admission nobody(AuthException refusal, Access access, AuthRequest request) {
        Map<String, List<String>> headers = new LinkedHashMap<>(vary(access));
        if (refusal.isOfStaleCookie()) {
            headers.put(SetCookie.NAME, delivery.clearedStale(refusal, false, request));
        }
        return new Admission(null, headers);
    }

    /** Whether a check would wait for a key that must be read first. */
    boolean waitForKeys(AuthRequest request, Access access) {
        if (access.isOpen() || !settings.issuers().change()) {
            return false;
        }
        try {
            String token = locations
                    .find(request, where(access), "refresh".equals(access.type()))
                    .token();
            return settings.issuers().mayBlock(token, settings.clock.instant());
        } catch (AuthException refused) { // without a look at keys
            return false;
        }
    }

    private List<TokenLocation> where(Access access) {
        return access.locations().orElse(settings.locations);
    }

    /** What the answer depends on, whether there is a token or not; caches keep none to a request with a header. */
    Map<String, List<String>> vary(Access access) {
        List<String> names = new ArrayList<>();
        if (access.isOptional()) {
            names.add(settings.headerName);
        }
        if (!access.isOpen() && where(access).contains(TokenLocation.COOKIE)) {
            names.add("Cookie");
        }
        return names.isEmpty() ? Map.of() : Map.of("Vary", List.of(String.join(", ", names)));
    }

    private static Map<String, List<String>> ofLocation(TokenLocation location) {
        return switch (location) {
            case COOKIE -> Map.of("Cache-Control", List.of("private"));
            case QUERY -> Map.of("Cache-Control", List.of("private"), "Referrer-Policy", List.of("no-referrer"));
            default -> Map.of();
        };
    }

    /** A server whose cookies lack {@code Secure} is for a browser on the same machine, whatever a proxy leads to it. */
    void checkHost(AuthRequest request) {
        String host = String.join(" ", request.headers("Host"));
        if (settings.cookies.areInsecure()
                && !host.matches("(?i)(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?")) {
            throw AuthException.unavailable(
                    "insecureLoopbackCookies() are for this machine alone, and a request came for " + Log.escape(host)
                            + ": leave that option out",
                    null);
        }
    }

    /**
     * Takes a bad token for none where the route says so; an outage says nothing about the token. A stale cookie on an
     * optional route counts as none anyway: nobody chose to send it.
     */
    private static void ignore(AuthException refusal, Access access) {
        Consumer<AuthException> told = access.ignored().orElse(null);
        if (refusal.error() == UNAVAILABLE || (told == null && !(access.isOptional() && refusal.isOfStaleCookie()))) {
            throw refusal;
        }
        if (told != null) {
            Checks.hook("withBadTokenAsAnonymous", () -> {
                told.accept(refusal);
                return true;
            });
        }
    }

    /** Checks a token that a request brought: as a cookie, it must also prove that one of our pages sent it. */
    private VerifiedToken token(Locations.Found found, Access access, AuthRequest request) {
        if (found.location() != TokenLocation.COOKIE) {
            return checks.token(found.token(), access, found.location());
        }
        return ofCookie(() -> checks.token(
                found.token(), access, found.location(), false, claims -> csrf.check(request, claims, access)));
    }

    /** Marks refusals of what will never be good again. */
    private static VerifiedToken ofCookie(Supplier<VerifiedToken> check) {
        try {
            return check.get();
        } catch (AuthException e) {
            throw STALE.contains(e.error()) ? e.ofStaleCookie() : e;
        }
    }

    /** A browser's preflight cannot carry a token (Fetch standard section 3.3.7); any other OPTIONS is checked. */
    private static boolean isPreflight(AuthRequest request) {
        return request.method().equals("OPTIONS")
                && !request.headers("Origin").isEmpty()
                && !request.headers("Access-Control-Request-Method").isEmpty();
    }

    /** The refresh token that a request brought for an exchange; see {@link Checks#token}. */
    VerifiedToken beforeExchange(Locations.Found found, AuthRequest request) {
        Access access = Access.refresh();
        boolean byCookie = found.location() == TokenLocation.COOKIE;
        return byCookie
                ? ofCookie(() -> checks.token(
                        found.token(), access, found.location(), true, claims -> csrf.check(request, claims, access)))
                : checks.token(found.token(), access, found.location(), true, claims -> {});
    }
}
