package dev.latchkey.vertx;

import static dev.latchkey.vertx.LatchkeyHandler.findToken;
import static dev.latchkey.vertx.LatchkeyHandler.token;

import dev.latchkey.Access;
import dev.latchkey.Latchkey;
import dev.latchkey.VerifiedToken;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.WebSocketContract;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

class VertxWebSocketContractTest extends WebSocketContract {

    @Override
    protected App start(Latchkey auth) {
        Server server = Server.protect(auth, VertxWebSocketContractTest::rules, (latchkey, router) -> {
            router.get("/live")
                    .handler(rc -> talk(rc).onSuccess(socket -> {
                        var life = auth.ended(token(rc));
                        Future.fromCompletionStage(life).onSuccess(over -> socket.close((short) 1008, "token expired"));
                        socket.closeHandler(closed -> life.cancel(true));
                    }));
            for (String path : List.of("/group/live", "/live/optional", "/live/open")) {
                router.get(path).handler(VertxWebSocketContractTest::talk);
            }
        });
        return App.of(server.uri("http", ""), server::close);
    }

    private static LatchkeyHandler rules(LatchkeyHandler latchkey) {
        return latchkey.open("/live/open")
                .require("/live/optional", Access.optional())
                .require("/group/*", Access.fresh());
    }

    private static Future<ServerWebSocket> talk(RoutingContext rc) {
        String greeting =
                "welcome, " + findToken(rc).map(VerifiedToken::subject).orElse("nobody");
        return rc.request().toWebSocket().onSuccess(socket -> {
            socket.writeTextMessage(greeting);
            socket.textMessageHandler(text -> socket.writeTextMessage(greeting));
        });
    }
}
