package dev.latchkey.vertx;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.HoleContract;
import io.vertx.ext.web.Router;

class VertxHoleContractTest extends HoleContract {

    /** The hole is a route on the router that was guarded, not on the one that guards. */
    @Override
    protected App start(Latchkey auth, boolean hole) {
        Server server = Server.start(auth, (latchkey, plain) -> {
            Router guarded = latchkey.protect(plain);
            (hole ? plain : guarded).get("/closed").handler(rc -> rc.end("closed"));
        });
        return App.of(server.uri("http", ""), server::close);
    }
}
