package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;

import dev.latchkey.Access;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.PartsContract;
import java.util.Map;

/** Two filters in an application with a context path: the first leaves a folder to the second. */
abstract class ServletPartsContract extends PartsContract {

    private final Container container;

    ServletPartsContract(Container container) {
        this.container = container;
    }

    @Override
    protected App start(Latchkey whole, Latchkey partners) {
        return container.start(new Container.Setup(
                context -> {
                    filter(context, LatchkeyFilter.of(whole).open("/partners/*", "/open"), "/*");
                    LatchkeyFilter part = LatchkeyFilter.of(partners);
                    for (Page page : Page.values()) {
                        if (page.path().startsWith("/partners/")) {
                            part = part.require(page.path(), page.access().orElse(Access.required()));
                        }
                    }
                    filter(context, part, "/partners/*");
                    for (Page page : Page.values()) {
                        servlet(
                                context,
                                page.path(),
                                (request, response) -> page.handle(new ServletExchange(request, response)));
                    }
                },
                Map.of(),
                "/app"));
    }
}
