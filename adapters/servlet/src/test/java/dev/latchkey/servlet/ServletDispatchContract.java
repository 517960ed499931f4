package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Latchkey;
import dev.latchkey.TokenLocation;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.DispatchContract;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The application of the dispatch contract, the same in every container. */
abstract class ServletDispatchContract extends DispatchContract {

    private static final Access JSON = Access.required().withLocations(TokenLocation.HEADER, TokenLocation.JSON);

    private final Container container;

    ServletDispatchContract(Container container) {
        this.container = container;
    }

    @Override
    protected App start(Latchkey auth) {
        LatchkeyFilter filter = LatchkeyFilter.of(auth)
                .open("/open/*")
                .require("/admin/*", Access.role("admin"))
                .require("/optional", Access.optional())
                .require("/json/*", JSON);
        Map<Integer, String> errorPages = Map.of(404, "/error/page", 410, "/error/forward", 500, "/error/page");
        return container.start(new Container.Setup(
                context -> {
                    filter(context, filter, "/*");
                    pages(context);
                    bodies(context);
                    servlet(context, "/from/*", ServletDispatchContract::handOn);
                    servlet(context, "/open/from/*", ServletDispatchContract::handOn);
                    servlet(context, "/open/late/*", ServletDispatchContract::refuseLate);
                },
                errorPages,
                ""));
    }

    private static void pages(ServletContext context) {
        for (String path : List.of("/page", "/admin/page", "/open/page", "/optional", "/WEB-INF/view", "/error/view")) {
            servlet(
                    context,
                    path,
                    (request, response) -> response.getWriter().write(path + " " + request.getRemoteUser()));
        }
        for (String path : List.of("/me", "/open/me")) {
            servlet(context, path, (request, response) -> response.getWriter().write(user(request)));
        }
        servlet(
                context,
                "/error/page",
                (request, response) -> response.getWriter().write("sorry, " + request.getRemoteUser()));
        servlet(
                context,
                "/error/forward",
                (request, response) ->
                        request.getRequestDispatcher("/error/view").forward(request, response));
        servlet(context, "*.do", (request, response) -> response.getWriter().write("do"));
    }

    private static String user(HttpServletRequest request) {
        String principal = request.getUserPrincipal() == null
                ? null
                : request.getUserPrincipal().getName();
        return String.join(
                ",",
                request.getRemoteUser(),
                principal,
                request.getAuthType(),
                "" + request.isUserInRole("reader"),
                "" + request.isUserInRole("admin"));
    }

    private static void handOn(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String to = request.getParameter("to");
        switch (request.getPathInfo()) {
            case "/forward" -> request.getRequestDispatcher(to).forward(request, response);
            case "/include" -> {
                response.getWriter().write("before;");
                request.getRequestDispatcher(to).include(request, response);
                response.getWriter().write(";after " + request.getRemoteUser());
            }
            case "/async" -> request.startAsync().dispatch(to);
            case "/lost" -> response.sendError(404);
            case "/gone" -> response.sendError(410);
            default -> throw new IllegalStateException("on purpose");
        }
    }

    private static void refuseLate(HttpServletRequest request, HttpServletResponse response) throws Exception {
        response.setStatus(201);
        response.setContentType("text/plain;charset=UTF-16");
        response.setHeader("Content-Encoding", "br");
        response.setHeader("Cache-Control", "public, max-age=600");
        response.setHeader("ETag", "\"1\"");
        response.setHeader("X-Kept", "yes");
        response.getWriter().write("partly");
        AuthException refusal = AuthException.of(AuthError.CLAIMS_REJECTED);
        switch (request.getPathInfo()) {
            case "/plain" -> throw refusal;
            case "/wrapped" -> throw new ServletException("outer", new ServletException(refusal));
            case "/async" -> request.startAsync().setTimeout(60_000);
            default -> {}
        }
        LatchkeyFilter.check(request, Access.fresh());
    }

    private static void bodies(ServletContext context) {
        servlet(
                context,
                "/json/bytes",
                (request, response) -> response.getOutputStream().write(bytes(request.getInputStream())));
        servlet(context, "/json/reader", (request, response) -> {
            String first = request.getReader().readLine(); // and the same reader again
            response.setCharacterEncoding("UTF-8");
            response.getWriter().write(first + request.getReader().lines().collect(Collectors.joining()));
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
        servlet(context, "/open/json", (request, response) -> {
            LatchkeyFilter.check(request, JSON);
            LatchkeyFilter.check(request, JSON.withLocations(TokenLocation.JSON));
            response.getOutputStream().write(request.getInputStream().readAllBytes());
        });
    }

    /** In all the ways to read a stream. */
    private static byte[] bytes(ServletInputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(in.read());
        out.write(in.readNBytes(3));
        if (in.isFinished() || in.available() == 0) {
            throw new IOException("the rest is gone");
        }
        in.transferTo(out);
        if (!in.isFinished() || in.read() != -1) {
            throw new IOException("there is more");
        }
        return out.toByteArray();
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
                asynchronous.getResponse().getOutputStream().write(out.toByteArray());
                asynchronous.complete();
            }

            @Override
            public void onError(Throwable failure) {
                asynchronous.complete();
            }
        });
    }
}
