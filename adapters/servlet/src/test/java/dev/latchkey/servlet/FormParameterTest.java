package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.TokenLocation;
import dev.latchkey.testkit.AdapterContract.App;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a servlet finds of a form that the core has read. */
class FormParameterTest extends FilteredApplication {

    private static final Access FORM = Access.required().withLocations(TokenLocation.HEADER, TokenLocation.FORM);
    private static final String TYPE = "Content-Type: application/x-www-form-urlencoded";

    private App start(Container container) {
        LatchkeyFilter filter = LatchkeyFilter.of(auth).require("/form/*", FORM).open("/open/*");
        return container.start(context -> {
            filter(context, filter, "/*");
            servlets(context);
        });
    }

    private static void servlets(ServletContext context) {
        servlet(
                context,
                "/form/all",
                (request, response) ->
                        response.getOutputStream().write(all(request).getBytes(ISO_8859_1)));
        servlet(
                context,
                "/form/forward",
                (request, response) ->
                        request.getRequestDispatcher("/form/all?note=forwarded").forward(request, response));
        servlet(context, "/form/later", (request, response) -> {
            if (request.getAttribute("again") == null) {
                request.setAttribute("again", true);
                request.startAsync().dispatch();
            } else {
                response.getOutputStream().write(all(request).getBytes(ISO_8859_1));
            }
        });
        servlet(context, "/open/inside", (request, response) -> {
            LatchkeyFilter.check(request, FORM.withLocations(TokenLocation.FORM));
            response.getOutputStream().write(all(request).getBytes(ISO_8859_1));
        });
    }

    /** Every way to ask, which must agree; tokens left out. */
    private static String all(HttpServletRequest request) {
        TreeMap<String, List<String>> all = new TreeMap<>();
        for (String name : Collections.list(request.getParameterNames())) {
            all.put(name, Arrays.asList(request.getParameterValues(name)));
            assertThat(request.getParameterMap().get(name)).isEqualTo(request.getParameterValues(name));
            assertThat(request.getParameter(name)).isEqualTo(request.getParameterValues(name)[0]);
        }
        assertThat(new TreeSet<>(request.getParameterMap().keySet())).isEqualTo(all.navigableKeySet());
        assertThat(request.getParameter("none")).isNull();
        assertThat(request.getParameterValues("none")).isNull();
        all.remove("access_token");
        return all.toString().replaceAll("x{100,}", "many x");
    }

    private String post(App app, String target, String body, String... headers) {
        return Raw.brief(Raw.post(app, target, body, headers));
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void findsParametersOfQueryAndForm(Container container) {
        try (App app = start(container)) {
            String form = "note=%C3%A9+%2B&access_token=" + token + "&note=2&empty=&bare";
            assertThat(post(app, "/form/all?note=q&page=1", form, TYPE))
                    .isEqualTo("200 {bare=[], empty=[], note=[q, é +, 2], page=[1]}");
            assertThat(post(app, "/open/inside?page=1", form, TYPE))
                    .isEqualTo("200 {bare=[], empty=[], note=[é +, 2], page=[1]}");
            assertThat(post(app, "/form/later", form, TYPE)).isEqualTo("200 {bare=[], empty=[], note=[é +, 2]}");
            assertThat(post(app, "/form/forward", form, TYPE))
                    .isEqualTo("200 {bare=[], empty=[], note=[forwarded, é +, 2]}");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void decodesAsTheRequestSays(Container container) {
        try (App app = start(container)) {
            String form = "access_token=" + token + "&note=";
            assertThat(post(app, "/form/all", form + "%E9", TYPE + ";charset=ISO-8859-1"))
                    .isEqualTo("200 {note=[é]}");
            assertThat(post(app, "/form/all", form + "%C3%A9&bad=%zz", TYPE + "; charset=utf-8"))
                    .isEqualTo("200 {note=[é]}");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void readsAFormUpToTwoMegabytes(Container container) {
        try (App app = start(container)) {
            String large = "n=" + "x".repeat(2_000_000) + "&note=1";
            assertThat(post(app, "/form/all", large.substring(1_850_000).replaceFirst("..", "n="), TYPE, bearer))
                    .isEqualTo("200 {n=[many x], note=[1]}");
            assertThat(post(app, "/form/all", large, TYPE, bearer)) // Jetty has a limit of its own
                    .matches(container == Container.JETTY ? "(?s)4.*" : "200 \\{n=\\[many x], note=\\[1]}");
            assertThat(post(app, "/form/all", large + "x".repeat(100_000), TYPE, bearer))
                    .startsWith("413 ")
                    .contains("body_too_large");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JETTY", "TOMCAT"})
    void leavesOtherBodiesAlone(Container container) {
        try (App app = start(container)) {
            assertThat(post(app, "/form/all?page=1", "note=1", "Content-Type: application/json", bearer))
                    .isEqualTo("200 {page=[1]}");
        }
    }
}
