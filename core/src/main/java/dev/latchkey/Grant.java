package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one call wants different from the settings.
 *
 * <pre>{@code
 * auth.accessToken(person, Grant.create().lifetime(Duration.ofHours(1)).claim("tenant", 7))
 * }</pre>
 */
public final class Grant {

    static final Set<String> RESERVED_CLAIMS =
            Set.of("iss", "aud", "sub", "exp", "iat", "nbf", "jti", "type", "fresh", "csrf", "sid", "auth_time");
    static final Set<String> RESERVED_HEADERS = Set.of("alg", "typ", "kid", "crit", "b64", "zip", "enc");
    private static final Grant NOTHING = new Grant(null, null, false, null, null, Map.of(), Map.of());

    private final @Nullable Duration lifetime;
    private final @Nullable Duration refreshLifetime;
    private final boolean neverExpires;
    private final @Nullable Object fresh;
    private final @Nullable Instant authenticatedAt;
    private final Map<String, @Nullable Object> claims;
    private final Map<String, @Nullable Object> headers;

    private Grant(
            @Nullable Duration lifetime,
            @Nullable Duration refreshLifetime,
            boolean neverExpires,
            @Nullable Object fresh,
            @Nullable Instant authenticatedAt,
            Map<String, @Nullable Object> claims,
            Map<String, @Nullable Object> headers) {
        this.lifetime = lifetime;
        this.refreshLifetime = refreshLifetime;
        this.neverExpires = neverExpires;
        this.fresh = fresh;
        this.authenticatedAt = authenticatedAt;
        this.claims = claims;
        this.headers = headers;
    }

    /** Nothing different. */
    public static Grant create() {
        return NOTHING;
    }

    /** How long the token lives, at least 1 s; of a pair, the access token. */
    public Grant lifetime(Duration lifetime) {
        positive("lifetime", lifetime);
        return new Grant(lifetime, refreshLifetime, false, fresh, authenticatedAt, claims, headers);
    }

    /** How long the refresh token of a pair lives, at least 1 s and at most the builder's {@code refreshLifetime}. */
    public Grant refreshLifetime(Duration refreshLifetime) {
        positive("refreshLifetime", refreshLifetime);
        return new Grant(lifetime, refreshLifetime, neverExpires, fresh, authenticatedAt, claims, headers);
    }

    /** A token that lives until the year 9999: only with {@link LatchkeyBuilder#allowTokensThatNeverExpire()}. */
    public Grant neverExpires() {
        return new Grant(null, refreshLifetime, true, fresh, authenticatedAt, claims, headers);
    }

    /** Whether the token opens routes that demand a fresh login: yes or no. */
    public Grant fresh(boolean fresh) {
        return new Grant(lifetime, refreshLifetime, neverExpires, fresh, authenticatedAt, claims, headers);
    }

    /** The token opens routes that demand a fresh login until this moment, whole seconds. */
    public Grant freshUntil(Instant moment) {
        Object seconds = ClaimRules.seconds("freshUntil", moment);
        return new Grant(lifetime, refreshLifetime, neverExpires, seconds, authenticatedAt, claims, headers);
    }

    /** When the user proved who they are, if not just now ({@code auth_time}, OpenID Connect Core section 2). */
    public Grant authenticatedAt(Instant moment) {
        ClaimRules.seconds("authenticatedAt", moment);
        return new Grant(lifetime, refreshLifetime, neverExpires, fresh, moment, claims, headers);
    }

    /**
     * One more claim: text, a finite number, a boolean, a UUID, an Instant (as seconds), or a list or map of these.
     *
     * @throws IllegalArgumentException if the name is reserved or has space around it, or the value is anything else
     */
    public Grant claim(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = with(claims, "claim", RESERVED_CLAIMS, name, value);
        return new Grant(lifetime, refreshLifetime, neverExpires, fresh, authenticatedAt, more, headers);
    }

    /**
     * One more member of the JOSE header; values as for {@link #claim}.
     *
     * @throws IllegalArgumentException if the name is reserved or has space around it, or the value is anything else
     */
    public Grant header(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = with(headers, "header", RESERVED_HEADERS, name, value);
        return new Grant(lifetime, refreshLifetime, neverExpires, fresh, authenticatedAt, claims, more);
    }

    /** Copies, always: what the caller or a hook handed over is neither kept nor changed. */
    static Map<String, @Nullable Object> with(
            Map<String, ? extends @Nullable Object> base,
            String what,
            Set<String> reserved,
            String name,
            @Nullable Object value) {
        if (reserved.contains(name)) {
            throw new IllegalArgumentException(
                    what + " '" + name + "' is reserved: Latchkey writes it itself; choose another name");
        }
        if (!Json.wellFormed(name)) {
            throw new IllegalArgumentException("the name of a " + what + " holds a lone surrogate, which has no UTF-8");
        }
        // JJWT drops such space when it reads, and would take the claim "sub " for the subject.
        if (name.isBlank() || !name.equals(name.strip())) {
            throw new IllegalArgumentException(
                    what + " '" + Log.escape(name) + "' is blank or has space around it: write the name alone");
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(base);
        copy.put(name, Json.copy(name, value));
        return copy;
    }

    private static void positive(String name, Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(name + " is " + duration + ", needs at least one second");
        }
    }

    Optional<Duration> lifetime() {
        return Optional.ofNullable(lifetime);
    }

    Optional<Duration> refreshLifetime() {
        return Optional.ofNullable(refreshLifetime);
    }

    boolean isUnlimited() {
        return neverExpires;
    }

    /** True, false, or seconds since 1970; empty where the call leaves it to the kind of token. */
    Optional<Object> fresh() {
        return Optional.ofNullable(fresh);
    }

    Optional<Instant> authenticatedAt() {
        return Optional.ofNullable(authenticatedAt);
    }

    Map<String, @Nullable Object> claims() {
        return claims;
    }

    Map<String, @Nullable Object> headers() {
        return headers;
    }
}
