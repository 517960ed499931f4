package dev.latchkey.javalin;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.ReportContract;
import io.javalin.Javalin;
import java.net.URI;

class JavalinReportContractTest extends ReportContract {

    @Override
    protected App start(Latchkey auth) {
        Javalin app = Javalin.create(c -> {
                    c.registerPlugin(new LatchkeyPlugin(auth));
                    c.routes.get("/open", ctx -> ctx.result("open"), LatchkeyPlugin.open());
                    c.routes.ws("/open/live", ws -> {}, LatchkeyPlugin.open());
                    c.routes.get("/closed", ctx -> ctx.result("closed"));
                })
                .start("127.0.0.1", 0);
        return App.of(URI.create("http://127.0.0.1:" + app.port()), app::stop);
    }
}
