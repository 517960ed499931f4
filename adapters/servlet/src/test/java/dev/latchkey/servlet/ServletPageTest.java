package dev.latchkey.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.VerifiedToken;
import dev.latchkey.testkit.AdapterContract.App;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.filters.CorsFilter;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.junit.jupiter.api.Test;

/** Runs what docs/servlet.md shows, and the ten lines of docs/adapters.md for servlets, over HTTP. */
class ServletPageTest {

    private record Person(String id, String name) {}

    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .identity(Person.class, Person::id)
            .userLoader(claims -> Optional.of(new Person(claims.subject(), "Alice")))
            .build();
    private final Person alice = new Person("alice", "Alice");
    private final String stale = "Authorization: Bearer " + auth.accessToken(alice);
    private final String fresh = "Authorization: Bearer " + auth.issue(alice).accessToken();
    private final String admin =
            "Authorization: Bearer " + auth.accessToken(alice, Grant.create().claim("roles", List.of("admin")));

    // region servlet user
    static final class Profile extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Person person = LatchkeyFilter.user(request, Person.class);
            VerifiedToken token = LatchkeyFilter.token(request);
            response.getWriter().write(person.name() + ", until " + token.expiresAt());
        }
    }
    // endregion

    // region servlet check
    static final class Orders extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (Integer.parseInt(request.getParameter("sum")) > 1000) {
                LatchkeyFilter.check(request, Access.fresh()); // throws AuthException, which becomes the response
            }
            response.getWriter().write("ordered");
        }
    }
    // endregion

    private static final class Text extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().write("text for " + request.getRemoteUser());
        }
    }

    private void servlets(ServletContext context) {
        context.addServlet("profile", new Profile()).addMapping("/profile");
        context.addServlet("orders", new Orders()).addMapping("/orders");
        context.addServlet("text", new Text()).addMapping("/health", "/admin/*", "/password", "/hello", "/partners/*");
    }

    // region adapters servlet
    void register(ServletContext context) {
        LatchkeyFilter filter = LatchkeyFilter.of(auth)
                .open("/health", "/assets/*")
                .require("/admin/*", Access.role("admin"))
                .require("/password", Access.fresh()); // everything else: a valid access token
        FilterRegistration.Dynamic registration = context.addFilter("latchkey", filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
    }
    // endregion

    @Test
    void filterProtectsWhatStandsBehindIt() {
        App app = Container.TOMCAT.start(context -> {
            register(context);
            servlets(context);
        });
        try (app) {
            assertRules(app);
            assertThat(get(app, "/profile", stale)).startsWith("200 Alice, until 2");
            String form = "Content-Type: application/x-www-form-urlencoded";
            assertThat(Raw.brief(Raw.post(app, "/orders", "sum=10", form, stale)))
                    .isEqualTo("200 ordered");
            assertThat(Raw.brief(Raw.post(app, "/orders", "sum=5000", form, stale)))
                    .contains("fresh_token_required");
            assertThat(Raw.brief(Raw.post(app, "/orders", "sum=5000", form, fresh)))
                    .isEqualTo("200 ordered");
        }
    }

    private void assertRules(App app) {
        assertThat(get(app, "/health")).isEqualTo("200 text for null");
        assertThat(get(app, "/profile")).startsWith("401 ");
        assertThat(get(app, "/hello", stale)).isEqualTo("200 text for alice");
        assertThat(get(app, "/password", stale)).contains("fresh_token_required");
        assertThat(get(app, "/password", fresh)).isEqualTo("200 text for alice");
        assertThat(get(app, "/admin/x", stale)).startsWith("403 ");
        assertThat(get(app, "/admin/x", admin)).isEqualTo("200 text for alice");
        assertThat(get(app, "/auth/refresh")).startsWith("405 ");
    }

    @Test
    void startsOnJetty() throws Exception {
        // region servlet jetty
        Server server = new Server(0);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new Profile()), "/profile");
        FilterHolder holder = new FilterHolder(LatchkeyFilter.of(auth).open("/health"));
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", EnumSet.allOf(DispatcherType.class));
        CrossOriginHandler cors = new CrossOriginHandler(); // in front, so that refusals bear its headers
        cors.setAllowedOriginPatterns(Set.of("https://notes\\.example"));
        cors.setHandler(context);
        server.setHandler(cors);
        server.start();
        // endregion
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        try (App app = App.of(URI.create("http://127.0.0.1:" + port), () -> {})) {
            assertThat(get(app, "/profile", stale)).startsWith("200 Alice");
            assertThat(Raw.get(app, "/profile", "Origin: https://notes.example"))
                    .startsWith("HTTP/1.1 401")
                    .contains("Access-Control-Allow-Origin: https://notes.example");
        } finally {
            server.stop();
        }
    }

    @Test
    void startsOnTomcat() throws LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Path.of("target", "container").toAbsolutePath().toString());
        tomcat.setPort(0);
        // region servlet tomcat
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(
                (classes, servlets) -> {
                    FilterRegistration.Dynamic cors = servlets.addFilter("cors", new CorsFilter());
                    cors.setInitParameter("cors.allowed.origins", "https://notes.example");
                    cors.setInitParameter("cors.allowed.headers", "Authorization,Content-Type");
                    cors.addMappingForUrlPatterns(null, true, "/*"); // in front, so that refusals bear its headers
                    register(servlets);
                    servlets.addServlet("profile", new Profile()).addMapping("/profile");
                },
                null);
        // endregion
        tomcat.start();
        int port = tomcat.getConnector().getLocalPort();
        try (App app = App.of(URI.create("http://127.0.0.1:" + port), () -> {})) {
            assertThat(get(app, "/profile", stale)).startsWith("200 Alice");
            assertThat(Raw.get(app, "/profile", "Origin: https://notes.example"))
                    .startsWith("HTTP/1.1 401")
                    .contains("Access-Control-Allow-Origin: https://notes.example");
            String preflight = Raw.send(
                    app,
                    "OPTIONS",
                    "/profile",
                    "",
                    "Origin: https://notes.example",
                    "Access-Control-Request-Method: GET",
                    "Access-Control-Request-Headers: authorization");
            assertThat(preflight).startsWith("HTTP/1.1 200").contains("Access-Control-Allow-Headers");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @Test
    void twoInstancesProtectTwoParts() {
        Latchkey partners = Latchkey.builder()
                .issuer("notes-partners")
                .key(JwtKey.generate())
                .endpoints("/partners/auth")
                .build();
        App app = Container.JETTY.start(context -> {
            EnumSet<DispatcherType> all = EnumSet.allOf(DispatcherType.class);
            // region servlet two
            context.addFilter("users", LatchkeyFilter.of(auth).open("/partners/*"))
                    .addMappingForUrlPatterns(all, true, "/*");
            context.addFilter("partners", LatchkeyFilter.of(partners))
                    .addMappingForUrlPatterns(all, true, "/partners/*");
            // endregion
            servlets(context);
        });
        String partner = "Authorization: Bearer " + partners.accessToken("acme");
        try (app) {
            assertThat(get(app, "/partners/x", partner)).isEqualTo("200 text for acme");
            assertThat(get(app, "/partners/x", stale)).startsWith("401 ");
            assertThat(get(app, "/hello", partner)).startsWith("401 ");
            assertThat(get(app, "/hello", stale)).isEqualTo("200 text for alice");
        }
    }

    private static String get(App app, String target, String... headers) {
        return Raw.brief(Raw.get(app, target, headers));
    }
}
