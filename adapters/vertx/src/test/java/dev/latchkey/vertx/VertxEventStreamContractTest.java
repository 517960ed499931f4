package dev.latchkey.vertx;

import static dev.latchkey.vertx.LatchkeyHandler.token;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.EventStreamContract;
import io.vertx.core.Future;

class VertxEventStreamContractTest extends EventStreamContract {

    @Override
    protected App start(Latchkey auth) {
        Server server = Server.protect(
                auth,
                (latchkey, router) -> router.get("/events").handler(rc -> {
                    rc.response()
                            .setChunked(true)
                            .putHeader("Content-Type", "text/event-stream")
                            .write("data: welcome, " + token(rc).subject() + "\n\n");
                    var life = auth.ended(token(rc));
                    Future.fromCompletionStage(life)
                            .onSuccess(over -> rc.response().end());
                    rc.addEndHandler(done -> life.cancel(true));
                }));
        return App.of(server.uri("http", ""), server::close);
    }
}
