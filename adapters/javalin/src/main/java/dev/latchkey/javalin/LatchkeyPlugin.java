package dev.latchkey.javalin;

import dev.latchkey.Access;
import dev.latchkey.AuthException;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import io.javalin.config.JavalinState;
import io.javalin.http.Context;
import io.javalin.plugin.Plugin;
import io.javalin.security.RouteRole;
import io.javalin.websocket.WsContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Protects every route, static file and WebSocket of a Javalin application, and serves Latchkey's endpoints.
 *
 * <pre>{@code
 * config.registerPlugin(new LatchkeyPlugin(auth));
 * config.routes.get("/health", ctx -> ctx.result("ok"), open());
 * config.routes.get("/me", ctx -> ctx.result(token(ctx).subject()));
 * config.routes.post("/password", this::change, require(Access.fresh()));
 * }</pre>
 */
public final class LatchkeyPlugin extends Plugin<Void> {

    private final Latchkey auth;
    private final Map<String, Rule> rules = new LinkedHashMap<>();

    /** Protects the whole application. */
    public LatchkeyPlugin(Latchkey auth) {
        this(auth, "/");
    }

    /** Protects the routes declared below a path, such as {@code /partners}, where another plugin protects the rest. */
    public LatchkeyPlugin(Latchkey auth, String path) {
        this.auth = auth;
        group(path, Access.required());
    }

    /**
     * Demands something else of the routes declared below a path; of several paths the longest decides, of two calls
     * for one path the later, and a route's own {@link #open} or {@link #require} wins over all of them.
     */
    public LatchkeyPlugin group(String path, Access access) {
        rules.put(path, new Rule(path, auth, access));
        return this;
    }

    /** The role of a route, a WebSocket or a folder of static files that is open to anybody. */
    public static RouteRole open() {
        return require(Access.open());
    }

    /** The role of a route, a WebSocket or a folder of static files that demands this. */
    public static RouteRole require(Access access) {
        return new AccessRole(access);
    }

    /**
     * The token of this request.
     *
     * @throws IllegalStateException if the route is open, or optional and the request has none
     */
    public static VerifiedToken token(Context ctx) {
        return Outcome.tokenOf(ctx.attribute(Guard.MET));
    }

    /**
     * The token of the handshake that opened a WebSocket.
     *
     * @throws IllegalStateException if the WebSocket is open, or optional and its handshake had none
     */
    public static VerifiedToken token(WsContext socket) {
        return Outcome.tokenOf(socket.attribute(Guard.MET));
    }

    /** The token of this request; empty on an open route, and on an optional one without a token. */
    public static Optional<VerifiedToken> findToken(Context ctx) {
        return Outcome.findTokenOf(ctx.attribute(Guard.MET));
    }

    /** The token of a WebSocket's handshake; empty on an open one, and on an optional one without a token. */
    public static Optional<VerifiedToken> findToken(WsContext socket) {
        return Outcome.findTokenOf(socket.attribute(Guard.MET));
    }

    /**
     * The user of this request, as the user loader found it.
     *
     * @throws IllegalStateException if there is no token, or no user was loaded, or one of another class
     */
    public static <U> U user(Context ctx, Class<U> type) {
        return token(ctx).user(type);
    }

    /**
     * Checks the request once more inside a handler; a refusal that the handler lets through becomes the response.
     *
     * @throws AuthException if the request is refused
     */
    public static Optional<VerifiedToken> check(Context ctx, Access access) {
        return Guard.of(ctx).check(ctx, access);
    }

    /** Writes a response of Latchkey from a handler, such as {@code auth.respond(auth.issue(person))}. */
    public static void write(Context ctx, AuthResponse response) {
        Guard.write(ctx, response);
    }

    /** The guard stands before every handler that the application adds from here on. */
    @Override
    public void onInitialize(JavalinState state) {
        Guard.in(state);
    }

    @Override
    public void onStart(JavalinState state) {
        Guard.in(state).add(auth, rules.values());
    }

    /** Several Latchkeys may protect one application, each its own part. */
    @Override
    public boolean repeatable() {
        return true;
    }

    /** What routes declared below a path demand, and of whom. */
    record Rule(String path, Latchkey auth, Access access) {

        Rule {
            if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/")) || path.contains("*")) {
                throw new IllegalArgumentException("path '" + path + "' must start with a slash and neither end with "
                        + "one nor hold a star: /admin covers /admin and everything below it");
            }
        }

        boolean covers(String route) {
            return path.equals("/") || route.equals(path) || route.startsWith(path + "/");
        }
    }

    record AccessRole(Access access) implements RouteRole {}
}
