package dev.latchkey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The authentication of one application: issues, verifies, refreshes and revokes its tokens and serves its endpoints.
 *
 * <pre>{@code
 * Latchkey auth = Latchkey.builder()
 *         .issuer("notes")
 *         .key(JwtKey.hs256(secret))
 *         .login(Login.of(people::byName, Person::passwordHash, hashing::matches, dummyHash))
 *         .build();
 * }</pre>
 */
public final class Latchkey implements AutoCloseable {

    private final Settings settings;
    private final Mint mint;
    private final Delivery delivery;
    private final Checks checks;
    private final Admissions admissions;
    private final Refusals refusals;
    private final Sessions sessions;
    private final Endpoints endpoints;
    private final Streams streams;
    private volatile boolean closed;

    Latchkey(Settings settings) {
        this.settings = settings;
        this.mint = new Mint(settings);
        this.delivery = new Delivery(settings, mint);
        this.checks = new Checks(settings);
        this.admissions = new Admissions(settings, checks, delivery);
        this.refusals = new Refusals(settings, delivery);
        this.sessions = new Sessions(settings, mint);
        this.endpoints = new Endpoints(settings, this, checks, admissions, sessions, delivery);
        this.streams = new Streams(settings);
    }

    /** Starts with the defaults; {@code issuer} and {@code key} must be set. */
    public static LatchkeyBuilder builder() {
        return new LatchkeyBuilder(new Settings());
    }

    /** Starts with what operators set in the environment, as {@code docs/quickstart.md} lists it. */
    public static LatchkeyBuilder fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    /** Starts with these variables instead of the process's own. */
    public static LatchkeyBuilder fromEnvironment(Map<String, String> variables) {
        return Environment.read(variables);
    }

    /** Opens a session for a user who just proved who they are: a fresh access token and a refresh token. */
    public Tokens issue(Object user) {
        return issue(user, Grant.create());
    }

    /**
     * Opens a session, with what this call wants different.
     *
     * @throws IllegalArgumentException if the user has no identity, or a token would outlive the session
     */
    public Tokens issue(Object user, Grant grant) {
        open();
        return sessions.open(user, grant);
    }

    /** An access token by itself, without a session and not fresh unless the grant says so. */
    public String accessToken(Object user) {
        return accessToken(user, Grant.create());
    }

    /** An access token by itself, with what this call wants different. */
    public String accessToken(Object user, Grant grant) {
        return token("access", user, grant);
    }

    /** A refresh token by itself, without a session. */
    public String refreshToken(Object user) {
        return refreshToken(user, Grant.create());
    }

    /** A refresh token by itself, with what this call wants different. */
    public String refreshToken(Object user, Grant grant) {
        return token("refresh", user, grant);
    }

    /**
     * A token of any type, such as {@code invite}, for routes of {@link Access#type}; by default it lives as long as
     * an access token.
     */
    public String token(String type, Object user, Grant grant) {
        open();
        return mint.single(type, user, grant);
    }

    /**
     * A new access token and the next refresh token of the same session, for its current refresh token; that of the one
     * before gets the same once more for a while, any other ends the session. The user is loaded and the claims hook
     * runs anew, so that nothing stale is carried over.
     *
     * @throws AuthException if the refresh token is refused
     */
    public Tokens refresh(String refreshToken) {
        open();
        return sessions.refresh(sessions.checkedForRefresh(() -> checks.beforeExchange(refreshToken)), tokens -> {});
    }

    /**
     * Checks an access token outside HTTP, in all that {@link Access#required()} demands.
     *
     * @throws AuthException if it is refused
     */
    public VerifiedToken verify(String token) {
        return verify(token, Access.required());
    }

    /**
     * Checks a token outside HTTP.
     *
     * @throws AuthException if it is refused
     * @throws IllegalArgumentException if the access is open: it would verify nothing
     */
    public VerifiedToken verify(String token, Access access) {
        if (access.isOpen()) {
            throw new IllegalArgumentException("Access.open() looks at no token: use required(), or don't verify");
        }
        open();
        return checks.token(token, access, null);
    }

    /**
     * Reads what a token says about itself, without any check: for debugging, never for a decision.
     *
     * @throws AuthException if the string is not a token at all
     */
    public UnverifiedToken parseUnverified(String token) {
        Jws jws = Jws.parse(token);
        return new UnverifiedToken(jws.header(), jws.payload());
    }

    /**
     * Revokes this one token until it expires; a refresh token takes its session along.
     *
     * @throws AuthException with {@code unavailable} if the store fails
     * @throws IllegalStateException if {@code stateless()} gave up revocation, as for all methods below
     */
    public void revoke(VerifiedToken token) {
        open();
        sessions.revoke(token.claims());
    }

    /**
     * Ends the session of a token, access or refresh, expired or not; revokes the token itself if it has no session.
     *
     * @throws AuthException if the token is not genuine, or the store fails
     */
    public void logout(String token) {
        open();
        sessions.store();
        sessions.logout(checks.genuine(token, settings.clock.instant()));
    }

    /** Ends every session and token that a subject has now, on every device, and every login under way. */
    public void revokeAll(String subject) {
        open();
        int unused = sessions.endAll(settings.subject(subject), null);
    }

    /**
     * Ends every other session and token of a subject, and every login under way: call it once a new password is stored.
     *
     * @return how many sessions ended
     * @throws IllegalArgumentException if the token is another issuer's
     */
    public int revokeOthers(VerifiedToken current) {
        open();
        return sessions.endOthers(current.claims());
    }

    /**
     * Adds the next key, on every node the same: accepted and published at once, it signs after {@link
     * KeySet#withActivationDelay}, and retires the one before.
     *
     * @throws IllegalArgumentException if it cannot sign, or the key or its id is there already
     * @throws IllegalStateException if the keys come from a file, where the next one belongs
     */
    public void rotate(JwtKey next) {
        open();
        settings.issuers().own().keys().rotate(next, settings.clock.instant());
    }

    /** The open sessions of a subject, the latest used first. */
    public List<Session> sessions(String subject) {
        open();
        return sessions.of(settings.subject(subject));
    }

    /** Ends one session of a subject; false if the subject has no such session. */
    public boolean endSession(String subject, String session) {
        open();
        return sessions.end(settings.subject(subject), session);
    }

    /**
     * Completes within 1 s after the end of the token's life, within 2 s after that of its session on any node, or when
     * this closes: to end a WebSocket or a stream of events. Cancel it when the stream ends before. A store that cannot
     * answer for 30 s ends the streams of sessions as well.
     */
    public CompletableFuture<Void> ended(VerifiedToken token) {
        open();
        return streams.ended(token);
    }

    /**
     * Whether a check may call a hook or a store that blocks: an event loop then leaves it to another thread. Hooks
     * count as blocking unless {@link LatchkeyBuilder#nonBlocking} says otherwise, stores by {@link TokenStore#blocks}.
     */
    public boolean blocks(AuthRequest request, Access access) {
        return (checks.block(access) || admissions.waitForKeys(request, access))
                && Outcome.again(this, request, access).isEmpty();
    }

    /**
     * Checks a request against what its route demands, unless it has met that {@link AuthRequest#before}. Never throws
     * for anything that a client sent.
     */
    public Outcome check(AuthRequest request, Access access) {
        try {
            open();
            return Outcome.again(this, request, access)
                    .orElseGet(() -> Outcome.admitted(this, request, access, admissions.request(request, access)));
        } catch (AuthException e) {
            return Outcome.refused(e.answered(refusals.answer(e, request)), admissions.vary(access));
        }
    }

    /** The paths of {@link #serve}; an adapter mounts each of them for every method. */
    public Set<String> endpoints() {
        return endpoints.paths();
    }

    /** Answers a login, refresh or logout; throws {@link IllegalArgumentException} for a path that is no endpoint. */
    public AuthResponse serve(AuthRequest request) {
        if (!endpoints.paths().contains(request.path())) {
            throw new IllegalArgumentException(Log.escape(request.path()) + " is none of " + endpoints.paths());
        }
        try {
            open();
            return endpoints.serve(request);
        } catch (AuthException e) {
            return refusals.answer(e, request);
        } catch (Exception e) { // a hook that issues: identity, claims, headers, ids
            return refusals.answer(AuthException.unavailable("issuing a token failed", e), request);
        }
    }

    /**
     * The response that hands tokens to the client, as the login endpoint does: in the body (RFC 6749 section 5.1), or
     * as cookies if they were issued {@link Grant#forCookies()}.
     */
    public AuthResponse respond(Tokens tokens) {
        return tokens.csrf().isPresent() ? delivery.inCookies(tokens, "") : delivery.inBody(tokens);
    }

    /**
     * The {@code Set-Cookie} lines of these tokens, for responses of the application's own.
     *
     * @throws IllegalArgumentException if they are not {@link Grant#forCookies()}, or a browser would drop a line
     */
    public List<String> cookies(Tokens tokens) {
        return cookies(tokens, settings.cookies);
    }

    /** The same with other settings for this one response, such as another domain; the names must stay. */
    public List<String> cookies(Tokens tokens, Cookies as) {
        return delivery.lines(tokens, as.checked(), "");
    }

    /** The {@code Set-Cookie} lines of a single token made {@link Grant#forCookies()}, access or refresh. */
    public List<String> cookies(String token) {
        return cookies(token, settings.cookies);
    }

    /** The same with other settings for this one response. */
    public List<String> cookies(String token, Cookies as) {
        return delivery.lines(token, checks.genuine(token, settings.clock.instant()), as.checked());
    }

    /** The {@code Set-Cookie} lines that take back every cookie of Latchkey, for a logout of the application's own. */
    public List<String> clearedCookies() {
        return clearedCookies(settings.cookies);
    }

    /** The same for cookies that were set with other settings. */
    public List<String> clearedCookies(Cookies as) {
        return delivery.cleared(as.checked(), "");
    }

    /** The response to a refusal that a handler threw or let through: of a check inside it, the response of that check. */
    public AuthResponse respond(AuthException refusal) {
        return refusal.response().orElseGet(() -> refusals.answer(refusal, null));
    }

    /** Whether requests can be checked now, and if not, what is wrong. */
    public Health health() {
        List<String> problems = new ArrayList<>();
        try {
            open();
            if (settings.store != null) {
                settings.store.ping();
            }
        } catch (Exception e) {
            problems.add(closed ? "closed" : "store: " + e.getMessage());
        }
        return settings.issuers().health(problems, settings.clock.instant());
    }

    /** The state of a Latchkey, which may be up with a problem; the problems are for operators, not for strangers. */
    public record Health(boolean up, List<String> problems) {}

    private void open() {
        if (closed) {
            throw AuthException.unavailable("this Latchkey is closed", null);
        }
    }

    /** Closes the store; from then on every request is refused with {@code unavailable}. */
    @Override
    public void close() {
        closed = true;
        streams.close();
        settings.issuers().close();
        if (settings.store != null) {
            settings.store.close();
        }
    }
}
