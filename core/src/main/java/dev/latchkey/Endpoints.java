package dev.latchkey;

import static dev.latchkey.AuthError.MEDIA_TYPE_UNSUPPORTED;
import static dev.latchkey.AuthError.METHOD_NOT_ALLOWED;
import static dev.latchkey.AuthError.REQUEST_MALFORMED;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Login, refresh and logout over HTTP. */
final class Endpoints {

    private static final List<TokenLocation> HEADER_AND_BODY = List.of(TokenLocation.HEADER, TokenLocation.JSON);

    private final Settings settings;
    private final Latchkey auth;
    private final Checks checks;
    private final Revocations revocations;
    private final Locations locations;

    Endpoints(Settings settings, Latchkey auth, Checks checks, Revocations revocations) {
        this.settings = settings;
        this.auth = auth;
        this.checks = checks;
        this.revocations = revocations;
        this.locations = new Locations(settings);
    }

    Set<String> paths() {
        Set<String> paths = new LinkedHashSet<>();
        if (settings.endpoints) {
            if (settings.login != null) {
                paths.add(settings.loginPath);
            }
            paths.add(settings.refreshPath);
            paths.add(settings.logoutPath);
        }
        return paths;
    }

    AuthResponse serve(AuthRequest request) {
        if (!request.method().equals("POST")) {
            throw AuthException.of(METHOD_NOT_ALLOWED);
        }
        if (request.path().equals(settings.refreshPath)) {
            return refresh(request);
        }
        return request.path().equals(settings.logoutPath) ? logout(request) : login(request);
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
        Object user = login.authenticate(username, password, request.remoteAddress());
        Tokens tokens = auth.issue(user);
        Log.info("login subject=" + Log.escape(tokens.subject()) + " address="
                + Log.escape(String.valueOf(request.remoteAddress())));
        return login.response()
                .map(response -> Checks.hook("login response", () -> response.apply(user, tokens)))
                .orElseGet(() -> auth.respond(tokens))
                .withHeader("Cache-Control", "no-store");
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

    /** Ends what the token stands for, even if it is expired; what is no token of ours has nothing to end. */
    private AuthResponse logout(AuthRequest request) {
        for (TokenLocation location : HEADER_AND_BODY) {
            for (boolean refresh :
                    location == TokenLocation.JSON ? new boolean[] {true, false} : new boolean[] {false}) {
                end(request, location, refresh);
            }
        }
        return AuthResponse.empty(204).withHeader("Cache-Control", "no-store");
    }

    private void end(AuthRequest request, TokenLocation location, boolean refresh) {
        try {
            String token = locations.find(request, List.of(location), refresh).token();
            revocations.logout(checks.genuine(token, settings.clock.instant()));
        } catch (AuthException e) {
            if (e.error() == AuthError.UNAVAILABLE) {
                throw e;
            }
            Log.refused(e, request);
        }
    }
}
