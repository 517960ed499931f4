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
import io.javalin.websocket.WsContext;
import io.javalin.websocket.WsHandlerEntry;
import io.javalin.websocket.WsHandlerType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The one guard of an application, whatever the number of plugins: it finds the rule of a route and asks the core. */
final class Guard {

    private static final Key<Guard> KEY = new Key<>("dev.latchkey.guard");
    private static final String TOKEN = "dev.latchkey.token";
    private static final String REFUSED = "dev.latchkey.refused";
    private static final String ROUTE = "dev.latchkey.route";

    private final JavalinState state;
    private final List<Rule> rules = new ArrayList<>();
    private final Set<String> endpoints = new LinkedHashSet<>();

    private Guard(JavalinState state) {
        this.state = state;
    }

    static Guard of(Context ctx) {
        return ctx.appData(KEY);
    }

    static Optional<VerifiedToken> token(Context ctx) {
        return Optional.ofNullable(ctx.attribute(TOKEN));
    }

    static Optional<VerifiedToken> token(WsContext socket) {
        return Optional.ofNullable(socket.attribute(TOKEN));
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

    void add(Latchkey auth, List<Rule> more) {
        for (Rule rule : more) {
            if (rules.stream().anyMatch(other -> other.path().equals(rule.path()))) {
                throw new IllegalStateException("two LatchkeyPlugins decide about " + rule.path()
                        + ": only one of them could be asked; give each its own path");
            }
        }
        rules.addAll(more);
        rules.sort(Comparator.comparing((Rule rule) -> rule.path().length()).reversed());
        // Last, so that no mapper of the application turns a refusal into something else.
        state.routes.exception(AuthException.class, this::refuse);
        endpoints.addAll(auth.endpoints());
        for (String path : auth.endpoints()) {
            Stream.of(
                            HandlerType.GET,
                            HandlerType.HEAD,
                            HandlerType.POST,
                            HandlerType.PUT,
                            HandlerType.PATCH,
                            HandlerType.DELETE)
                    .forEach(method -> state.routes.addHttpHandler(
                            method,
                            path,
                            ctx -> write(ctx, auth.serve(new JavalinRequest(ctx, path))),
                            LatchkeyPlugin.open()));
        }
    }

    /** Runs once all routes are known: an application with a hole does not start. */
    private void report() {
        if (rules.stream().noneMatch(rule -> rule.path().equals("/"))) {
            throw new IllegalStateException("no LatchkeyPlugin covers the whole application, so routes outside "
                    + rules.stream().map(Rule::path).toList() + " would be open: register one without a path");
        }
        List<String> open = new ArrayList<>();
        for (ParsedEndpoint parsed : state.internalRouter.allHttpHandlers()) {
            Endpoint endpoint = parsed.endpoint;
            if (endpoint.method.isHttpMethod()
                    && isOpen(endpoint.path, roles(endpoint))
                    && !endpoints.contains(endpoint.path)) {
                open.add(endpoint.method.name() + " " + endpoint.path);
            }
        }
        for (WsHandlerEntry socket : state.internalRouter.allWsHandlers()) {
            if (socket.getType() == WsHandlerType.WEBSOCKET && isOpen(socket.getPath(), socket.getRoles())) {
                open.add("WS " + socket.getPath());
            }
        }
        System.getLogger("dev.latchkey")
                .log(System.Logger.Level.INFO, "open routes: " + open + ", endpoints: " + endpoints);
    }

    private boolean isOpen(String route, Set<RouteRole> roles) {
        return rule(route, roles).access().equals(Access.open());
    }

    private void admit(Context ctx) {
        Endpoint route = ctx.endpoints().matchedHttpEndpoint();
        Set<RouteRole> roles = ctx.routeRoles();
        if (route == null && ctx.method().equals(HandlerType.HEAD)) { // Javalin answers HEAD for a GET route by itself
            String path = ctx.path().substring(ctx.contextPath().length());
            ParsedEndpoint get = state.internalRouter.findFirstHttpHandlerEntry(HandlerType.GET, path);
            if (get != null) {
                route = get.endpoint;
                roles = roles(route);
            }
        }
        // A static file has no route: its folder's role counts, else the rule of the whole application.
        Rule rule = rule(route == null ? "/" : route.path, roles);
        ctx.attribute(ROUTE, rule);
        check(ctx, rule.access());
    }

    /** Javalin selects the first sub-protocol that is offered, which may be the token itself: it must not go back. */
    private void admitSocket(Context ctx) {
        String header = "Sec-WebSocket-Protocol";
        ctx.res()
                .setHeader(
                        header,
                        Collections.list(ctx.req().getHeaders(header)).stream()
                                .flatMap(line -> Stream.of(line.split(",")))
                                .map(String::strip)
                                .filter(protocol -> !protocol.isEmpty() && !protocol.startsWith("bearer."))
                                .findFirst()
                                .orElse(null));
        admit(ctx);
    }

    void check(Context ctx, Access access) {
        Rule rule = routeRule(ctx);
        Outcome outcome = rule.auth().check(new JavalinRequest(ctx, ctx.path()), access);
        outcome.headers()
                .forEach((name, values) -> values.forEach(value -> ctx.res().addHeader(name, value)));
        if (outcome.refusal().isPresent()) {
            ctx.attribute(REFUSED, outcome);
            throw outcome.refusal().get();
        }
        ctx.attribute(TOKEN, outcome.token().orElse(null));
    }

    private Rule routeRule(Context ctx) {
        Rule rule = ctx.attribute(ROUTE);
        return rule == null ? rule("/", Set.of()) : rule;
    }

    private Rule rule(String route, Set<RouteRole> roles) {
        Rule rule = rules.stream().filter(r -> r.covers(route)).findFirst().orElseThrow();
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

    /** Writes the response of a refusal, by the guard or by whatever a handler let through. */
    private void refuse(AuthException refusal, Context ctx) {
        Outcome refused = ctx.attribute(REFUSED);
        boolean ours = refused != null && refusal.equals(refused.refusal().orElse(null));
        AuthResponse response =
                ours ? refused.response().orElseThrow() : routeRule(ctx).auth().respond(refusal);
        write(ctx, response);
    }

    static void write(Context ctx, AuthResponse response) {
        ctx.status(response.status());
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        response.headers().forEach((name, values) -> {
            ctx.res().setHeader(name, values.get(0));
            values.subList(1, values.size()).forEach(value -> ctx.res().addHeader(name, value));
        });
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
