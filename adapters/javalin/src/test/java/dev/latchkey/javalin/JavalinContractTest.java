package dev.latchkey.javalin;

import static dev.latchkey.javalin.LatchkeyPlugin.require;

import dev.latchkey.Access;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract;
import dev.latchkey.testkit.Route;
import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import io.javalin.security.RouteRole;
import java.net.URI;

// region contract
class JavalinContractTest extends AdapterContract {

    @Override
    protected App start(Latchkey auth) {
        Javalin app = Javalin.create(c -> {
                    c.bundledPlugins.enableCors(cors -> cors.addRule(rule -> rule.allowHost(ORIGIN)));
                    c.routes.before(ctx -> ctx.cookie("seen", "yes"));
                    c.registerPlugin(new LatchkeyPlugin(auth).group("/group", Access.fresh()));
                    for (Route route : Route.values()) {
                        c.routes.addHttpHandler(
                                HandlerType.findOrCreate(route.method()),
                                route.path(),
                                ctx -> route.handle(new JavalinExchange(ctx)),
                                route.access()
                                        .map(a -> new RouteRole[] {require(a)})
                                        .orElse(new RouteRole[0]));
                    }
                })
                .start("127.0.0.1", 0);
        return App.of(URI.create("http://127.0.0.1:" + app.port()), app::stop);
    }
}
// endregion
