package dev.latchkey.servlet;

import dev.latchkey.testkit.AdapterContract.App;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.filters.CorsFilter;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.eclipse.jetty.ee11.servlet.DefaultServlet;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The containers under test, as they come and with every safeguard about paths turned off; started the same way. */
enum Container {
    JETTY,
    JETTY_LENIENT,
    TOMCAT,
    TOMCAT_LENIENT;

    /** The origin that the container's own CORS support lets in. */
    static final String ORIGIN = "https://app.example";

    interface Service {
        void serve(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    /** An application: what it registers, and its error pages by status. */
    record Setup(Consumer<ServletContext> register, Map<Integer, String> errorPages, String contextPath) {
        static Setup of(Consumer<ServletContext> register) {
            return new Setup(register, Map.of(), "");
        }
    }

    App start(Consumer<ServletContext> register) {
        return start(Setup.of(register));
    }

    App start(Setup setup) {
        try {
            return name().startsWith("JETTY") ? jetty(setup) : tomcat(setup);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static void filter(ServletContext context, Filter filter, String... patterns) {
        FilterRegistration.Dynamic registration = context.addFilter(filter.getClass() + patterns[0], filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, patterns);
    }

    static void servlet(ServletContext context, String pattern, Service service) {
        ServletRegistration.Dynamic registration = context.addServlet("servlet " + pattern, new HttpServlet() {
            private static final long serialVersionUID = 1;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                try {
                    service.serve(request, response);
                } catch (IOException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw Container.<RuntimeException>sneaky(e);
                }
            }
        });
        registration.setAsyncSupported(true);
        registration.addMapping(pattern);
    }

    private static Path folder() throws IOException {
        return Files.createDirectories(Path.of("target", "container").toAbsolutePath());
    }

    /** The container's own servlet for files, where the application has none at {@code /}. */
    private static void files(ServletContext context, Servlet servlet) {
        if (context.getServletRegistration("servlet /") != null) {
            return;
        }
        ServletRegistration.Dynamic files = context.addServlet("default", servlet);
        files.setAsyncSupported(true);
        files.addMapping("/");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E sneaky(Exception e) throws E {
        throw (E) e;
    }

    private App jetty(Setup setup) throws Exception {
        Server server = new Server(new QueuedThreadPool(24, 4));
        HttpConfiguration http = new HttpConfiguration();
        ServletContextHandler context = new ServletContextHandler();
        context.getServletHandler().setEnsureDefaultServlet(false); // else nothing can be mapped to /
        if (this == JETTY_LENIENT) {
            http.setUriCompliance(UriCompliance.UNSAFE);
            context.getServletHandler().setDecodeAmbiguousURIs(true);
        }
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        context.setContextPath(setup.contextPath().isEmpty() ? "/" : setup.contextPath());
        context.setBaseResourceAsPath(folder());
        context.addServletContainerInitializer((classes, servlets) -> {
            setup.register().accept(servlets);
            files(servlets, new DefaultServlet());
        });
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        setup.errorPages().forEach(errors::addErrorPage);
        context.setErrorHandler(errors);
        CrossOriginHandler cors = new CrossOriginHandler();
        cors.setAllowedOriginPatterns(Set.of("https://app\\.example"));
        cors.setHandler(context);
        server.setHandler(cors);
        server.start();
        return App.of(URI.create("http://127.0.0.1:" + connector.getLocalPort()), () -> {
            try {
                server.stop();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private App tomcat(Setup setup) throws Exception {
        Tomcat tomcat = new Tomcat();
        String base = folder().toString();
        tomcat.setBaseDir(base);
        tomcat.setPort(0);
        Connector connector = tomcat.getConnector();
        connector.setProperty("address", "127.0.0.1");
        AbstractProtocol<?> protocol = (AbstractProtocol<?>) connector.getProtocolHandler();
        protocol.setMaxThreads(24);
        protocol.setMinSpareThreads(4);
        Context context = tomcat.addContext(setup.contextPath(), base);
        if (this == TOMCAT_LENIENT) {
            connector.setProperty("allowBackslash", "true");
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.DECODE.getValue());
            connector.setProperty("relaxedPathChars", "\\|{}[]^`\"<>");
        }
        context.addServletContainerInitializer(
                (classes, servlets) -> {
                    FilterRegistration.Dynamic cors = servlets.addFilter("cors", new CorsFilter());
                    cors.setInitParameter("cors.allowed.origins", ORIGIN);
                    cors.setAsyncSupported(true);
                    cors.addMappingForUrlPatterns(null, true, "/*");
                    setup.register().accept(servlets);
                    files(servlets, new org.apache.catalina.servlets.DefaultServlet());
                },
                Set.of());
        setup.errorPages().forEach((status, page) -> {
            ErrorPage error = new ErrorPage();
            error.setErrorCode(status);
            error.setLocation(page);
            context.addErrorPage(error);
        });
        tomcat.start();
        return App.of(URI.create("http://127.0.0.1:" + connector.getLocalPort()), () -> {
            try {
                tomcat.stop();
                tomcat.destroy();
            } catch (LifecycleException e) {
                throw new AssertionError(e);
            }
        });
    }
}
