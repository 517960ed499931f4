package dev.latchkey.javalin;

import dev.latchkey.Access;
import dev.latchkey.AuthException;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import dev.latchkey.javalin.LatchkeyPlugin.AccessRole;
import dev.latchkey.javalin.LatchkeyPlugin.Rule;
import io.javalin.config.JavalinState;
import io.javalin.config.Key;
import io.javalin.config.NoValueForKeyException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.servlet.JavalinWsServletContext;
import io.javalin.router.Endpoint;
import io.javalin.router.ParsedEndpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import io.javalin.websocket.WsHandlerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The one guard of an application, whatever the number of plugins: it finds the rule of a route and asks the core. */
final class Guard {

    static final String MET = "dev.latchkey.met";
    private static final Key<Guard> KEY = new Key<>("dev.latchkey.guard");

    private final JavalinState state;
    private final Map<String, Rule> rules =
            new TreeMap<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));
    private final Set<String> endpoints = new LinkedHashSet<>();

    private Guard(JavalinState state) {
        this.state = state;
    }

    static Guard of(Context ctx) {
        return ctx.appData(KEY);
    }

    static Guard in(JavalinState state) {
        try {
            return state.appDataManager.get(KEY);
        } catch (NoValueForKeyException none) {
            Guard guard = new Guard(state);
            state.appDataManager.register(KEY, guard);
            state.routes.beforeMatched(guard::admit);
            state.routes.wsBeforeUpgrade(guard::admitSocket);
            state.events.serverStarting(guard::report);
            return guard;
        }
    }

    void add(Latchkey auth, Collection<Rule> more) {
        for (Rule rule : more) {
            if (rules.putIfAbsent(rule.path(), rule) != null) {
                throw new IllegalStateException("two LatchkeyPlugins decide about " + rule.path()
                        + ": only one of them could be asked; give each its own path");
            }
        }
        // Last, so that no mapper of the application turns a refusal into something else.
        state.routes.exception(AuthException.class, this::refuse);
        endpoints.addAll(auth.endpoints());
        for (String path : auth.endpoints()) {
            for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")) {
                state.routes.addHttpHandler(
                        HandlerType.findOrCreate(method),
                        path,
                        ctx -> write(ctx, auth.serve(new JavalinRequest(ctx, path))),
                        LatchkeyPlugin.open());
            }
        }
    }

    /** Runs once all routes are known: an application with a hole does not start. */
    private void report() {
        if (!rules.containsKey("/")) {
            throw new IllegalStateException("no LatchkeyPlugin covers the whole application, so routes outside "
                    + rules.keySet() + " would be open: register one without a path");
        }
        List<String> open = new ArrayList<>();
        for (ParsedEndpoint route : state.internalRouter.allHttpHandlers()) {
            report(open, route.endpoint.method.name(), route.endpoint.path, roles(route.endpoint));
        }
        for (WsHandlerEntry socket : state.internalRouter.allWsHandlers()) {
            report(open, "WS", socket.getPath(), socket.getRoles());
        }
        System.getLogger("dev.latchkey")
                .log(System.Logger.Level.INFO, "open routes: " + open + ", endpoints: " + endpoints);
    }

    private void report(List<String> open, String method, String path, Set<RouteRole> roles) {
        if (rule(path, roles).access().equals(Access.open()) && !endpoints.contains(path)) {
            open.add(method + " " + path);
        }
    }

    private void admit(Context ctx) {
        Endpoint route = ctx.endpoints().matchedHttpEndpoint();
        if (route == null && ctx.method().equals(HandlerType.HEAD)) { // Javalin answers HEAD for a GET route by itself
            ParsedEndpoint get = state.internalRouter.findFirstHttpHandlerEntry(HandlerType.GET, path(ctx));
            route = get == null ? null : get.endpoint;
        }
        // A static file has no route: its folder's role counts, else the rule of the whole application.
        Rule rule = route == null ? rule("/", ctx.routeRoles()) : rule(route.path, roles(route));
        check(ctx, rule.auth(), rule.access());
    }

    /** Javalin selects the first sub-protocol that is offered, which may be the token itself: it must not go back. */
    private void admitSocket(Context ctx) {
        Stream<String> offered = new JavalinRequest(ctx, ctx.path()).subProtocols().stream();
        ctx.res().setHeader("Sec-WebSocket-Protocol", offered.findFirst().orElse(null));
        WsHandlerEntry socket = state.wsRouter.getWsPathMatcher().findEndpointHandlerEntry(path(ctx));
        Rule rule = rule(Objects.requireNonNull(socket).getPath(), socket.getRoles());
        check(ctx, rule.auth(), rule.access());
    }

    /** The path that routes are compared with. */
    private static String path(Context ctx) {
        return ctx.path().substring(ctx.contextPath().length());
    }

    /** Who decides about this request: the root's, unless its route was found. */
    private Latchkey auth(Context ctx) {
        Outcome met = ctx.attribute(MET);
        return met == null ? rule("/", Set.of()).auth() : met.latchkey();
    }

    Optional<VerifiedToken> check(Context ctx, Access access) {
        return check(ctx, auth(ctx), access);
    }

    private static Optional<VerifiedToken> check(Context ctx, Latchkey auth, Access access) {
        Outcome outcome = auth.check(new JavalinRequest(ctx, ctx.path()), access);
        outcome.setHeaders(ctx.res()::getHeaders, ctx.res()::setHeader, ctx.res()::addHeader);
        ctx.attribute(MET, outcome.orThrow());
        return outcome.token();
    }

    private void refuse(AuthException refusal, Context ctx) {
        if (!ctx.res().isCommitted()) {
            write(ctx, auth(ctx).respond(refusal));
        }
    }

    private Rule rule(String route, Set<RouteRole> roles) {
        Rule rule =
                rules.values().stream().filter(r -> r.covers(route)).findFirst().orElseThrow();
        List<Access> own = roles.stream()
                .filter(AccessRole.class::isInstance)
                .map(role -> ((AccessRole) role).access())
                .toList();
        if (own.size() > 1) {
            throw new IllegalStateException("route " + route + " demands " + own + ": one of these must do");
        }
        return own.isEmpty() ? rule : new Rule(rule.path(), rule.auth(), own.get(0));
    }

    private static Set<RouteRole> roles(Endpoint endpoint) {
        Roles roles = endpoint.metadata(Roles.class);
        return roles == null ? Set.of() : roles.getRoles();
    }

    static void write(Context ctx, AuthResponse response) {
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
}
