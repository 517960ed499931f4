package dev.latchkey.javalin;

import static dev.latchkey.javalin.LatchkeyPlugin.findToken;
import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.token;

import dev.latchkey.Access;
import dev.latchkey.Latchkey;
import dev.latchkey.VerifiedToken;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.WebSocketContract;
import io.javalin.Javalin;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

class JavalinWebSocketContractTest extends WebSocketContract {

    @Override
    protected App start(Latchkey auth) {
        Javalin app = Javalin.create(c -> {
                    c.registerPlugin(new LatchkeyPlugin(auth).group("/group", Access.fresh()));
                    c.routes.ws("/live", ws -> {
                        talk(ws);
                        ws.onConnect(ctx -> {
                            greet(ctx);
                            ctx.attribute("life", auth.ended(token(ctx)));
                            var unused = life(ctx).thenRun(() -> ctx.closeSession(1008, "token expired"));
                        });
                        ws.onClose(ctx -> life(ctx).cancel(true));
                    });
                    c.routes.ws("/group/live", JavalinWebSocketContractTest::talk);
                    c.routes.ws("/live/optional", JavalinWebSocketContractTest::talk, require(Access.optional()));
                    c.routes.ws("/live/open", JavalinWebSocketContractTest::talk, open());
                })
                .start("127.0.0.1", 0);
        return App.of(URI.create("http://127.0.0.1:" + app.port()), app::stop);
    }

    private static CompletableFuture<Void> life(WsContext ctx) {
        return Objects.requireNonNull(ctx.attribute("life"));
    }

    private static void talk(WsConfig ws) {
        ws.onConnect(JavalinWebSocketContractTest::greet);
        ws.onMessage(JavalinWebSocketContractTest::greet);
    }

    private static void greet(WsContext ctx) {
        ctx.send("welcome, " + findToken(ctx).map(VerifiedToken::subject).orElse("nobody"));
    }
}
