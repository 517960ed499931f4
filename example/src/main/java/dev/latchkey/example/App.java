package dev.latchkey.example;

import static dev.latchkey.javalin.LatchkeyPlugin.open;

import dev.latchkey.Cookies;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Login;
import dev.latchkey.javalin.LatchkeyPlugin;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.staticfiles.Location;
import io.javalin.json.JavalinJackson;
import io.javalin.util.JavalinBindException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small notes application: people log in, keep notes, and see at the start page how their session works.
 * Browsers carry their tokens as cookies, other clients in the header.
 *
 * <pre>
 * ./mvnw -ntp -q -pl example -am compile exec:exec
 * </pre>
 *
 * <p>{@link ExampleSettings} lists the variables of the environment.
 */
public final class App implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(App.class);

    private static final Map<String, String> PAGE_HEADERS = Map.of(
            "Cache-Control",
            "no-cache",
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    /** In the form of Latchkey's own. */
    private record Refusal(String msg, String code) {}

    private final ExampleSettings settings;
    private final Database database;
    private final SessionStore sessions;
    private final Latchkey auth;
    private final Javalin server;

    private App(ExampleSettings settings, Database database, SessionStore sessions) {
        this.settings = settings;
        this.database = database;
        this.sessions = sessions;
        People people = new People(database);
        Passwords passwords = new Passwords();
        FirstPeople.welcome(people, passwords, settings);
        this.auth = auth(settings, sessions, people, passwords);
        Notes notes = new Notes(database);
        Ticker ticker = new Ticker(auth, notes);
        NotesApi api = new NotesApi(auth, people, passwords, notes, ticker);
        this.server = Javalin.create(config -> {
            configure(config);
            config.registerPlugin(new LatchkeyPlugin(auth));
            api.addTo(config.routes);
            ticker.addTo(config.routes);
        });
    }

    /** Starts from the environment; a reason not to start is told in one paragraph, with exit code 1. */
    public static void main(String[] args) {
        try {
            App app = start(ExampleSettings.from(System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(app::close, "stop"));
            if (Boolean.getBoolean("example.stopWithParent")) {
                ProcessHandle.current().parent().ifPresent(App::stopWith);
            }
        } catch (StartException e) {
            System.err.println("The example cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Else a Maven that is killed would leave the application behind, with port and database. */
    private static void stopWith(ProcessHandle maven) {
        CompletableFuture<Void> unused = maven.onExit().thenRun(() -> System.exit(0));
    }

    /** Throws {@link StartException} for a reason that the operator can mend. */
    static App start(ExampleSettings settings) {
        App app = DataFolder.alone(settings.home(), () -> prepare(settings));
        try {
            app.listen();
            return app;
        } catch (RuntimeException e) {
            app.release();
            throw e;
        }
    }

    private static App prepare(ExampleSettings settings) {
        Database database = Database.open(settings.home(), settings.store().isShared());
        try {
            SessionStore sessions = SessionStore.open(settings.store());
            try {
                return new App(settings, database, sessions);
            } catch (RuntimeException e) {
                sessions.tokens().close();
                sessions.close();
                throw e;
            }
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** The whole of the authentication. */
    private static Latchkey auth(ExampleSettings settings, SessionStore sessions, People people, Passwords passwords) {
        Map<String, String> variables = new HashMap<>(settings.variables());
        variables.merge("JWT_ISSUER", "latchkey-example", (own, ours) -> own.isBlank() ? ours : own);
        try {
            LatchkeyBuilder builder = Latchkey.fromEnvironment(variables);
            if (!settings.hasSecret()) {
                builder.key(DevelopmentSecret.in(settings.home()));
            }
            return builder.login(Login.of(
                            people::byName, Person::passwordHash, passwords::matches, passwords.hash("nobody")))
                    .identity(Person.class, Person::name)
                    .claims(Person.class, person -> Map.of("role", person.role().label()))
                    .userLoader(claims -> people.byName(claims.subject()))
                    .store(sessions.tokens())
                    .cookies(Cookies.create().renewal(settings.renewal()))
                    .build();
        } catch (IllegalStateException e) { // a JWT_* variable that cannot be read: the message names it
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.jsonMapper(new JavalinJackson(Body.JSON, false));
        config.http.maxRequestSize = Body.MOST_BYTES;
        config.http.prefer405over404 = true;
        // Javalin opens an HTTP session for each WebSocket, which nobody needs here: no cookie of it, and a short life.
        config.jetty.modifyServletContextHandler(handler -> {
            handler.getSessionHandler().setUsingCookies(false);
            handler.getSessionHandler().setMaxInactiveInterval(60); // seconds
        });
        config.staticFiles.add(files -> {
            files.directory = "/page";
            files.location = Location.CLASSPATH;
            files.headers = PAGE_HEADERS;
            files.roles = Set.of(open());
        });
        config.routes.before(ctx -> ctx.header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-store"));
        config.routes.exception(HttpResponseException.class, App::refuse);
        config.routes.exception(Exception.class, App::fail);
    }

    private static void refuse(HttpResponseException refusal, Context ctx) {
        String code = refusal.getDetails().get("code");
        HttpStatus status = HttpStatus.forStatus(refusal.getStatus());
        answer(
                ctx,
                refusal.getStatus(),
                String.valueOf(refusal.getMessage()),
                code == null ? status.name().toLowerCase(Locale.ROOT) : code);
    }

    /** The client learns that it was not its fault, the operator everything. */
    private static void fail(Exception failure, Context ctx) {
        LOG.error("failed: {} {}", ctx.method(), ctx.path(), failure);
        answer(ctx, 500, "Something went wrong here", "internal_error");
    }

    private static void answer(Context ctx, int status, String message, String code) {
        ctx.status(status).json(new Refusal(message, code));
    }

    private void listen() {
        try {
            server.start(settings.host(), settings.port());
        } catch (JavalinBindException e) {
            throw new StartException("port " + settings.port() + " of " + settings.host() + " cannot be taken: another "
                    + "process has it, or this one may not. Stop the other, or set LATCHKEY_PORT to another port.");
        }
        LOG.info("ready at {} with the data in {} (Ctrl-C stops)", url(), settings.home());
    }

    int port() {
        return server.port();
    }

    /** Where the start page is. */
    String url() {
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return "http://" + host + ":" + port() + "/";
    }

    @Override
    public void close() {
        server.stop();
        release();
        LOG.info("stopped");
    }

    private void release() {
        auth.close();
        sessions.close();
        database.close();
    }
}
