package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a check when a container hands a request on. */
class DispatchTest {

    private final CountDownLatch completed = new CountDownLatch(1);
    private final AtomicInteger loaded = new AtomicInteger();
    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .userLoader(claims -> {
                loaded.incrementAndGet();
                return Optional.of("user " + claims.subject());
            })
            .build();
    private final String user = "Authorization: Bearer " + auth.accessToken("alice");
    private final String admin =
            "Authorization: Bearer " + auth.accessToken("alice", Grant.create().claim("roles", List.of("admin")));
    private final LatchkeyFilter filter = LatchkeyFilter.of(auth)
            .open("/open/*")
            .require("/admin/*", Access.role("admin"))
            .require("/optional", Access.optional());

    @BeforeEach
    void countAnew() {
        loaded.set(0);
    }

    private App start(Container container) {
        return container.start(new Container.Setup(
                context -> {
                    filter(context, filter, "/*");
                    pages(context);
                    asynchronous(context);
                },
                Map.of(404, "/error/page", 500, "/error/page"),
                ""));
    }

    private void pages(ServletContext context) {
        for (String path : List.of("/page", "/admin/page", "/open/page", "/WEB-INF/view", "/optional", "/error/view")) {
            servlet(
                    context,
                    path,
                    (request, response) -> response.getWriter().write(path + " " + request.getRemoteUser() + ";"));
        }
        for (String from : List.of("/from/", "/open/from/")) {
            servlet(context, from + "*", (request, response) -> {
                String to = request.getParameter("to");
                if (request.getPathInfo().equals("/forward")) {
                    request.getRequestDispatcher(to).forward(request, response);
                } else if (request.getPathInfo().equals("/named")) {
                    request.getServletContext()
                            .getNamedDispatcher("servlet " + to)
                            .forward(request, response);
                } else if (request.getPathInfo().equals("/include")) {
                    response.getWriter().write("before;");
                    request.getRequestDispatcher(to).include(request, response);
                    response.getWriter().write("after " + request.getRemoteUser());
                } else if (request.getPathInfo().equals("/fail")) {
                    throw new IllegalStateException("on purpose");
                } else {
                    response.sendError(404);
                }
            });
        }
        servlet(context, "/error/page", (request, response) -> {
            if (request.getQueryString() != null && request.getQueryString().equals("view")) {
                request.getRequestDispatcher("/error/view").forward(request, response);
            }
            response.getWriter().write("sorry, " + request.getRemoteUser());
        });
    }

    private void asynchronous(ServletContext context) {
        for (String path : List.of("/async", "/open/async")) {
            servlet(context, path, (request, response) -> {
                if (request.getAttribute("again") != null) {
                    response.getWriter().write("again " + request.getRemoteUser());
                    return;
                }
                request.setAttribute("again", true);
                AsyncContext asynchronous = request.startAsync();
                String to = request.getParameter("to");
                asynchronous.start(() -> {
                    if (to == null) {
                        asynchronous.dispatch();
                    } else {
                        asynchronous.dispatch(to);
                    }
                });
            });
        }
        servlet(context, "/open/async-write", (request, response) -> {
            AsyncContext asynchronous = request.startAsync(request, response);
            asynchronous.start(() -> {
                try {
                    asynchronous.getResponse().getWriter().write("later");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                asynchronous.complete();
            });
        });
        servlet(context, "/open/async-refused", (request, response) -> {
            AsyncContext asynchronous = request.startAsync();
            asynchronous.setTimeout(60_000);
            asynchronous.addListener(new AsyncListener() {
                @Override
                public void onComplete(AsyncEvent event) {
                    completed.countDown();
                }

                @Override
                public void onTimeout(AsyncEvent event) {}

                @Override
                public void onError(AsyncEvent event) {}

                @Override
                public void onStartAsync(AsyncEvent event) {}
            });
            LatchkeyFilter.check(request, Access.required());
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void forwardIsCheckedForWhatItsTargetDemandsMore(Container container) {
        try (App app = start(container)) {
            assertThat(get(app, "/from/forward?to=/page", user)).isEqualTo("200 /page alice;");
            assertThat(loaded).hasValue(1);
            assertThat(get(app, "/from/forward?to=/open/page", user)).isEqualTo("200 /open/page alice;");
            assertThat(get(app, "/from/forward?to=/admin/page", user))
                    .startsWith("403 ")
                    .contains("role_missing");
            assertThat(get(app, "/from/forward?to=/admin/page", admin)).isEqualTo("200 /admin/page alice;");
            assertThat(get(app, "/from/forward?to=/from/forward%3Fto=/admin/page", user))
                    .startsWith("403 ");
            assertThat(get(app, "/open/from/forward?to=/open/page")).isEqualTo("200 /open/page null;");
            assertThat(get(app, "/open/from/forward?to=/WEB-INF/view")).isEqualTo("200 /WEB-INF/view null;");
            assertThat(get(app, "/WEB-INF/view")).startsWith(container == Container.JETTY ? "401 " : "404 ");
            assertThat(get(app, "/open/from/forward?to=/WEB-INF/../page")).startsWith("401 ");
            assertThat(get(app, "/open/from/forward?to=/page"))
                    .startsWith("401 ")
                    .contains("token_missing");
            assertThat(get(app, "/open/from/forward?to=/page", user)).isEqualTo("200 /page alice;");
            assertThat(get(app, "/open/from/forward?to=/admin/page", user)).startsWith("403 ");
            assertThat(get(app, "/open/from/forward?to=/optional")).isEqualTo("200 /optional null;");
            assertThat(get(app, "/open/from/forward?to=/optional", user)).isEqualTo("200 /optional alice;");
            assertThat(get(app, "/open/from/forward?to=/optional", user + "x")).startsWith("401 ");
            assertThat(get(app, "/from/named?to=/admin/page", user)).isEqualTo("200 /admin/page alice;");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void includeIsCheckedForWhatItsTargetDemandsMore(Container container) {
        try (App app = start(container)) {
            loaded.set(0);
            assertThat(get(app, "/from/include?to=/page", user)).isEqualTo("200 before;/page alice;after alice");
            assertThat(loaded).hasValue(1);
            assertThat(get(app, "/from/include?to=/admin/page", admin))
                    .isEqualTo("200 before;/admin/page alice;after alice");
            assertThat(get(app, "/from/include?to=/admin/page", user))
                    .isEqualTo("403 {\"msg\":\"Missing role\",\"code\":\"role_missing\"}");
            assertThat(get(app, "/open/from/include?to=/page"))
                    .startsWith("401 ")
                    .doesNotContain("before");
            assertThat(get(app, "/open/from/include?to=/open/page")).isEqualTo("200 before;/open/page null;after null");
            assertThat(get(app, "/open/from/include?to=/page", user)).isEqualTo("200 before;/page alice;after alice");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void errorPageShowsTheError(Container container) {
        try (App app = start(container)) {
            assertThat(get(app, "/open/from/lost")).isEqualTo("404 sorry, null");
            assertThat(get(app, "/from/lost", user)).isEqualTo("404 sorry, alice");
            assertThat(get(app, "/nowhere", user)).isEqualTo("404 sorry, alice");
            assertThat(loaded).hasValue(2);
            assertThat(get(app, "/nowhere")).startsWith("401 ").contains("token_missing");
            assertThat(get(app, "/open/from/fail")).isEqualTo("500 sorry, null");
            assertThat(get(app, "/from/fail", user)).isEqualTo("500 sorry, alice");
            assertThat(get(app, "/error/page")).startsWith("401 ");
        }
        App app = container.start(new Container.Setup(
                context -> {
                    filter(context, filter, "/*");
                    pages(context);
                },
                Map.of(404, "/error/page?view"),
                ""));
        try (app) {
            assertThat(get(app, "/open/from/lost")).startsWith("404 /error/view null;");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void asynchronousDispatchGoesOnWithTheSameUser(Container container) throws InterruptedException {
        try (App app = start(container)) {
            assertThat(get(app, "/async", user)).isEqualTo("200 again alice");
            assertThat(loaded).hasValue(1);
            assertThat(get(app, "/async")).startsWith("401 ");
            assertThat(get(app, "/open/async")).isEqualTo("200 again null");
            assertThat(get(app, "/async?to=/page", user)).isEqualTo("200 /page alice;");
            assertThat(get(app, "/async?to=/admin/page", user))
                    .startsWith("403 ")
                    .contains("role_missing");
            assertThat(get(app, "/async?to=/admin/page", admin)).isEqualTo("200 /admin/page alice;");
            assertThat(get(app, "/open/async?to=/page")).startsWith("401 ").contains("token_missing");
            assertThat(get(app, "/open/async-write")).isEqualTo("200 later");
            assertThat(get(app, "/open/async-refused")).startsWith("401 ").contains("token_missing");
            assertThat(completed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String get(App app, String target, String... headers) {
        return Raw.brief(Raw.get(app, target, headers));
    }
}
