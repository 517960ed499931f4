package dev.latchkey;

import static dev.latchkey.AuthError.MEDIA_TYPE_UNSUPPORTED;
import static dev.latchkey.AuthError.REQUEST_MALFORMED;
import static dev.latchkey.AuthError.SESSION_NOT_FOUND;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Login, refresh, logout and the user's sessions over HTTP. */
final class Endpoints {

    private record Endpoint(String method, Function<AuthRequest, AuthResponse> answer) {}

    private static final List<TokenLocation> HEADER_AND_BODY = List.of(TokenLocation.HEADER, TokenLocation.JSON);

    private final Settings settings;
    private final Latchkey auth;
    private final Checks checks;
    private final Sessions sessions;
    private final Locations locations;
    private final Map<String, Endpoint> endpoints;

    Endpoints(Settings settings, Latchkey auth, Checks checks, Sessions sessions) {
        this.settings = settings;
        this.auth = auth;
        this.checks = checks;
        this.sessions = sessions;
        this.locations = new Locations(settings);
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
        return endpoint.answer().apply(request).withHeader("Cache-Control", "no-store");
    }

    /** Tokens in the request are ignored: who logs in may well hold an expired one. */
    private AuthResponse login(AuthRequest request) {
        Login login = Objects.requireNonNull(settings.login);
        String expected = "Request body must be a JSON object with the texts '" + login.usernameField() + "' and '"
                + login.passwordField() + "'";
        if (!Locations.isJson(request)) {
            throw AuthException.of(MEDIA_TYPE_UNSUPPORTED);
        }
        Map<String, @Nullable Object> body = Locations.object(Locations.body(request), expected);
        if (!(body.get(login.usernameField()) instanceof String username)
                || !(body.get(login.passwordField()) instanceof String password)) {
            throw AuthException.of(REQUEST_MALFORMED, expected);
        }
        if (!(body.getOrDefault("remember", true) instanceof Boolean remember)) {
            throw AuthException.of(REQUEST_MALFORMED, "'remember' must be true or false");
        }
        List<String> agents = request.headers("User-Agent");
        Grant grant = Grant.create().remember(remember).label(agents.isEmpty() ? "" : Grant.toLabel(agents.get(0)));
        login.throttle(username, request.remoteAddress());
        Sessions.LoggedIn in = sessions.logIn(() -> login.authenticate(username, password), grant);
        Log.info("login subject=" + Log.escape(in.tokens().subject()) + " address="
                + Log.escape(String.valueOf(request.remoteAddress())));
        return login.response()
                .map(response -> Checks.hook("login response", () -> response.apply(in.user(), in.tokens())))
                .orElseGet(() -> auth.respond(in.tokens()));
    }

    private AuthResponse refresh(AuthRequest request) {
        String token;
        try { // first, as many clients send an access token along in the header of every request
            token = locations.find(request, List.of(TokenLocation.JSON), true).token();
        } catch (AuthException e) {
            token = locations.find(request, HEADER_AND_BODY, true).token();
        }
        return auth.respond(auth.refresh(token));
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
        if (!Locations.isJson(request)) {
            throw AuthException.of(MEDIA_TYPE_UNSUPPORTED);
        }
        if (!(Locations.object(Locations.body(request), expected).get("id") instanceof String id)) {
            throw AuthException.of(REQUEST_MALFORMED, expected);
        }
        if (!auth.endSession(token.subject(), id)) {
            throw AuthException.of(SESSION_NOT_FOUND);
        }
        return AuthResponse.empty(204);
    }

    private AuthResponse endOthers(AuthRequest request) {
        int unused = auth.revokeOthers(token(request));
        return AuthResponse.empty(204);
    }

    private AuthResponse endAll(AuthRequest request) {
        auth.revokeAll(token(request).subject());
        return AuthResponse.empty(204);
    }

    private VerifiedToken token(AuthRequest request) {
        return Objects.requireNonNull(checks.request(request, Access.required()));
    }

    /** Ends what the token stands for, even if it is expired; what is no token of ours has nothing to end. */
    private AuthResponse logout(AuthRequest request) {
        for (TokenLocation location : HEADER_AND_BODY) {
            for (boolean refresh :
                    location == TokenLocation.JSON ? new boolean[] {true, false} : new boolean[] {false}) {
                end(request, location, refresh);
            }
        }
        return AuthResponse.empty(204);
    }

    private void end(AuthRequest request, TokenLocation location, boolean refresh) {
        try {
            String token = locations.find(request, List.of(location), refresh).token();
            sessions.logout(checks.genuine(token, settings.clock.instant()));
        } catch (AuthException e) {
            if (e.error() == AuthError.UNAVAILABLE) {
                throw e;
            }
            Log.refused(e, request);
        }
    }
}
