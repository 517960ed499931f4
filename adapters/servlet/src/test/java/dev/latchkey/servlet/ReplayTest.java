package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testkit.AdapterContract.App;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The body that held a token is read again. */
class ReplayTest extends FilteredApplication {

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void bodyThatHeldTheTokenIsReadAgain(Container container) {
        App app = container.start(context -> {
            filter(context, LatchkeyFilter.of(auth).open("/inside/*").require("/json/*", json), "/*");
            servlet(context, "/json/reader", (request, response) -> {
                String first = request.getReader().readLine();
                response.getWriter().write(first + request.getReader().readLine());
            });
            servlet(context, "/json/bytes", (request, response) -> {
                ServletInputStream in = request.getInputStream();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(in.read());
                out.write(in.readNBytes(3));
                assertThat(in.isFinished()).isFalse();
                assertThat(in.available()).isPositive();
                in.transferTo(out);
                assertThat(in.isFinished()).isTrue();
                assertThat(in.read()).isEqualTo(-1);
                response.getOutputStream().write(out.toByteArray());
            });
            servlet(context, "/json/listener", (request, response) -> listen(request));
            servlet(context, "/json/later", (request, response) -> {
                if (request.getAttribute("again") == null) {
                    request.setAttribute("again", true);
                    request.startAsync().dispatch();
                } else {
                    response.getOutputStream().write(request.getInputStream().readAllBytes());
                }
            });
            servlet(
                    context,
                    "/json/forward",
                    (request, response) ->
                            request.getRequestDispatcher("/json/bytes").forward(request, response));
            servlet(context, "/inside/check", (request, response) -> {
                LatchkeyFilter.check(request, json);
                LatchkeyFilter.check(request, json);
                response.getOutputStream().write(request.getInputStream().readAllBytes());
            });
            servlet(context, "/inside/late", (request, response) -> {
                request.getReader().readLine();
                LatchkeyFilter.check(request, json);
            });
        });
        String type = "Content-Type: application/json";
        String body = "{\"access_token\":\"" + token + "\",\n\"more\":[1,2]}";
        try (app) {
            assertThat(post(app, "/json/reader", body, type)).isEqualTo("200 " + body.replace("\n", ""));
            for (String path :
                    List.of("/json/bytes", "/json/listener", "/json/later", "/json/forward", "/inside/check")) {
                assertThat(post(app, path, body, type)).as(path).isEqualTo("200 " + body);
            }
            assertThat(post(app, "/json/bytes", "{}", type)).startsWith("401 ").contains("token_missing");
            assertThat(post(app, "/json/bytes", "x".repeat(70_000), type)).startsWith("413 ");
            assertThat(post(app, "/inside/late", body, type)).startsWith("400 ").contains("request_malformed");
        }
    }

    private static void listen(HttpServletRequest request) throws IOException {
        AsyncContext asynchronous = request.startAsync();
        ServletInputStream in = request.getInputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        in.setReadListener(new ReadListener() {
            @Override
            public void onDataAvailable() throws IOException {
                while (in.isReady() && !in.isFinished()) {
                    int next = in.read();
                    if (next >= 0) {
                        out.write(next);
                    }
                }
            }

            @Override
            public void onAllDataRead() throws IOException {
                asynchronous.getResponse().getWriter().write(out.toString(StandardCharsets.UTF_8));
                asynchronous.complete();
            }

            @Override
            public void onError(Throwable failure) {
                asynchronous.complete();
            }
        });
    }
}
