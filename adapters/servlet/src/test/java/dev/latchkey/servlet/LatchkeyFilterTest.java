package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What servlets see behind the filter. */
class LatchkeyFilterTest extends FilteredApplication {

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void contextPathIsNoPartOfARule(Container container) {
        Latchkey served =
                Latchkey.builder().issuer("notes").key(JwtKey.generate()).build();
        App app = container.start(new Container.Setup(
                context -> {
                    filter(context, LatchkeyFilter.of(served).open("/health"), "/*");
                    servlet(
                            context,
                            "/health",
                            (request, response) -> response.getWriter().write("ok"));
                    servlet(
                            context,
                            "/me",
                            (request, response) -> response.getWriter().write("me"));
                },
                Map.of(),
                "/app"));
        try (app) {
            assertThat(get(app, "/app/health")).isEqualTo("200 ok");
            assertThat(get(app, "/app/me")).startsWith("401 ");
            assertThat(get(app, "/app/auth/refresh")).startsWith("405 ");
            assertThat(get(app, "/app/app/health")).startsWith("401 ");
            for (String odd :
                    List.of("/%61pp/health", "/app/./health", "/app;x/health", "/app//health", "/x/../app/health")) {
                assertThat(Raw.status(Raw.get(app, odd))).as(odd).isIn(400, 401, 404, 200);
            }
            for (String odd :
                    List.of("/%61pp/me", "/app/./me", "/app;x/me", "/app//me", "/x/../app/me", "/app/health/../me")) {
                assertThat(Raw.status(Raw.get(app, odd))).as(odd).isIn(400, 401, 404);
            }
        }
    }

    /** Spring reads the path as it was sent, and matches dots literally. */
    @ParameterizedTest
    @EnumSource
    void servletThatRoutesByTheRawPathIsNotMisled(Container container) {
        App app = container.start(context -> {
            filter(context, LatchkeyFilter.of(auth).open("/health", "/open/*"), "/*");
            servlet(context, "/", (request, response) -> response.getWriter().write("raw " + request.getRequestURI()));
        });
        try (app) {
            assertThat(get(app, "/health")).isEqualTo("200 raw /health");
            assertThat(get(app, "/open/a%20b")).isEqualTo("200 raw /open/a%20b");
            for (String odd : List.of(
                    "/notes/../health",
                    "/notes/%2e%2e/health",
                    "/notes/..;/health",
                    "/health;x=1",
                    "//health",
                    "/./health",
                    "/%68ealth",
                    "/notes/../open/x",
                    "/op%65n/x",
                    "/open;/x",
                    "/open/x;y",
                    "/open/%2e%2e%2fnotes",
                    "/open/x%2fy",
                    "/open/x%5cy",
                    "/open//x",
                    "/open/./x")) {
                assertThat(Raw.status(Raw.get(app, odd))).as(odd).isIn(400, 401);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void twoLatchkeysProtectTwoParts(Container container) {
        Latchkey partners = Latchkey.builder()
                .issuer("notes-partners")
                .key(JwtKey.generate())
                .endpoints("/partners/auth")
                .build();
        App app = container.start(context -> {
            filter(context, LatchkeyFilter.of(auth).open("/partners/*", "/health"), "/*");
            filter(context, LatchkeyFilter.of(partners), "/partners/*");
            for (String path : List.of("/me", "/partners/me")) {
                servlet(
                        context,
                        path,
                        (request, response) -> response.getWriter().write(request.getRemoteUser()));
            }
            servlet(context, "/partners/later", (request, response) -> {
                if (request.getAttribute("again") == null) {
                    request.setAttribute("again", true);
                    request.startAsync().dispatch();
                } else {
                    response.getWriter()
                            .write(LatchkeyFilter.check(request, Access.required())
                                    .orElseThrow()
                                    .subject());
                }
            });
            servlet(
                    context,
                    "/partners/forward",
                    (request, response) -> request.getRequestDispatcher("/me").forward(request, response));
            servlet(
                    context,
                    "/health",
                    (request, response) -> response.getWriter().write("healthy " + request.getRemoteUser()));
            servlet(
                    context,
                    "/partners/health",
                    (request, response) ->
                            request.getRequestDispatcher("/health").forward(request, response));
            servlet(context, "/partners/include", (request, response) -> {
                request.getRequestDispatcher("/partners/me").include(request, response);
                response.getWriter().write(" " + request.getRemoteUser());
            });
        });
        String partner = "Authorization: Bearer " + partners.accessToken("acme");
        try (app) {
            assertThat(get(app, "/partners/me", partner)).isEqualTo("200 acme");
            assertThat(get(app, "/partners/later", partner)).isEqualTo("200 acme");
            assertThat(get(app, "/partners/include", partner)).isEqualTo("200 acme acme");
            assertThat(get(app, "/partners/health", partner)).isEqualTo("200 healthy null");
            assertThat(get(app, "/partners/forward", partner)).startsWith("401 ");
            assertThat(get(app, "/partners/me", bearer)).startsWith("401 ");
            assertThat(get(app, "/partners/me")).startsWith("401 ");
            assertThat(get(app, "/me", partner)).startsWith("401 ");
            assertThat(get(app, "/me", bearer)).isEqualTo("200 alice");
            assertThat(get(app, "/partners/auth/refresh")).startsWith("405 ");
            assertThat(get(app, "/auth/refresh")).startsWith("405 ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void refusalsThatServletsLetThroughReplaceWhatTheyWrote(Container container) {
        App app = container.start(context -> {
            filter(context, LatchkeyFilter.of(auth).open("/open/*"), "/*");
            servlet(context, "/open/plain", (request, response) -> {
                partly(response);
                throw AuthException.of(AuthError.CLAIMS_REJECTED);
            });
            servlet(context, "/open/wrapped", (request, response) -> {
                partly(response);
                throw new ServletException("outer", new ServletException(AuthException.of(AuthError.CLAIMS_REJECTED)));
            });
            servlet(context, "/open/checked", (request, response) -> {
                partly(response);
                LatchkeyFilter.check(request, Access.fresh());
            });
            servlet(context, "/open/committed", (request, response) -> {
                response.getWriter().write("gone");
                response.flushBuffer();
                throw AuthException.of(AuthError.CLAIMS_REJECTED);
            });
            servlet(context, "/open/other", (request, response) -> {
                throw new ServletException("another failure");
            });
        });
        try (app) {
            for (String path : List.of("/open/plain", "/open/wrapped", "/open/checked")) {
                String reply = Raw.get(app, path, "Origin: " + Container.ORIGIN);
                assertThat(reply)
                        .as(path)
                        .startsWith("HTTP/1.1 401")
                        .contains("WWW-Authenticate: Bearer", "X-Kept: yes", "Access-Control-Allow-Origin")
                        .contains("Content-Type: application/json", "Cache-Control: no-store")
                        .doesNotContain("partly", "text/plain", "Content-Encoding", "max-age", "ETag");
            }
            assertThat(Raw.get(app, "/open/committed"))
                    .startsWith("HTTP/1.1 200")
                    .doesNotContain("claims_rejected");
            assertThat(get(app, "/open/other")).startsWith("500 ");
        }
    }

    private static void partly(HttpServletResponse response) throws IOException {
        response.setStatus(201);
        response.setContentType("text/plain;charset=UTF-16");
        response.setHeader("Content-Encoding", "br");
        response.setHeader("Cache-Control", "public, max-age=600");
        response.setHeader("ETag", "\"1\"");
        response.setHeader("X-Kept", "yes");
        response.getWriter().write("partly");
    }

    /** Attributes may come from outside, such as over AJP: that of an error page opens nothing. */
    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void attributeOfAnErrorOpensNothing(Container container) {
        App app = container.start(context -> {
            filter(
                    context,
                    (request, response, chain) -> {
                        request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, 404);
                        chain.doFilter(request, response);
                    },
                    "/*");
            filter(context, LatchkeyFilter.of(auth).open("/open"), "/*");
            servlet(context, "/me", (request, response) -> response.getWriter().write("me"));
            servlet(
                    context,
                    "/open",
                    (request, response) -> request.getRequestDispatcher("/me").forward(request, response));
        });
        try (app) {
            assertThat(get(app, "/me")).startsWith("401 ");
            assertThat(get(app, "/open")).startsWith("401 ");
            assertThat(get(app, "/me", bearer)).isEqualTo("200 me");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void mistakesOfAServletAreNamed(Container container) {
        List<String> said = new CopyOnWriteArrayList<>();
        App app = container.start(context -> {
            filter(context, LatchkeyFilter.of(auth).open("/guarded/open"), "/guarded/*");
            servlet(
                    context,
                    "/guarded/open",
                    (request, response) -> said.add(
                            catchThrowable(() -> LatchkeyFilter.token(request)).getMessage()));
            servlet(
                    context,
                    "/bare",
                    (request, response) ->
                            said.add(catchThrowable(() -> LatchkeyFilter.check(request, Access.required()))
                                    .getMessage()));
        });
        try (app) {
            assertThat(get(app, "/guarded/open", bearer)).isEqualTo("200 ");
            assertThat(get(app, "/bare", bearer)).isEqualTo("200 ");
        }
        assertThat(said)
                .containsExactly(
                        "there is no token: the route is open or optional; use findToken, or require one",
                        "no LatchkeyFilter stands before this servlet: map it to /*");
    }
}
