package dev.latchkey.javalin;

import dev.latchkey.Access;
import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import io.javalin.config.JavalinState;
import io.javalin.config.Key;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.servlet.JavalinWsServletContext;
import io.javalin.plugin.Plugin;
import io.javalin.router.Endpoint;
import io.javalin.router.ParsedEndpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import io.javalin.websocket.WsContext;
import io.javalin.websocket.WsHandlerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

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

    private static final String MET = "dev.latchkey.met";
    private static final Key<LatchkeyPlugin> KEY = new Key<>("dev.latchkey");

    private record AccessRole(Access access) implements RouteRole {}

    private final Map<String, Latchkey> parts = new TreeMap<>(Comparator.reverseOrder());
    private final Map<String, Access> groups = new TreeMap<>(Comparator.reverseOrder());
    private final Set<String> endpoints = new LinkedHashSet<>();

    /** Protects the whole application. */
    public LatchkeyPlugin(Latchkey auth) {
        part("/", auth);
    }

    /**
     * Leaves the routes declared below a path, such as {@code /partners}, to another Latchkey, which serves its endpoints
     * and demands a valid access token.
     *
     * @throws IllegalArgumentException if the path has one already, does not start with a slash, or ends with one
     */
    public LatchkeyPlugin part(String path, Latchkey auth) {
        if (parts.putIfAbsent(folder(path), auth) != null) {
            throw new IllegalArgumentException("path '" + path + "' has a Latchkey already: give each part its own");
        }
        groups.putIfAbsent(folder(path), Access.required());
        endpoints.addAll(auth.endpoints());
        return this;
    }

    /**
     * Demands something else of the routes declared below a path; of several paths the longest decides, of two calls
     * for one path the later, and a route's own {@link #open} or {@link #require} wins over all of them.
     *
     * @throws IllegalArgumentException if the path does not start with a slash, or ends with one
     */
    public LatchkeyPlugin group(String path, Access access) {
        groups.put(folder(path), access);
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
        return Outcome.tokenOf(ctx.attribute(MET));
    }

    /**
     * The token of the handshake that opened a WebSocket.
     *
     * @throws IllegalStateException if the WebSocket is open, or optional and its handshake had none
     */
    public static VerifiedToken token(WsContext socket) {
        return Outcome.tokenOf(socket.attribute(MET));
    }

    /** The token of this request; empty on an open route, and on an optional one without a token. */
    public static Optional<VerifiedToken> findToken(Context ctx) {
        return Outcome.findTokenOf(ctx.attribute(MET));
    }

    /** The token of a WebSocket's handshake; empty on an open one, and on an optional one without a token. */
    public static Optional<VerifiedToken> findToken(WsContext socket) {
        return Outcome.findTokenOf(socket.attribute(MET));
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
        return check(ctx, ctx.appData(KEY).auth(ctx), access);
    }

    /** Writes a response of Latchkey from a handler, such as {@code auth.respond(auth.issue(person))}. */
    public static void write(Context ctx, AuthResponse response) {
        ctx.status(response.status());
        response.setHeaders(ctx.res()::getHeaders, ctx.res()::setHeader, ctx.res()::addHeader);
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        if (ctx instanceof JavalinWsServletContext) { // for a refused handshake Javalin writes no result by itself
            try {
                ctx.res().getOutputStream().write(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            ctx.result(body);
        }
    }

    /** With a slash at its end, so that what lies below begins with it; of several such the longest sorts first. */
    private static String folder(String path) {
        if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/")) || path.contains("*")) {
            throw new IllegalArgumentException(
                    "path '" + path + "' must start with a slash and neither end with one nor"
                            + " hold a star: /admin covers /admin and everything below it");
        }
        return path.equals("/") ? path : path + "/";
    }

    private static <T> T longest(Map<String, T> folders, String route) {
        String below = route.startsWith("/") ? route + "/" : "/"; // "*" of the application's own before handlers
        return folders.entrySet().stream()
                .filter(folder -> below.startsWith(folder.getKey()))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** The guard stands before every handler that the application adds from here on. */
    @Override
    public void onInitialize(JavalinState state) {
        state.appDataManager.register(KEY, this);
        state.routes.beforeMatched(ctx -> admit(ctx, state));
        state.routes.wsBeforeUpgrade(ctx -> admitSocket(ctx, state));
        state.events.serverStarting(() -> report(state));
    }

    /** Last, so that no mapper of the application turns a refusal into something else. */
    @Override
    public void onStart(JavalinState state) {
        state.routes.exception(AuthException.class, this::refuse);
        for (String path : endpoints) {
            for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")) {
                state.routes.addHttpHandler(
                        HandlerType.findOrCreate(method),
                        path,
                        ctx -> write(ctx, longest(parts, path).serve(request(ctx, path))),
                        open());
            }
        }
    }

    /** Runs once all routes are known: an application with two demands on a route does not start. */
    private void report(JavalinState state) {
        Stream<String> routes = state.internalRouter.allHttpHandlers().stream()
                .map(route -> route.endpoint)
                .filter(route -> isOpen(route.path, roles(route)))
                .map(route -> route.method.name() + " " + route.path);
        Stream<String> sockets = state.internalRouter.allWsHandlers().stream()
                .filter(socket -> isOpen(socket.getPath(), socket.getRoles()))
                .map(socket -> "WS " + socket.getPath());
        List<String> open = Stream.concat(routes, sockets).toList();
        System.getLogger("dev.latchkey")
                .log(System.Logger.Level.INFO, "open routes: " + open + ", endpoints: " + endpoints);
    }

    private boolean isOpen(String route, Set<RouteRole> roles) {
        return access(route, roles).equals(Access.open()) && !endpoints.contains(route);
    }

    private void admit(Context ctx, JavalinState state) {
        Endpoint route = ctx.endpoints().matchedHttpEndpoint();
        if (route == null && ctx.method().equals(HandlerType.HEAD)) { // Javalin answers HEAD for a GET route by itself
            ParsedEndpoint get = state.internalRouter.findFirstHttpHandlerEntry(HandlerType.GET, path(ctx));
            route = get == null ? null : get.endpoint;
        }
        // A static file has no route: its folder's role counts, else the rule of the whole application.
        check(ctx, route == null ? "/" : route.path, route == null ? ctx.routeRoles() : roles(route));
    }

    /** Javalin selects the first sub-protocol that is offered, which may be the token itself: it must not go back. */
    private void admitSocket(Context ctx, JavalinState state) {
        Stream<String> offered = request(ctx, ctx.path()).subProtocols().stream();
        ctx.res().setHeader("Sec-WebSocket-Protocol", offered.findFirst().orElse(null));
        WsHandlerEntry socket =
                Objects.requireNonNull(state.wsRouter.getWsPathMatcher().findEndpointHandlerEntry(path(ctx)));
        check(ctx, socket.getPath(), socket.getRoles());
    }

    /** The path that routes are compared with. */
    private static String path(Context ctx) {
        return ctx.path().substring(ctx.contextPath().length());
    }

    private void check(Context ctx, String route, Set<RouteRole> roles) {
        Optional<VerifiedToken> unused = check(ctx, longest(parts, route), access(route, roles));
    }

    private static Optional<VerifiedToken> check(Context ctx, Latchkey auth, Access access) {
        Outcome outcome = auth.check(request(ctx, ctx.path()), access);
        outcome.setHeaders(ctx.res()::getHeaders, ctx.res()::setHeader, ctx.res()::addHeader);
        ctx.attribute(MET, outcome.orThrow());
        return outcome.token();
    }

    /** Who decides about this request: the whole application's, unless its route was found. */
    private Latchkey auth(Context ctx) {
        Outcome met = ctx.attribute(MET);
        return met == null ? longest(parts, "/") : met.latchkey();
    }

    private void refuse(AuthException refusal, Context ctx) {
        if (!ctx.res().isCommitted()) {
            write(ctx, auth(ctx).respond(refusal));
        }
    }

    private Access access(String route, Set<RouteRole> roles) {
        List<Access> own = roles.stream()
                .filter(AccessRole.class::isInstance)
                .map(role -> ((AccessRole) role).access())
                .toList();
        if (own.size() > 1) {
            throw new IllegalStateException("route " + route + " demands " + own + ": one of these must do");
        }
        return own.isEmpty() ? longest(groups, route) : own.get(0);
    }

    private static Set<RouteRole> roles(Endpoint endpoint) {
        Roles roles = endpoint.metadata(Roles.class);
        return roles == null ? Set.of() : roles.getRoles();
    }

    private static AuthRequest request(Context ctx, String path) {
        return AuthRequest.of(
                        ctx.method().name(),
                        path,
                        ctx.queryString(),
                        name -> Collections.list(ctx.req().getHeaders(name)),
                        ctx.ip(),
                        limit -> body(ctx, limit))
                .withPrefix(ctx.contextPath())
                .withBefore(ctx.attribute(MET));
    }

    /** Javalin keeps what it read, so that a handler can read it again. */
    private static byte[] body(Context ctx, int limit) {
        try {
            byte[] body = ctx.bodyAsBytes();
            return Arrays.copyOf(body, Math.min(body.length, limit));
        } catch (HttpResponseException larger) { // than Javalin's own maxRequestSize
            return new byte[limit];
        }
    }
}
