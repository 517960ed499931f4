package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.ReportContract;

class ServletReportContractTest extends ReportContract {

    @Override
    protected App start(Latchkey auth) {
        return Container.JETTY.start(context -> {
            filter(context, LatchkeyFilter.of(auth).open("/open"), "/*");
            servlet(
                    context,
                    "/open",
                    (request, response) -> response.getWriter().write("open"));
            servlet(
                    context,
                    "/closed",
                    (request, response) -> response.getWriter().write("closed"));
        });
    }
}
