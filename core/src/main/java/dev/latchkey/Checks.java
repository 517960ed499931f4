package dev.latchkey;

import static dev.latchkey.AuthError.CLAIMS_REJECTED;
import static dev.latchkey.AuthError.ROLE_MISSING;
import static dev.latchkey.AuthError.TOKEN_REVOKED;
import static dev.latchkey.AuthError.TOKEN_TYPE_INVALID;
import static dev.latchkey.AuthError.UNAVAILABLE;
import static dev.latchkey.AuthError.USER_NOT_FOUND;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one order in which a request is checked: token, signature, claims, revocation, freshness, hook, user. */
final class Checks {

    private final Settings settings;
    private final ClaimRules rules;
    private final Outage outage = new Outage();

    Checks(Settings settings) {
        this.settings = settings;
        this.rules = new ClaimRules(settings);
    }

    /** Whether a request for this access may call anything that blocks. */
    boolean block(Access access) {
        if (access.isOpen()) {
            return false;
        }
        boolean store = settings.store != null && settings.store.blocks();
        return (access.wantsRevocationCheck() && (store || NonBlocking.mayBlock(settings.revokedWhen)))
                || (access.wantsUser() && usersBlock())
                || (settings.cookies.renewal().isPresent()
                        && settings.issuers().own().signsElsewhere())
                || NonBlocking.mayBlock(settings.claimsCheck)
                || NonBlocking.mayBlock(settings.errorResponse)
                || NonBlocking.mayBlock(access.ignored().orElse(null));
    }

    private boolean usersBlock() {
        return NonBlocking.mayBlock(settings.userLoader)
                || settings.trusted.stream().anyMatch(issuer -> NonBlocking.mayBlock(issuer.userLoader()));
    }

    VerifiedToken token(String token, Access access, @Nullable TokenLocation location) {
        return token(token, access, location, false, claims -> {});
    }

    VerifiedToken beforeExchange(String refreshToken) {
        return token(refreshToken, Access.refresh(), null, true, claims -> {});
    }

    /**
     * All checks, with one more by the way the token came. An exchange leaves out the one question to the store about a
     * session that it asks itself; other tokens it asks about.
     */
    VerifiedToken token(
            String token,
            Access access,
            @Nullable TokenLocation location,
            boolean isExchanged,
            Consumer<Claims> transport) {
        Instant now = settings.clock.instant();
        Claims claims = trusted(token, location, now);
        rules.checkExpiry(claims, now);
        checkType(claims, access);
        transport.accept(claims);
        boolean asksStore = !isExchanged || claims.sessionId().isEmpty();
        boolean bridges = access.wantsRevocationCheck() && asksStore && isAdmittedWithoutStore(claims, access);
        if (access.wantsRevocationCheck() && isRevoked(claims)) {
            throw AuthException.of(TOKEN_REVOKED, TOKEN_REVOKED.message(), claims);
        }
        Optional<Issuer> other = settings.issuers().other(claims);
        List<String> scopes = claims.words(other.map(Issuer::scopeClaim).orElse(settings.scopeClaim));
        if (!new HashSet<>(scopes).containsAll(access.scopes())) {
            throw AuthException.insufficientScope(claims, access.scopes());
        }
        List<String> roles = claims.words(other.map(Issuer::roleClaim).orElse(settings.roleClaim));
        if (!access.roles().isEmpty() && Collections.disjoint(roles, access.roles())) {
            throw AuthException.of(ROLE_MISSING, ROLE_MISSING.message(), claims);
        }
        boolean fresh = claims.isFresh(now);
        if ((access.wantsFresh() && !fresh)
                || access.maxAge()
                        .filter(maxAge -> isOlder(claims, maxAge, now))
                        .isPresent()) {
            throw AuthException.stale(claims, access.maxAge().orElse(null));
        }
        Predicate<Claims> claimsCheck = settings.claimsCheck;
        if (claimsCheck != null && !hook("claimsCheck", () -> claimsCheck.test(claims))) {
            throw AuthException.of(CLAIMS_REJECTED, CLAIMS_REJECTED.message(), claims);
        }
        return new VerifiedToken(
                claims,
                location,
                fresh,
                scopes,
                roles,
                access.wantsUser() ? user(claims, other.orElse(null)) : null,
                bridges);
    }

    /** The same for a token of any issuer that we trust; cookies are ours alone. */
    private Claims trusted(String token, @Nullable TokenLocation location, Instant now) {
        Jws jws = Jws.parse(token);
        Optional<ForeignRules> other = settings.issuers().other(jws);
        if (other.isEmpty()) {
            return own(jws, now);
        }
        Claims claims = other.get().check(jws, now);
        if (location == TokenLocation.COOKIE) {
            throw AuthException.of(AuthError.ISSUER_INVALID);
        }
        return claims;
    }

    private Claims own(Jws jws, Instant now) {
        jws.verify(settings.issuers().own().keys(), now, true);
        return rules.check(jws, now);
    }

    /** Signature and claims of a token of ours, but not expiry: whoever shows this token once held it. */
    Claims genuine(String token, Instant now) {
        return own(Jws.parse(token), now);
    }

    private static void checkType(Claims claims, Access access) {
        String wanted = access.type();
        if (wanted == null || wanted.equals(claims.type())) {
            return;
        }
        boolean refreshForAccess = wanted.equals("access") && claims.type().equals("refresh");
        throw AuthException.of(
                TOKEN_TYPE_INVALID,
                "Only " + (refreshForAccess ? "non-refresh" : wanted) + " tokens are allowed",
                claims);
    }

    /** Asks the store, and refuses what it does not vouch for; whether it could not, and the route bridges that. */
    private boolean isAdmittedWithoutStore(Claims claims, Access access) {
        TokenStore store = settings.store;
        if (store == null) {
            return false;
        }
        TokenStore.Subject subject = claims.storeSubject();
        String session = claims.sessionId().orElse(null);
        try {
            boolean rotates = session != null && claims.type().equals("refresh");
            // Of another issuer's tokens a store knows single ones that were revoked; it ends all of a subject for
            // ours.
            Instant issuedAt = claims.isOurs() ? claims.issuedAt() : settings.clock.instant();
            boolean live = asked(() -> rotates
                    ? store.isCurrent(subject, Objects.requireNonNull(session), claims.id())
                    : store.isLive(subject, claims.id(), session, issuedAt));
            outage.end();
            if (!live) {
                throw AuthException.of(TOKEN_REVOKED, TOKEN_REVOKED.message(), claims);
            }
            return false;
        } catch (AuthException e) {
            if (e.error() != UNAVAILABLE) {
                throw e;
            }
            Duration gone = outage.lasts(settings.clock.instant());
            if (access.outage().filter(most -> gone.compareTo(most) <= 0).isEmpty()) {
                throw e;
            }
            Log.warn("admitted without the store, gone for " + gone.toSeconds() + " s: jti=" + Log.escape(claims.id()));
            settings.tell(listener -> listener.admittedWithoutStore(claims, gone));
            return true;
        }
    }

    private boolean isRevoked(Claims claims) {
        Predicate<Claims> revokedWhen = settings.revokedWhen;
        return revokedWhen != null && hook("revokedWhen", () -> revokedWhen.test(claims));
    }

    /** A login at an unknown time, or in the future, is older than any limit. */
    private boolean isOlder(Claims claims, Duration maxAge, Instant now) {
        return claims.authenticatedAt()
                .map(at -> at.isAfter(now.plus(settings.futureLeeway))
                        || Duration.between(at, now).compareTo(maxAge) > 0)
                .orElse(true);
    }

    /** Another issuer's subjects are not ours: without a loader of its own it has no users where ours are loaded. */
    private @Nullable Object user(Claims claims, @Nullable Issuer other) {
        Function<Claims, ? extends Optional<?>> ours = settings.userLoader;
        Function<Claims, ? extends Optional<?>> userLoader = other == null ? ours : other.userLoader();
        if (ours == null && userLoader == null) {
            return null;
        }
        Optional<?> user = userLoader == null ? Optional.empty() : hook("userLoader", () -> userLoader.apply(claims));
        return user.orElseThrow(() -> AuthException.of(
                USER_NOT_FOUND,
                settings.errorStyle == ErrorStyle.ANCESTORS
                        ? "Error loading the user " + claims.subject()
                        : USER_NOT_FOUND.message(),
                claims));
    }

    /** Asks the store: it has no say in why a request is refused, so that whatever it throws is an outage. */
    static <T> T asked(Supplier<T> question) {
        try {
            return hook("store", question);
        } catch (AuthException e) {
            throw e.error() == UNAVAILABLE ? e : AuthException.unavailable("store failed", e);
        }
    }

    /** Runs the application's code: whatever it throws, and a null, refuses the request. Nothing fails open. */
    static <T> T hook(String name, Supplier<T> hook) {
        T result;
        try {
            result = hook.get();
        } catch (AuthException e) {
            throw e;
        } catch (Exception e) { // checked ones too: Kotlin and Groovy throw them without a word
            throw AuthException.unavailable(name + " failed", e);
        }
        if (result == null) {
            throw AuthException.unavailable(name + " returned null", null);
        }
        return result;
    }
}
