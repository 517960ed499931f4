package dev.latchkey;

import static dev.latchkey.AuthError.MEDIA_TYPE_UNSUPPORTED;
import static dev.latchkey.AuthError.REQUEST_MALFORMED;
import static dev.latchkey.AuthError.SESSION_NOT_FOUND;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Login, refresh, logout and the user's sessions over HTTP. */
final class Endpoints {

    private record Endpoint(String method, Function<AuthRequest, AuthResponse> answer) {}

    private static final List<TokenLocation> HEADER_AND_BODY = List.of(TokenLocation.HEADER, TokenLocation.JSON);
    private static final List<TokenLocation> ANYWHERE =
            List.of(TokenLocation.HEADER, TokenLocation.JSON, TokenLocation.COOKIE);

    private final Settings settings;
    private final Latchkey auth;
    private final Checks checks;
    private final Admissions admissions;
    private final Sessions sessions;
    private final Locations locations;
    private final Delivery delivery;
    private final Csrf csrf;
    private final Map<String, Endpoint> endpoints;

    Endpoints(
            Settings settings,
            Latchkey auth,
            Checks checks,
            Admissions admissions,
            Sessions sessions,
            Delivery delivery) {
        this.settings = settings;
        this.auth = auth;
        this.checks = checks;
        this.admissions = admissions;
        this.sessions = sessions;
        this.locations = new Locations(settings);
        this.delivery = delivery;
        this.csrf = new Csrf(settings);
        this.endpoints = Collections.unmodifiableMap(all());
    }

    /** The literal paths, each with what it does and the one method that it takes. */
    private Map<String, Endpoint> all() {
        Map<String, Endpoint> all = new LinkedHashMap<>();
        if (!settings.endpoints) {
            return all;
        }
        if (settings.login != null) {
            all.put(settings.loginPath, new Endpoint("POST", this::login));
        }
        all.put(settings.refreshPath, new Endpoint("POST", this::refresh));
        all.put(settings.logoutPath, new Endpoint("POST", this::logout));
        if (settings.issuers().own().mayPublish()) {
            all.put(settings.keysPath, new Endpoint("GET", this::keys));
        }
        if (settings.store != null) {
            all.put(settings.sessionsPath, new Endpoint("GET", this::list));
            all.put(settings.sessionsPath + "/end", new Endpoint("POST", this::endOne));
            all.put(settings.sessionsPath + "/end-others", new Endpoint("POST", this::endOthers));
            all.put(settings.sessionsPath + "/end-all", new Endpoint("POST", this::endAll));
        }
        return all;
    }

    Set<String> paths() {
        return endpoints.keySet();
    }

    AuthResponse serve(AuthRequest request) {
        Endpoint endpoint = Objects.requireNonNull(endpoints.get(request.path()));
        if (!request.method().equals(endpoint.method())) {
            throw AuthException.methodNotAllowed(endpoint.method());
        }
        if (settings.usesCookies()) {
            admissions.checkHost(request);
        }
        AuthResponse answer = endpoint.answer().apply(request);
        return request.path().equals(settings.keysPath) ? answer : answer.withHeader("Cache-Control", "no-store");
    }

    /** RFC 7517 section 5; caches may keep it for less time than a new key waits before it signs. */
    private AuthResponse keys(AuthRequest request) {
        OwnKeys keys = settings.issuers().own();
        List<Map<String, Object>> published = keys.published(settings.clock.instant()).stream()
                .map(Jwk::published)
                .toList();
        return AuthResponse.json(200, Map.of("keys", published))
                .withHeader(
                        "Cache-Control",
                        "public, max-age=" + keys.publishedFor().toSeconds());
    }

    /** Tokens in the request are ignored: who logs in may well hold an expired one. */
    private AuthResponse login(AuthRequest request) {
        Login login = Objects.requireNonNull(settings.login);
        String expected = "Request body must be a JSON object with the texts '" + login.usernameField() + "' and '"
                + login.passwordField() + "'";
        Map<String, @Nullable Object> body = body(request, expected);
        if (!(body.get(login.usernameField()) instanceof String username)
                || !(body.get(login.passwordField()) instanceof String password)) {
            throw AuthException.of(REQUEST_MALFORMED, expected);
        }
        boolean remember = flag(body, "remember", true);
        boolean byCookie = flag(body, "cookies", settings.usesCookies() && isOfBrowser(request));
        if (byCookie) {
            if (!settings.usesCookies()) {
                throw AuthException.of(REQUEST_MALFORMED, "'cookies' are not in use here");
            }
            csrf.checkOrigin(request); // else another page could log its visitor in as somebody else
        }
        List<String> agents = request.headers("User-Agent");
        Grant grant = Grant.create().remember(remember).label(agents.isEmpty() ? "" : Grant.toLabel(agents.get(0)));
        login.throttle(username, request.remoteAddress());
        Sessions.LoggedIn in =
                sessions.logIn(() -> login.authenticate(username, password), byCookie ? grant.forCookies() : grant);
        Log.info("login subject=" + Log.escape(in.tokens().subject()) + " address="
                + Log.escape(String.valueOf(request.remoteAddress())));
        try {
            return login.response()
                    .map(response -> Checks.hook("login response", () -> response.apply(in.user(), in.tokens())))
                    .map(own -> byCookie
                            ? own.withCookies(delivery.lines(in.tokens(), settings.cookies, request.prefix()))
                            : own)
                    .orElseGet(() -> handOut(in.tokens(), byCookie, request));
        } catch (RuntimeException e) { // nobody will ever hold these tokens
            in.tokens().sessionId().ifPresent(id -> sessions.forget(in.tokens().subject(), id));
            throw e;
        }
    }

    private Map<String, @Nullable Object> body(AuthRequest request, String expected) {
        if (!Locations.isJson(request)) {
            throw AuthException.of(MEDIA_TYPE_UNSUPPORTED);
        }
        return Locations.object(Locations.body(request, settings.maxBody), expected);
    }

    private static boolean flag(Map<String, @Nullable Object> body, String name, boolean otherwise) {
        if (!(body.getOrDefault(name, otherwise) instanceof Boolean flag)) {
            throw AuthException.of(REQUEST_MALFORMED, "'" + name + "' must be true or false");
        }
        return flag;
    }

    /** A page that says nothing gets cookies: its scripts are where tokens are stolen. Nothing else sends these headers. */
    private boolean isOfBrowser(AuthRequest request) {
        return !settings.locations.contains(TokenLocation.HEADER)
                || !request.headers("Sec-Fetch-Site").isEmpty()
                || !request.headers("Origin").isEmpty();
    }

    private AuthResponse handOut(Tokens tokens, boolean byCookie, AuthRequest request) {
        return byCookie ? delivery.inCookies(tokens, request.prefix()) : delivery.inBody(tokens);
    }

    /** Tokens go back the way they came: what came as a cookie never gets into a body. */
    private AuthResponse refresh(AuthRequest request) {
        Locations.Found found = foundForRefresh(request);
        boolean byCookie = found.location() == TokenLocation.COOKIE;
        VerifiedToken old = sessions.checkedForRefresh(() -> admissions.beforeExchange(found, request));
        try {
            Tokens tokens = sessions.refresh(old, proposed -> {
                if (byCookie) {
                    List<String> unused = delivery.lines(proposed, settings.cookies, request.prefix());
                }
            });
            return handOut(tokens, byCookie, request);
        } catch (AuthException e) {
            boolean over = e.error() == AuthError.TOKEN_REVOKED || e.error() == AuthError.REFRESH_TOKEN_REUSED;
            throw byCookie && over ? e.ofStaleCookie() : e;
        }
    }

    private Locations.Found foundForRefresh(AuthRequest request) {
        try { // first, as many clients send an access token along in the header of every request
            return locations.find(request, List.of(TokenLocation.JSON), true);
        } catch (AuthException e) {
            return locations.find(request, settings.usesCookies() ? ANYWHERE : HEADER_AND_BODY, true);
        }
    }

    private AuthResponse list(AuthRequest request) {
        VerifiedToken token = token(request);
        String own = token.claims().sessionId().orElse("");
        List<Map<String, Object>> list = auth.sessions(token.subject()).stream()
                .map(session -> {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("id", session.id());
                    line.put("label", session.label());
                    line.put("started_at", session.startedAt().getEpochSecond());
                    line.put("used_at", session.usedAt().getEpochSecond());
                    line.put("ends_at", session.endsAt().getEpochSecond());
                    line.put("current", session.id().equals(own));
                    return line;
                })
                .toList();
        return AuthResponse.json(200, Map.of("sessions", list));
    }

    private AuthResponse endOne(AuthRequest request) {
        VerifiedToken token = token(request);
        String expected = "Request body must be a JSON object with the text 'id'";
        if (!(body(request, expected).get("id") instanceof String id)) {
            throw AuthException.of(REQUEST_MALFORMED, expected);
        }
        if (!auth.endSession(token.subject(), id)) {
            throw AuthException.of(SESSION_NOT_FOUND);
        }
        return token.claims().sessionId().equals(Optional.of(id)) ? over(token, request) : AuthResponse.empty(204);
    }

    private AuthResponse endOthers(AuthRequest request) {
        int unused = auth.revokeOthers(token(request));
        return AuthResponse.empty(204);
    }

    private AuthResponse endAll(AuthRequest request) {
        VerifiedToken token = token(request);
        auth.revokeAll(token.subject());
        return over(token, request);
    }

    private VerifiedToken token(AuthRequest request) {
        VerifiedToken token = Objects.requireNonNull(
                admissions.request(request, Access.required()).token());
        if (!token.claims().isOurs()) { // its subject may be the name of somebody here
            throw AuthException.of(AuthError.ISSUER_INVALID);
        }
        return token;
    }

    /** The session of the request itself has ended. */
    private AuthResponse over(VerifiedToken token, AuthRequest request) {
        boolean byCookie = token.location().equals(Optional.of(TokenLocation.COOKIE));
        return cleared(byCookie, request);
    }

    private AuthResponse cleared(boolean cookies, AuthRequest request) {
        return AuthResponse.empty(204)
                .withCookies(cookies ? delivery.cleared(settings.cookies, request.prefix()) : List.of());
    }

    /**
     * Ends what the token stands for, even if it is expired; what is no token of ours has nothing to end. Cookies are
     * taken back from whoever may speak for them; another page can neither end the session nor have them dropped.
     */
    private AuthResponse logout(AuthRequest request) {
        boolean explicit = logoutByToken(request);
        if (!settings.usesCookies()) {
            return AuthResponse.empty(204);
        }
        try {
            boolean vouched = csrf.checkOrigin(request);
            List<String> tokens = new ArrayList<>(Locations.cookies(request, settings.cookies.refreshName()));
            tokens.addAll(Locations.cookies(request, settings.cookies.accessName()));
            if (!explicit) {
                logoutByCookie(tokens, request);
            }
            // A form of another page, in a browser that tells nothing and keeps the cookies at home, takes none back.
            return cleared(vouched || !tokens.isEmpty(), request);
        } catch (AuthException e) {
            if (explicit) {
                return AuthResponse.empty(204);
            }
            throw e;
        }
    }

    /** Whether header or body hold a token of ours: then cookies count for nothing. */
    private boolean logoutByToken(AuthRequest request) {
        boolean found = false;
        for (TokenLocation location : HEADER_AND_BODY) {
            for (boolean refresh :
                    location == TokenLocation.JSON ? new boolean[] {true, false} : new boolean[] {false}) {
                try {
                    String token =
                            locations.find(request, List.of(location), refresh).token();
                    sessions.logout(checks.genuine(token, settings.clock.instant()));
                    found = true;
                } catch (AuthException e) {
                    skip(e, request);
                }
            }
        }
        return found;
    }

    /**
     * Ends what any of the cookies stands for, planted ones beside them or not; the refresh cookie is still there when the
     * access cookie has expired.
     */
    private void logoutByCookie(List<String> tokens, AuthRequest request) {
        AuthException refusal = null;
        boolean ended = false;
        for (String token : tokens) {
            try {
                Claims claims = checks.genuine(token, settings.clock.instant());
                csrf.check(request, claims, Access.anyType());
                sessions.logout(claims);
                ended = true;
            } catch (AuthException e) {
                skip(e, request);
                refusal = e.error() == AuthError.CSRF_MISSING || e.error() == AuthError.CSRF_MISMATCH ? e : refusal;
            }
        }
        if (refusal != null && !ended) {
            throw refusal;
        }
    }

    private static void skip(AuthException refusal, AuthRequest request) {
        if (refusal.error() == AuthError.UNAVAILABLE) {
            throw refusal;
        }
        Log.refused(refusal, request);
    }
}
