package dev.latchkey.javalin;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.HoleContract;
import dev.latchkey.testkit.ReportContract;
import io.javalin.Javalin;
import java.net.URI;
import org.junit.jupiter.api.Nested;

class JavalinStartContractTest {

    private static App start(LatchkeyPlugin plugin) {
        Javalin app = Javalin.create(c -> {
                    c.registerPlugin(plugin);
                    c.routes.get("/open", ctx -> ctx.result("open"), LatchkeyPlugin.open());
                    c.routes.ws("/open/live", ws -> {}, LatchkeyPlugin.open());
                    c.routes.get("/closed", ctx -> ctx.result("closed"));
                })
                .start("127.0.0.1", 0);
        return App.of(URI.create("http://127.0.0.1:" + app.port()), app::stop);
    }

    @Nested
    class Report extends ReportContract {

        @Override
        protected App start(Latchkey auth) {
            return JavalinStartContractTest.start(new LatchkeyPlugin(auth));
        }
    }

    @Nested
    class Hole extends HoleContract {

        @Override
        protected App start(Latchkey auth, boolean hole) {
            return JavalinStartContractTest.start(hole ? new LatchkeyPlugin(auth, "/part") : new LatchkeyPlugin(auth));
        }
    }
}
