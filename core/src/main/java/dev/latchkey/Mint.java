package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes tokens. */
final class Mint {

    private final Settings settings;

    Mint(Settings settings) {
        this.settings = settings;
    }

    /** What all tokens of one call share. */
    record Login(
            String subject,
            Instant issuedAt,
            @Nullable Instant authenticatedAt,
            @Nullable String session,
            Map<String, @Nullable Object> claims,
            Map<String, @Nullable Object> headers) {}

    /** Runs the hooks, once for all tokens of the call. */
    Login login(Object user, String subject, Grant grant, @Nullable Instant authenticatedAt, @Nullable String session) {
        Map<String, @Nullable Object> claims =
                merge("claim", Grant.RESERVED_CLAIMS, settings.claims, user, grant.claims());
        for (String required : settings.requiredClaims) {
            if (!claims.containsKey(required) && !Grant.RESERVED_CLAIMS.contains(required)) {
                throw new IllegalArgumentException("the token lacks the required claim '" + required
                        + "': add it with claims(…) or Grant.claim(…)");
            }
        }
        return new Login(
                subject,
                issuedAt(subject),
                grant.authenticatedAt().orElse(authenticatedAt),
                session,
                claims,
                merge("header", Grant.RESERVED_HEADERS, settings.headers, user, grant.headers()));
    }

    String subject(Object user) {
        String subject;
        if (user instanceof String text) {
            subject = text;
        } else if (settings.identity == null) {
            throw new IllegalArgumentException(
                    "the user is a " + user.getClass().getName() + ": tell who that is with identity("
                            + user.getClass().getSimpleName() + ".class, …)");
        } else {
            subject = settings.identity.apply(user);
        }
        if (subject.isBlank()) {
            throw new IllegalArgumentException("the subject of a token must not be blank");
        }
        Json.copy("sub", subject);
        return subject;
    }

    /** One token; {@code fresh} is what its kind has where the call does not say. */
    String token(String type, Login login, Grant grant, Duration lifetime, boolean fresh) {
        JwtKey key = settings.keys().signing();
        Map<String, @Nullable Object> header = new LinkedHashMap<>();
        header.put("alg", key.algorithm());
        header.put("typ", "JWT");
        key.id().ifPresent(id -> header.put("kid", id));
        header.putAll(login.headers());

        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("iss", settings.issuer());
        payload.put("sub", login.subject());
        payload.put("aud", settings.audience().size() == 1 ? settings.audience().get(0) : settings.audience());
        long issuedAt = login.issuedAt().getEpochSecond();
        payload.put("iat", issuedAt);
        if (settings.notBefore != null) {
            payload.put("nbf", issuedAt + settings.notBefore.toSeconds());
        }
        payload.put("exp", grant.isUnlimited() ? ClaimRules.LATEST : expiry(login, lifetime));
        payload.put("jti", settings.newId());
        payload.put("type", type);
        payload.put("fresh", type.equals("refresh") ? false : grant.fresh().orElse(fresh));
        if (login.authenticatedAt() != null) {
            payload.put("auth_time", login.authenticatedAt().getEpochSecond());
        }
        if (login.session() != null) {
            payload.put("sid", login.session());
        }
        payload.putAll(login.claims());
        return Jws.sign(header, payload, key);
    }

    Instant expiresAt(Login login, Grant grant, Duration lifetime) {
        return Instant.ofEpochSecond(grant.isUnlimited() ? ClaimRules.LATEST : expiry(login, lifetime));
    }

    /** Whole seconds; a fraction of a second in the lifetime is rounded up, so that no token is born dead. */
    private static long expiry(Login login, Duration lifetime) {
        long issuedAt = login.issuedAt().getEpochSecond();
        if (lifetime.compareTo(Duration.ofSeconds(ClaimRules.LATEST - issuedAt)) > 0) {
            throw new IllegalArgumentException(
                    "lifetime " + lifetime + " ends after the year 9999: say so with neverExpires()");
        }
        return issuedAt + lifetime.plusNanos(999_999_999).toSeconds();
    }

    /** A token made right after a cut-off, within its second, is dated to the next: else it would be born revoked. */
    private Instant issuedAt(String subject) {
        Instant now = settings.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        TokenStore store = settings.store;
        if (store == null) {
            return now;
        }
        Instant cutOff = Checks.asked(() -> store.cutOff(settings.issuer(), subject));
        return now.isAfter(cutOff) ? now : cutOff.plusSeconds(1);
    }

    private static Map<String, @Nullable Object> merge(
            String what,
            Set<String> reserved,
            Settings.@Nullable UserHook<Map<String, ?>> hook,
            Object user,
            Map<String, @Nullable Object> ofTheCall) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        Optional.ofNullable(hook)
                .map(h -> h.apply(user))
                .ifPresent(extra ->
                        extra.forEach((name, value) -> all.putAll(Grant.with(Map.of(), what, reserved, name, value))));
        all.putAll(ofTheCall);
        return all;
    }
}
