package dev.latchkey.javalin;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.PartsContract;
import io.javalin.Javalin;
import io.javalin.security.RouteRole;
import java.net.URI;

class JavalinPartsContractTest extends PartsContract {

    @Override
    protected App start(Latchkey whole, Latchkey partners) {
        Javalin app = Javalin.create(c -> {
                    c.router.contextPath = "/app";
                    c.registerPlugin(new LatchkeyPlugin(whole).part("/partners", partners));
                    for (Page page : Page.values()) {
                        c.routes.get(
                                page.path(),
                                ctx -> page.handle(new JavalinExchange(ctx)),
                                page.access()
                                        .map(a -> new RouteRole[] {LatchkeyPlugin.require(a)})
                                        .orElse(new RouteRole[0]));
                    }
                })
                .start("127.0.0.1", 0);
        return App.of(URI.create("http://127.0.0.1:" + app.port()), app::stop);
    }
}
