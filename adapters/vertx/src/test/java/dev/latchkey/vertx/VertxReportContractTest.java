package dev.latchkey.vertx;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.ReportContract;

class VertxReportContractTest extends ReportContract {

    @Override
    protected App start(Latchkey auth) {
        Server server = Server.protect(auth, latchkey -> latchkey.open("/open"), (latchkey, router) -> {
            router.get("/open").handler(rc -> rc.end("open"));
            router.get("/closed").handler(rc -> rc.end("closed"));
        });
        return App.of(server.uri("http", ""), server::close);
    }
}
