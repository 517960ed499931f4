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
import io.vertx.ext.web.handler.AuthenticationHandler;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import java.net.URI;
import java.util.Set;

class VertxContractTest extends AdapterContract {

    private static final Set<Route> WITH_BODY = Set.of(Route.JSON, Route.FORM, Route.FORM_BODY);

    @Override
    protected App start(Latchkey auth) {
        Vertx vertx = Vertx.vertx();
        LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth);
        Router plain = Router.router(vertx);
        plain.route().handler(rc -> {
            rc.response().addCookie(Cookie.cookie("seen", "yes"));
            rc.next();
        });
        plain.route().handler(CorsHandler.create().addOrigin(ORIGIN));
        Router router = latchkey.protect(plain).allowForward(AllowForwardHeaders.NONE);
        Router group = latchkey.group(Router.router(vertx), Access.fresh());
        router.route("/group/*").subRouter(group);
        for (Route route : Route.values()) {
            add(latchkey, route, route == Route.GROUP ? group : router);
        }
        HttpServer server = vertx.createHttpServer().requestHandler(router);
        int port = Server.await(server.listen(0, "127.0.0.1")).actualPort();
        return App.of(URI.create("http://127.0.0.1:" + port), () -> Server.await(vertx.close()));
    }

    private static void add(LatchkeyHandler latchkey, Route route, Router router) {
        String path = route == Route.GROUP ? route.path().substring("/group".length()) : route.path();
        io.vertx.ext.web.Route added = router.route(HttpMethod.valueOf(route.method()), path);
        if (route.method().equals("GET")) {
            added.method(HttpMethod.HEAD);
        }
        if (WITH_BODY.contains(route)) { // the check reads the body as well
            added.handler(BodyHandler.create(false));
        }
        route.access().ifPresent(access -> added.handler(demand(latchkey, access)));
        added.handler(rc -> body(rc).compose(body -> rc.vertx().executeBlocking(() -> {
                    route.handle(new VertxExchange(latchkey, rc, body));
                    return null;
                }))
                .onFailure(rc::fail));
    }

    /** Each of the ways to say it. */
    private static AuthenticationHandler demand(LatchkeyHandler latchkey, Access access) {
        if (access.equals(Access.open())) {
            return LatchkeyHandler.open();
        }
        return access.equals(Access.required()) ? latchkey : latchkey.require(access);
    }

    private static Future<Buffer> body(RoutingContext rc) {
        return rc.body().available()
                ? Future.succeededFuture(rc.body().buffer())
                : rc.request().body();
    }
}
