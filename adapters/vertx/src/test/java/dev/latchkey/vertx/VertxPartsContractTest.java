package dev.latchkey.vertx;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.PartsContract;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;

class VertxPartsContractTest extends PartsContract {

    /** The whole leaves a folder to the partners; both lie in a router that another one mounts. */
    @Override
    protected App start(Latchkey whole, Latchkey partners) {
        Vertx vertx = Vertx.vertx();
        LatchkeyHandler theirs = LatchkeyHandler.create(vertx, partners);
        LatchkeyHandler ours = LatchkeyHandler.create(vertx, whole).open("/partners/*");
        Router app = Router.router(vertx);
        for (Page page : Page.values()) {
            if (page.access().isPresent()) { // open
                ours = page.path().startsWith("/partners/") ? ours : ours.open(page.path());
                theirs = page.path().startsWith("/partners/") ? theirs.open(page.path()) : theirs;
            }
        }
        ours.protect(app);
        app.route("/partners/*").handler(theirs);
        for (Page page : Page.values()) {
            add(page.path().startsWith("/partners/") ? theirs : ours, page, app);
        }
        Router root = Router.router(vertx);
        root.route().handler(BodyHandler.create(false));
        root.route("/app/*").subRouter(app);
        HttpServer server = vertx.createHttpServer().requestHandler(root);
        int port = Server.await(server.listen(0, "127.0.0.1")).actualPort();
        return App.of(URI.create("http://127.0.0.1:" + port), () -> Server.await(vertx.close()));
    }

    private static void add(LatchkeyHandler latchkey, Page page, Router router) {
        router.get(page.path())
                .method(HttpMethod.HEAD)
                .handler(rc -> rc.vertx()
                        .executeBlocking(() -> {
                            page.handle(new VertxExchange(latchkey, rc, Buffer.buffer()));
                            return null;
                        })
                        .onFailure(rc::fail));
    }
}
