package dev.latchkey;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token whose signature is good and whose registered claims are well-formed.
 *
 * <p>That alone admits nobody: the token may be expired or revoked. Holding a {@link VerifiedToken} is the proof.
 */
public final class Claims {

    private final Map<String, @Nullable Object> header;
    private final Map<String, @Nullable Object> values;
    private final @Nullable Supplier<String> foreignId;

    private Claims(
            Map<String, @Nullable Object> header,
            Map<String, @Nullable Object> values,
            @Nullable Supplier<String> foreignId) {
        this.header = header;
        this.values = values;
        this.foreignId = foreignId;
    }

    Claims(Map<String, @Nullable Object> header, Map<String, @Nullable Object> values) {
        this(header, values, null);
    }

    /** Those of another issuer: what they say of sessions and freshness is not meant for us. */
    static Claims foreign(
            Map<String, @Nullable Object> header, Map<String, @Nullable Object> values, Supplier<String> id) {
        return new Claims(header, values, id);
    }

    boolean isOurs() {
        return foreignId == null;
    }

    /** Whom the store knows by this token. */
    TokenStore.Subject storeSubject() {
        return new TokenStore.Subject(issuer(), subject());
    }

    /** Who issued the token: {@code iss}. */
    public String issuer() {
        return text("iss");
    }

    /** Whom the token is about: {@code sub}; unique together with the issuer only. */
    public String subject() {
        return text("sub");
    }

    /** The token's own id: {@code jti}; a hash of the token where another issuer gave it none. */
    public String id() {
        return foreignId == null || values.containsKey("jti") ? text("jti") : foreignId.get();
    }

    /** {@code access}, {@code refresh}, or a type of the application's own; {@code access} for another issuer's. */
    public String type() {
        return foreignId == null ? text("type") : "access";
    }

    /** Whom the token is meant for: {@code aud}. */
    public List<String> audience() {
        return strings("aud");
    }

    /** When it was made: {@code iat}, whole seconds; 1970 if another issuer did not say. */
    public Instant issuedAt() {
        return instant("iat").orElse(Instant.EPOCH);
    }

    /** When its life ends: {@code exp}, whole seconds. */
    public Instant expiresAt() {
        return instant("exp").orElseThrow();
    }

    /** When the user last proved who they are: {@code auth_time}; empty for a token made without a login. */
    public Optional<Instant> authenticatedAt() {
        return instant("auth_time");
    }

    /** The session that a login opened: {@code sid}; empty for a token made by itself, and for another issuer's. */
    public Optional<String> sessionId() {
        return isOurs() ? string("sid") : Optional.empty();
    }

    /** A claim that is text; empty if it is absent or anything else. */
    public Optional<String> string(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A claim that is a whole number; empty if it is absent or anything else. */
    public OptionalLong number(String name) {
        return values.get(name) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    }

    /** A claim that is seconds since 1970; empty if it is absent or anything else. */
    public Optional<Instant> instant(String name) {
        OptionalLong seconds = number(name);
        return seconds.isPresent() && ClaimRules.isTime(seconds.getAsLong())
                ? Optional.of(Instant.ofEpochSecond(seconds.getAsLong()))
                : Optional.empty();
    }

    /** Whether a claim is {@code true}. */
    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    /** A claim that is text or a list of texts; an empty list if it is absent or anything else. */
    public List<String> strings(String name) {
        Object value = values.get(name);
        if (value instanceof String text) {
            return List.of(text);
        }
        return value instanceof List<?> list ? texts(list) : List.of();
    }

    /** The words at a path: of one text between spaces, or of a list of texts; none if there is anything else. */
    List<String> words(String path) {
        Object value = values.containsKey(path) ? values.get(path) : at(values, path);
        if (value instanceof String text) {
            return Arrays.stream(text.split(" "))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
        return value instanceof List<?> list ? texts(list) : List.of();
    }

    private static @Nullable Object at(Map<?, ?> object, String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            return object.get(path);
        }
        return object.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? at(inner, path.substring(dot + 1))
                : null;
    }

    private static List<String> texts(List<?> list) {
        return list.stream().allMatch(String.class::isInstance)
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }

    /** Every claim as read: text, Long, BigInteger, BigDecimal, Boolean, null, and unmodifiable lists and maps of these. */
    public Map<String, @Nullable Object> asMap() {
        return values;
    }

    /** The JOSE header that came with the claims, in the same types. */
    public Map<String, @Nullable Object> header() {
        return header;
    }

    /** Fresh for good, or until a moment that has not passed: exact, without leeway. */
    boolean isFresh(Instant now) {
        return isOurs()
                && (isTrue("fresh")
                        || instant("fresh").map(until -> !now.isAfter(until)).orElse(false));
    }

    private String text(String name) {
        return (String) Objects.requireNonNull(values.get(name));
    }

    /** Names the claims, without a value of them. */
    @Override
    public String toString() {
        return "Claims" + values.keySet();
    }
}
