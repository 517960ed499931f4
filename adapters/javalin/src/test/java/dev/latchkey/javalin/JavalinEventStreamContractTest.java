package dev.latchkey.javalin;

import static dev.latchkey.javalin.LatchkeyPlugin.token;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.EventStreamContract;
import io.javalin.Javalin;
import java.net.URI;

class JavalinEventStreamContractTest extends EventStreamContract {

    @Override
    protected App start(Latchkey auth) {
        Javalin app = Javalin.create(c -> {
                    c.registerPlugin(new LatchkeyPlugin(auth));
                    c.routes.sse("/events", client -> {
                        client.keepAlive();
                        client.sendEvent("welcome, " + token(client.ctx()).subject());
                        var life = auth.ended(token(client.ctx()));
                        client.onClose(() -> life.cancel(true));
                        var unused = life.thenRun(client::close);
                    });
                })
                .start("127.0.0.1", 0);
        return App.of(URI.create("http://127.0.0.1:" + app.port()), app::stop);
    }
}
