package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;
import static dev.latchkey.servlet.LatchkeyFilter.token;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.EventStreamContract;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** An asynchronous servlet that is completed when its token has ended. */
abstract class ServletEventStreamContract extends EventStreamContract {

    private final Container container;

    ServletEventStreamContract(Container container) {
        this.container = container;
    }

    @Override
    protected App start(Latchkey auth) {
        return container.start(context -> {
            filter(context, LatchkeyFilter.of(auth), "/*");
            servlet(context, "/events", (request, response) -> stream(auth, request, response));
        });
    }

    private static void stream(Latchkey auth, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        AsyncContext stream = request.startAsync();
        stream.setTimeout(0);
        response.setContentType("text/event-stream");
        response.getWriter().write("data: welcome, " + token(request).subject() + "\n\n");
        response.flushBuffer();
        var unused = auth.ended(token(request)).thenRun(stream::complete);
    }
}
