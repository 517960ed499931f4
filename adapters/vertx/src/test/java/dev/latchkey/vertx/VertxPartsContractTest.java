package dev.latchkey.vertx;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.PartsContract;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.util.List;

class VertxPartsContractTest extends PartsContract {

    /** Each part is a router of its own; bodies are read before either. */
    @Override
    protected App start(Latchkey whole, Latchkey partners) {
        Vertx vertx = Vertx.vertx();
        Router root = Router.router(vertx);
        root.route().handler(BodyHandler.create(false));
        for (Latchkey auth : List.of(partners, whole)) {
            LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth);
            Router plain = Router.router(vertx);
            Router router = latchkey.protect(plain);
            for (Page page : Page.values()) {
                if (page.path().startsWith("/partners/") == auth.equals(partners)) {
                    add(latchkey, page, router);
                }
            }
            root.route("/app/*").subRouter(plain);
        }
        HttpServer server = vertx.createHttpServer().requestHandler(root);
        int port = Server.await(server.listen(0, "127.0.0.1")).actualPort();
        return App.of(URI.create("http://127.0.0.1:" + port), () -> Server.await(vertx.close()));
    }

    private static void add(LatchkeyHandler latchkey, Page page, Router router) {
        Route route = router.get(page.path()).method(HttpMethod.HEAD);
        page.access().ifPresent(access -> route.handler(latchkey.require(access)));
        route.handler(rc -> rc.vertx()
                .executeBlocking(() -> {
                    page.handle(new VertxExchange(latchkey, rc, Buffer.buffer()));
                    return null;
                })
                .onFailure(rc::fail));
    }
}
