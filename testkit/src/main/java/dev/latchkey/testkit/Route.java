package dev.latchkey.testkit;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.TokenLocation;
import dev.latchkey.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes of the application that an {@link AdapterContract} talks to. */
public enum Route {
    /** Open to anybody. */
    OPEN("GET", "/open", Access.open()),
    /** Nothing is said of it. */
    DEFAULT("GET", "/default", null),
    /** Nothing is said of it, and it takes OPTIONS itself. */
    DEFAULT_OPTIONS("OPTIONS", "/default", null),
    /** Below {@code /group}, where everything demands a fresh login; nothing is said of the route itself. */
    GROUP("GET", "/group/page", null),
    /** A valid access token. */
    REQUIRED("GET", "/required", Access.required()),
    /** The same by POST: the handler reads the body. */
    BODY("POST", "/required", Access.required()),
    /** A valid access token or none. */
    OPTIONAL("GET", "/optional", Access.optional()),
    /** A fresh login. */
    FRESH("GET", "/fresh", Access.fresh()),
    /** A login of the last minute. */
    MAX_AGE("GET", "/max-age", Access.required().withMaxAge(Duration.ofMinutes(1))),
    /** A refresh token. */
    REFRESH("GET", "/refresh", Access.refresh()),
    /** A token of any type. */
    ANY_TYPE("GET", "/any-type", Access.anyType()),
    /** A token of the application's own type. */
    INVITE("GET", "/invite", Access.type("invite")),
    /** Without loading the user. */
    WITHOUT_USER("GET", "/without-user", Access.required().withoutUser()),
    /** Without asking the store. */
    WITHOUT_REVOCATION("GET", "/without-revocation", Access.required().withoutRevocationCheck()),
    /** The scope {@code notes:write}. */
    SCOPE("GET", "/scope", Access.scope("notes:write")),
    /** The role {@code admin}. */
    ROLE("GET", "/role", Access.role("admin")),
    /** A valid access token or none, where a bad one counts as none. */
    LENIENT("GET", "/lenient", Access.optional().withBadTokenAsAnonymous(refusal -> ignore())),
    /** A token in the header or in the JSON body, which the handler reads as well. */
    JSON("POST", "/json", Access.required().withLocations(TokenLocation.HEADER, TokenLocation.JSON)),
    /** The handler asks for the user. */
    USER("GET", "/user", Access.required()),
    /** The handler itself checks for a fresh login. */
    INSIDE("GET", "/inside", Access.required()),
    /** Open, and the handler itself checks for an access token. */
    OPEN_INSIDE("GET", "/open-inside", Access.open()),
    /** Open, and the handler lets a refusal of its own through. */
    REFUSES("GET", "/refuses", Access.open());

    /** How often a bad token counted as none. */
    static final AtomicInteger IGNORED = new AtomicInteger();

    /** How often a handler ran: what was refused must not have got so far. */
    static final AtomicInteger HANDLED = new AtomicInteger();

    private final String method;
    private final String path;
    private final @Nullable Access access;

    Route(String method, String path, @Nullable Access access) {
        this.method = method;
        this.path = path;
        this.access = access;
    }

    private static void ignore() {
        IGNORED.incrementAndGet();
    }

    /** The HTTP method. */
    public String method() {
        return method;
    }

    /** The literal path. */
    public String path() {
        return path;
    }

    /** What to demand; empty where the application says nothing, so that the adapter's default holds. */
    public Optional<Access> access() {
        return Optional.ofNullable(access);
    }

    /**
     * What the handler of this route answers, as text with status 200; it may throw, and the adapter's way of letting
     * exceptions through decides.
     *
     * @param token the token that the adapter gives to handlers, if any
     * @param check the adapter's check inside a handler
     * @param body the body as the handler reads it
     */
    public String answer(
            Optional<VerifiedToken> token, Function<Access, Optional<VerifiedToken>> check, Supplier<byte[]> body) {
        HANDLED.incrementAndGet();
        return switch (this) {
            case OPEN -> "open" + token.map(VerifiedToken::subject).orElse("");
            case BODY, JSON -> token.orElseThrow().subject() + " " + new String(body.get(), StandardCharsets.UTF_8);
            case OPTIONAL, LENIENT -> token.map(VerifiedToken::subject).orElse("anonymous");
            case USER -> token.orElseThrow().user(String.class);
            case INSIDE -> check.apply(Access.fresh()).orElseThrow().subject() + " inside";
            case OPEN_INSIDE -> check.apply(Access.required()).orElseThrow().subject() + " inside";
            case REFUSES -> throw AuthException.of(AuthError.CLAIMS_REJECTED);
            default -> token.orElseThrow().subject();
        };
    }
}
