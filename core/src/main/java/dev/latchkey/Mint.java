package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes tokens. */
final class Mint {

    /** The claim of an access cookie that says until when it can be renewed: the end of its session's refresh token. */
    static final String RENEWABLE_UNTIL = "renewable_until";

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
            @Nullable String csrf,
            Map<String, @Nullable Object> claims,
            Map<String, @Nullable Object> headers,
            JwtKey key) {

        Login withCsrf(@Nullable String value) {
            return new Login(subject, issuedAt, authenticatedAt, session, value, claims, headers, key);
        }

        Login withClaim(String name, Object value) {
            Map<String, @Nullable Object> more = new LinkedHashMap<>(claims);
            more.put(name, value);
            return new Login(subject, issuedAt, authenticatedAt, session, csrf, more, headers, key);
        }
    }

    /** A token without a session, as one call wants it. */
    String single(String type, Object user, Grant grant) {
        if (type.isBlank()) {
            throw new IllegalArgumentException("the type of a token must not be blank");
        }
        if (grant.isUnlimited() && !settings.unlimitedAllowed) {
            throw new IllegalArgumentException(
                    "a stolen token that never expires is a way in for ever: give it a lifetime, or call "
                            + "allowTokensThatNeverExpire() on the builder");
        }
        boolean refresh = type.equals("refresh");
        Duration lifetime = (refresh ? grant.refreshLifetime().or(grant::lifetime) : grant.lifetime())
                .orElse(refresh ? settings.refreshLifetime : settings.accessLifetime);
        if (lifetime.compareTo(Settings.MAX_LIFETIME) > 0 && !settings.unlimitedAllowed) {
            throw new IllegalArgumentException("a lifetime of " + lifetime + " is more than the "
                    + Settings.MAX_LIFETIME.toDays() + " days of the longest token: shorten it, or call "
                    + "allowTokensThatNeverExpire() on the builder");
        }
        Object fresh = refresh ? false : grant.fresh().orElse(false);
        String subject = subject(user);
        Instant now = issuedAt(subject);
        Login login = login(user, subject, grant, now, fresh.equals(true) ? now : null, null);
        Instant end = grant.isUnlimited() ? Instant.ofEpochSecond(ClaimRules.LATEST) : later(now, lifetime);
        return token(type, login, settings.newId(), now, end, fresh);
    }

    /**
     * An access token as this one was, until another moment; no longer fresh, unless until a moment of its own. The id
     * stays: whoever revokes the one revokes the other.
     */
    String again(Claims old, Instant now, Instant end) {
        Map<String, @Nullable Object> claims = new LinkedHashMap<>(old.asMap());
        claims.keySet().removeAll(Grant.RESERVED_CLAIMS);
        claims.put(RENEWABLE_UNTIL, old.asMap().get(RENEWABLE_UNTIL));
        Map<String, @Nullable Object> headers = new LinkedHashMap<>(old.header());
        headers.keySet().removeAll(Grant.RESERVED_HEADERS);
        Login login = new Login(
                old.subject(),
                now,
                old.authenticatedAt().orElse(null),
                old.sessionId().orElse(null),
                old.string("csrf").orElse(null),
                claims,
                headers,
                settings.issuers().own().signingAgain(old.header().get("kid"), now));
        Object fresh = old.asMap().get("fresh") instanceof Long until ? until : (Object) false;
        return token(old.type(), login, old.id(), now, end, fresh);
    }

    /** A value that a cookie can hold (RFC 6265 section 4.1.1). */
    String newCsrf() {
        String value = settings.newId();
        if (!value.matches("[!#-+\\--:<-\\[\\]-~]+")) {
            throw new IllegalStateException(
                    "idGenerator(…) made an id that no cookie can hold: use letters, digits and hyphens");
        }
        return value;
    }

    /** Runs the hooks, once for all tokens of the call. */
    Login login(
            Object user,
            String subject,
            Grant grant,
            Instant issuedAt,
            @Nullable Instant authenticatedAt,
            @Nullable String session) {
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
                issuedAt,
                grant.authenticatedAt().orElse(authenticatedAt),
                session,
                grant.isForCookies() ? newCsrf() : null,
                claims,
                merge("header", Grant.RESERVED_HEADERS, settings.headers, user, grant.headers()),
                settings.issuers().own().signing(user, settings.clock.instant()));
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

    /** One token. */
    String token(String type, Login login, String id, Instant issuedAt, Instant expiresAt, Object fresh) {
        JwtKey key = login.key();
        Map<String, @Nullable Object> header = new LinkedHashMap<>();
        header.put("alg", key.algorithm());
        header.put("typ", "JWT");
        key.id().ifPresent(kid -> header.put("kid", kid));
        header.putAll(login.headers());

        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("iss", settings.issuer());
        payload.put("sub", login.subject());
        payload.put("aud", settings.audience().size() == 1 ? settings.audience().get(0) : settings.audience());
        payload.put("iat", issuedAt.getEpochSecond());
        if (settings.notBefore != null) {
            payload.put("nbf", issuedAt.getEpochSecond() + settings.notBefore.toSeconds());
        }
        payload.put("exp", expiresAt.getEpochSecond());
        payload.put("jti", id);
        payload.put("type", type);
        payload.put("fresh", fresh);
        if (login.authenticatedAt() != null) {
            payload.put("auth_time", login.authenticatedAt().getEpochSecond());
        }
        if (login.session() != null) {
            payload.put("sid", login.session());
        }
        if (login.csrf() != null) {
            payload.put("csrf", login.csrf());
        }
        payload.putAll(login.claims());
        return Jws.sign(header, payload, key);
    }

    /** Whole seconds; a fraction of a second in the lifetime is rounded up, so that no token is born dead. */
    static Instant later(Instant issuedAt, Duration lifetime) {
        long seconds = issuedAt.getEpochSecond();
        if (lifetime.compareTo(Duration.ofSeconds(ClaimRules.LATEST - seconds)) > 0) {
            throw new IllegalArgumentException(
                    "lifetime " + lifetime + " ends after the year 9999: say so with neverExpires()");
        }
        return Instant.ofEpochSecond(seconds + lifetime.plusNanos(999_999_999).toSeconds());
    }

    /** A token without a session that is made in the second of a generation is dated after it: else it is born dead. */
    Instant issuedAt(String subject) {
        long now = settings.clock.instant().getEpochSecond();
        TokenStore store = settings.store;
        return Instant.ofEpochSecond(
                store == null
                        ? now
                        : Math.max(now, 1 + Checks.asked(() -> store.generation(settings.subject(subject)))));
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
