package dev.latchkey.vertx;

import dev.latchkey.Access;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract;
import dev.latchkey.testkit.Route;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.AllowForwardHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

class VertxContractTest extends AdapterContract {

    private static final Set<Route> WITH_BODY = Set.of(Route.JSON, Route.FORM, Route.FORM_BODY);

    @Override
    protected App start(Latchkey auth) {
        Vertx vertx = Vertx.vertx();
        LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth);
        Router router = Router.router(vertx);
        router.route().handler(rc -> {
            rc.response().addCookie(Cookie.cookie("seen", "yes"));
            rc.next();
        });
        router.route().handler(CorsHandler.create().addOrigin(ORIGIN));
        for (Route route : WITH_BODY) { // the check reads the body as well
            router.route(HttpMethod.valueOf(route.method()), route.path()).handler(BodyHandler.create(false));
        }
        rules(latchkey).protect(router).allowForward(AllowForwardHeaders.NONE);
        for (Route route : Route.values()) {
            add(latchkey, route, router);
        }
        HttpServer server = vertx.createHttpServer().requestHandler(router);
        int port = Server.await(server.listen(0, "127.0.0.1")).actualPort();
        return App.of(URI.create("http://127.0.0.1:" + port), () -> Server.await(vertx.close()));
    }

    /** All that is demanded by path: what a route demands itself comes on top of it. */
    private static LatchkeyHandler rules(LatchkeyHandler latchkey) {
        Map<String, Access> rules = new LinkedHashMap<>(Map.of("/group/*", Access.fresh()));
        for (Route route : Route.values()) {
            route.access()
                    .filter(access -> !isSaidByTheRoute(route))
                    .ifPresent(access -> rules.put(route.path(), access));
        }
        LatchkeyHandler with = latchkey;
        for (Map.Entry<String, Access> rule : rules.entrySet()) {
            with = rule.getValue().equals(Access.open())
                    ? with.open(rule.getKey())
                    : with.require(rule.getKey(), rule.getValue());
        }
        return with;
    }

    private static boolean isSaidByTheRoute(Route route) {
        return route == Route.FRESH || route == Route.SCOPE || route == Route.REQUIRED;
    }

    private static void add(LatchkeyHandler latchkey, Route route, Router router) {
        io.vertx.ext.web.Route added = router.route(HttpMethod.valueOf(route.method()), route.path());
        if (route.method().equals("GET")) {
            added.method(HttpMethod.HEAD);
        }
        if (isSaidByTheRoute(route)) {
            route.access().ifPresent(access -> added.handler(latchkey.require(access)));
        }
        added.handler(rc -> body(rc).compose(body -> rc.vertx().executeBlocking(() -> {
                    route.handle(new VertxExchange(latchkey, rc, body));
                    return null;
                }))
                .onFailure(rc::fail));
    }

    private static Future<Buffer> body(RoutingContext rc) {
        return rc.body().available()
                ? Future.succeededFuture(rc.body().buffer())
                : rc.request().body();
    }
}
