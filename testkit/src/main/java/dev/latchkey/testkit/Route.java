package dev.latchkey.testkit;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthResponse;
import dev.latchkey.TokenLocation;
import dev.latchkey.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
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
    /** A token in header, cookie or form, of which the handler asks the framework for a field. */
    FORM("POST", "/form", inForms()),
    /** The same by GET, which has no form. */
    FORM_GET("GET", "/form", inForms()),
    /** The same, and the handler reads the body as it was sent. */
    FORM_BODY("POST", "/form-body", inForms()),
    /** A token in the query. */
    QUERY("GET", "/query", Access.required().withLocations(TokenLocation.QUERY)),
    /** A cookie needs CSRF protection for GET, too. */
    CSRF("GET", "/csrf", Access.required().withCsrfProtection()),
    /** A cookie needs none for POST. */
    WITHOUT_CSRF("POST", "/without-csrf", Access.required().withoutCsrfProtection()),
    /** A method that HTML forms do not know. */
    PROPFIND("PROPFIND", "/propfind", Access.required()),
    /** The handler sets a cookie, as the framework does it. */
    SETS_COOKIE("GET", "/sets-cookie", Access.required()),
    /** The same, and then the handler writes a response of Latchkey that takes its cookies back. */
    CLEARS_COOKIES("GET", "/clears-cookies", Access.required()),
    /** The handler asks for the user. */
    USER("GET", "/user", Access.required()),
    /** The handler itself checks for a fresh login. */
    INSIDE("GET", "/inside", Access.required()),
    /** Open, and the handler itself checks for an access token. */
    OPEN_INSIDE("GET", "/open-inside", Access.open()),
    /** Open, and the handler itself takes a token or none. */
    INSIDE_OPTIONAL("GET", "/inside-optional", Access.open()),
    /** The handler itself checks for what the route demands already. */
    AGAIN("GET", "/again", Access.required()),
    /** The handler asks the framework who the user is. */
    PRINCIPAL("GET", "/principal", Access.optional()),
    /** The handler takes for granted that there is a token. */
    TOKEN("GET", "/token", Access.optional()),
    /** Open, and the handler writes a response of Latchkey. */
    WRITES("GET", "/writes", Access.open()),
    /** Open, and the handler lets a refusal of its own through. */
    REFUSES("GET", "/refuses", Access.open()),
    /** Open, and the handler lets one through after it has set headers. */
    REFUSES_LATE("GET", "/refuses-late", Access.open()),
    /** Open, and the handler lets one through after the client has seen the start of a response. */
    REFUSES_TOO_LATE("GET", "/refuses-too-late", Access.open()),
    /** The handler fails. */
    FAILS("GET", "/fails", Access.required());

    /** What {@link #WRITES} writes. */
    static final AuthResponse WRITTEN = AuthResponse.of(203, "text/plain; charset=utf-8", "écrit")
            .withHeader("Link", "</a>; rel=prev", "</b>; rel=next")
            .withHeader("Cache-Control", "no-store");

    /** What {@link #CLEARS_COOKIES} writes: as {@code Latchkey.clearedCookies()} has it. */
    static final AuthResponse CLEARED = AuthResponse.of(200, "text/plain", "cleared")
            .withHeader(
                    "Set-Cookie", "access_token_cookie=; Path=/; Max-Age=0", "csrf_access_token=; Path=/; Max-Age=0");

    /** How often a bad token counted as none. */
    static final Count IGNORED = new Count();

    /** How often a handler ran: what was refused must not have got so far. */
    static final Count HANDLED = new Count();

    private final String method;
    private final String path;
    private final @Nullable Access access;

    Route(String method, String path, @Nullable Access access) {
        this.method = method;
        this.path = path;
        this.access = access;
    }

    private static Access inForms() {
        return Access.required().withLocations(TokenLocation.HEADER, TokenLocation.COOKIE, TokenLocation.FORM);
    }

    private static void ignore() {
        IGNORED.increment();
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

    /** What the handler of this route does; it may throw, and the adapter decides what becomes of that. */
    public void handle(Exchange exchange) {
        HANDLED.increment();
        switch (this) {
            case WRITES -> {
                exchange.header("Cache-Control", "public, max-age=600");
                exchange.header("Link", "</old>");
                exchange.write(WRITTEN);
            }
            case SETS_COOKIE -> {
                exchange.cookie("theme", "dark");
                exchange.text(exchange.token().subject());
            }
            case CLEARS_COOKIES -> {
                exchange.cookie("theme", "dark");
                exchange.write(CLEARED);
            }
            case REFUSES_LATE -> {
                exchange.header("Cache-Control", "public, max-age=600");
                throw AuthException.of(AuthError.CLAIMS_REJECTED);
            }
            case REFUSES_TOO_LATE -> {
                exchange.begin("begun");
                throw AuthException.of(AuthError.CLAIMS_REJECTED);
            }
            default -> exchange.text(answer(exchange));
        }
    }

    private String answer(Exchange exchange) {
        return switch (this) {
            case OPEN ->
                "open" + exchange.findToken().map(VerifiedToken::subject).orElse("");
            case FORM -> exchange.token().subject() + " " + exchange.formField("note");
            case BODY, JSON, FORM_BODY ->
                exchange.token().subject() + " " + new String(exchange.body(), StandardCharsets.UTF_8);
            case OPTIONAL, LENIENT ->
                exchange.findToken().map(VerifiedToken::subject).orElse("anonymous");
            case USER -> exchange.user();
            case INSIDE -> exchange.check(Access.fresh()).orElseThrow().subject() + " inside";
            case OPEN_INSIDE -> exchange.check(Access.required()).orElseThrow().subject() + " inside";
            case INSIDE_OPTIONAL ->
                exchange.principal()
                        + exchange.check(Access.optional())
                                .map(token -> " then " + token.subject())
                                .orElse(" then nobody")
                        + " is " + exchange.principal();
            case AGAIN -> exchange.check(Access.required()).orElseThrow().user(String.class);
            case PRINCIPAL -> "the user is " + exchange.principal();
            case TOKEN -> tokenOrComplaint(exchange);
            case REFUSES -> throw AuthException.of(AuthError.CLAIMS_REJECTED);
            case FAILS -> throw new IllegalStateException("on purpose");
            default -> exchange.token().subject();
        };
    }

    private static String tokenOrComplaint(Exchange exchange) {
        try {
            return exchange.token().subject();
        } catch (IllegalStateException e) {
            return "mistake: " + e.getMessage();
        }
    }
}
