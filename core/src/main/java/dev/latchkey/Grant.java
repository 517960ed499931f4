package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one call wants different from the settings.
 *
 * <pre>{@code
 * auth.accessToken(person, Grant.create().lifetime(Duration.ofHours(1)).claim("tenant", 7))
 * }</pre>
 */
public final class Grant implements Cloneable {

    static final Set<String> RESERVED_CLAIMS = Set.of(
            "iss",
            "aud",
            "sub",
            "exp",
            "iat",
            "nbf",
            "jti",
            "type",
            "fresh",
            "sid",
            "auth_time",
            "csrf",
            Mint.RENEWABLE_UNTIL);
    static final Set<String> RESERVED_HEADERS = Set.of("alg", "typ", "kid", "crit", "b64", "zip", "enc");
    private static final int LONGEST_LABEL = 200;

    // Written by the methods that make a grant, before anybody else can see it.
    private @Nullable Duration lifetime;
    private @Nullable Duration refreshLifetime;
    private boolean neverExpires;
    private @Nullable Object fresh;
    private @Nullable Instant authenticatedAt;
    private String label = "";
    private boolean remembered = true;
    private boolean forCookies;
    private Map<String, @Nullable Object> claims = Map.of();
    private Map<String, @Nullable Object> headers = Map.of();

    private Grant() {}

    private Grant with(Consumer<Grant> change) {
        try {
            Grant copy = (Grant) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Nothing different. */
    public static Grant create() {
        return new Grant();
    }

    /** How long the token lives, at least 1 s; of a pair, the access token. */
    public Grant lifetime(Duration lifetime) {
        positive("lifetime", lifetime);
        return with(copy -> {
            copy.lifetime = lifetime;
            copy.neverExpires = false;
        });
    }

    /** How long the refresh token of a pair lives, at least 1 s and at most the builder's {@code refreshLifetime}. */
    public Grant refreshLifetime(Duration refreshLifetime) {
        positive("refreshLifetime", refreshLifetime);
        return with(copy -> copy.refreshLifetime = refreshLifetime);
    }

    /** A token that lives until the year 9999: only with {@link LatchkeyBuilder#allowTokensThatNeverExpire()}. */
    public Grant neverExpires() {
        return with(copy -> {
            copy.lifetime = null;
            copy.neverExpires = true;
        });
    }

    /** Whether the token opens routes that demand a fresh login: yes or no. */
    public Grant fresh(boolean fresh) {
        return with(copy -> copy.fresh = fresh);
    }

    /** The token opens routes that demand a fresh login until this moment, whole seconds. */
    public Grant freshUntil(Instant moment) {
        Object seconds = ClaimRules.seconds("freshUntil", moment);
        return with(copy -> copy.fresh = seconds);
    }

    /** When the user proved who they are, if not just now ({@code auth_time}, OpenID Connect Core section 2). */
    public Grant authenticatedAt(Instant moment) {
        ClaimRules.seconds("authenticatedAt", moment);
        return with(copy -> copy.authenticatedAt = moment);
    }

    /**
     * What the user will know the device by in the list of their sessions, at most 200 characters; by default the login
     * endpoint takes the {@code User-Agent}.
     */
    public Grant label(String label) {
        if (label.length() > LONGEST_LABEL
                || !Json.wellFormed(label)
                || label.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a label has at most " + LONGEST_LABEL + " characters, without control characters");
        }
        return with(copy -> copy.label = label);
    }

    /**
     * Whether the session outlives the day: true by default; else it ends with {@link
     * LatchkeyBuilder#shortSessionLifetime}, as on a device that others use.
     */
    public Grant remember(boolean remember) {
        return with(copy -> copy.remembered = remember);
    }

    /**
     * The tokens travel as cookies: they bear a CSRF value, and {@link Latchkey#respond(Tokens)} sets them as cookies
     * instead of writing them into the body. Other tokens are not taken from cookies.
     */
    public Grant forCookies() {
        return with(copy -> copy.forCookies = true);
    }

    /**
     * One more claim: text, a finite number, a boolean, a UUID, an Instant (as seconds), or a list or map of these.
     *
     * @throws IllegalArgumentException if the name is reserved or has space around it, or the value is anything else
     */
    public Grant claim(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = with(claims, "claim", RESERVED_CLAIMS, name, value);
        return with(copy -> copy.claims = more);
    }

    /**
     * One more member of the JOSE header; values as for {@link #claim}.
     *
     * @throws IllegalArgumentException if the name is reserved or has space around it, or the value is anything else
     */
    public Grant header(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = with(headers, "header", RESERVED_HEADERS, name, value);
        return with(copy -> copy.headers = more);
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

    /** As much of a text as a label may hold. */
    static String toLabel(String text) {
        String clean = text.replaceAll("[^ -~]", "?");
        return clean.substring(0, Math.min(LONGEST_LABEL, clean.length()));
    }

    String label() {
        return label;
    }

    boolean isRemembered() {
        return remembered;
    }

    boolean isForCookies() {
        return forCookies;
    }

    Map<String, @Nullable Object> claims() {
        return claims;
    }

    Map<String, @Nullable Object> headers() {
        return headers;
    }
}
