package dev.latchkey.docs;

import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.token;
import static dev.latchkey.javalin.LatchkeyPlugin.user;
import static dev.latchkey.javalin.LatchkeyPlugin.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.AuthResponse;
import dev.latchkey.Cookies;
import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Login;
import dev.latchkey.TokenLocation;
import dev.latchkey.Tokens;
import dev.latchkey.javalin.LatchkeyPlugin;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs what docs/cookies.md shows. */
class CookiesTest {

    private static final String LOGIN = "{\"username\":\"alice\",\"password\":\"secret\"}";

    private final LatchkeyBuilder builder = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .userLoader(claims -> Optional.of(claims.subject()))
            .login(Login.by((name, password) -> Optional.of(name).filter(n -> password.equals("secret"))));
    private Javalin app = Javalin.create();

    private Http start(Consumer<JavalinConfig> configure) {
        app = Javalin.create(configure).start("127.0.0.1", 0);
        return Http.to(app);
    }

    @AfterEach
    void stop() {
        app.stop();
    }

    /** The pairs of a Cookie header. */
    private static String cookies(List<String> lines) {
        return lines.stream().map(line -> line.split(";")[0]).collect(Collectors.joining("; "));
    }

    private static String csrf(String cookies) {
        return cookies.replaceAll(".*csrf_access_token=([^;]+).*", "$1");
    }

    @Test
    void logsABrowserIn() {
        // region on
        Latchkey auth = builder.cookies(Cookies.create()).build();
        // endregion
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            config.routes.post(
                    "/notes", ctx -> ctx.result("noted by " + token(ctx).subject()));
        });

        HttpResponse<String> login = http.post("/auth/login", LOGIN, "Sec-Fetch-Site", "same-origin");
        assertThat(login.body()).isEqualTo("{\"expires_in\":900}");
        String cookies = cookies(login.headers().allValues("Set-Cookie"));
        assertThat(http.post("/notes", "{}", "Cookie", cookies).body()).contains("csrf_missing");
        assertThat(http.post("/notes", "{}", "Cookie", cookies, "X-CSRF-TOKEN", csrf(cookies))
                        .body())
                .isEqualTo("noted by alice");
        assertThat(http.post("/auth/login", LOGIN).body()).contains("access_token");
    }

    @Test
    void takesOptions() {
        // region cookieoptions
        builder.cookies(Cookies.create()
                .hostCookies() // __Host- and __Secure- before the names: no sibling domain can plant one
                .renewal(Duration.ofMinutes(5)) // a cookie with less left comes anew on the response
                .sameSiteStrict() // or sameSiteNone(); by default Lax
                .maxAge(Duration.ofDays(7)) // or untilBrowserCloses(); by default as long as the token lives
                .refreshPath("/app/auth") // where a proxy adds a prefix; by default the endpoints' own path
                .trustedOrigins("https://app.example.com")); // other pages of yours
        // endregion
        List<String> lines = builder.build()
                .cookies(builder.build().issue("alice", Grant.create().forCookies()));
        assertThat(lines.get(1)).startsWith("__Secure-refresh_token_cookie=").contains("; Path=/app/auth;");
    }

    @Test
    void namesThem() {
        // region names
        builder.cookies(Cookies.create()
                .names("sid", "rid", "csrf") // access, refresh, CSRF value
                .accessPath("/api") // with csrfPath("/"): scripts of all pages read the value
                .domain("example.com") // and all below it: any of these can then plant cookies
                .csrfHeader("X-XSRF-TOKEN") // as Angular and axios send it
                .csrfField("_csrf"));
        // endregion
        Latchkey auth = builder.build();
        assertThat(auth.cookies(auth.issue("alice", Grant.create().forCookies())))
                .allMatch(line -> line.contains("; Domain=example.com;"))
                .anyMatch(line -> line.startsWith("sid=") && line.contains("; Path=/api;"));
    }

    @Test
    void letsAnApplicationLogInAndOutByItself() {
        Latchkey auth = builder.cookies(Cookies.create()).build();
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region own
            config.routes.post(
                    "/sign-in",
                    ctx -> {
                        String person = "alice"; // whoever proved who they are, by your own means
                        Tokens tokens = auth.issue(person, Grant.create().forCookies());
                        write(ctx, auth.respond(tokens)); // sets the cookies; the body holds no token
                    },
                    open());
            config.routes.post("/sign-out", ctx -> {
                boolean ended = auth.endSession(
                        token(ctx).subject(), token(ctx).claims().sessionId().orElseThrow());
                auth.clearedCookies().forEach(line -> ctx.res().addHeader("Set-Cookie", line));
                ctx.redirect(ended ? "/bye" : "/");
            });
            // endregion
        });

        HttpResponse<String> login = http.post("/sign-in", "");
        String cookies = cookies(login.headers().allValues("Set-Cookie"));
        assertThat(login.body()).isEqualTo("{\"expires_in\":900}");
        HttpResponse<String> out = http.post("/sign-out", "", "Cookie", cookies, "X-CSRF-TOKEN", csrf(cookies));
        assertThat(out.statusCode()).isEqualTo(302);
        assertThat(out.headers().allValues("Set-Cookie")).allMatch(line -> line.contains("; Max-Age=0;"));
        assertThat(auth.sessions("alice")).isEmpty();
    }

    @Test
    void writesLinesForAnyResponse() {
        Latchkey auth = builder.cookies(Cookies.create()).build();
        Cookies settings = Cookies.create();
        // region lines
        Tokens tokens = auth.issue("alice", Grant.create().forCookies());
        List<String> lines = auth.cookies(tokens); // the values of three Set-Cookie headers
        List<String> elsewhere = auth.cookies(tokens, settings.domain("shop.example")); // once for another domain
        List<String> gone = auth.clearedCookies(); // the logout
        // endregion
        assertThat(lines).hasSize(3);
        assertThat(elsewhere).allMatch(line -> line.contains("shop.example"));
        assertThat(gone).allMatch(line -> line.contains("Max-Age=0"));
    }

    @Test
    void putsTheValueIntoAForm() {
        Latchkey auth = builder.cookies(Cookies.create()).build();
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region form
            config.routes.get(
                    "/settings",
                    ctx -> ctx.html("<form method='post'>"
                            + "<input type='hidden' name='csrf_token' value='"
                            + token(ctx).csrf().orElse("") + "'>"
                            + "<input name='city'><button>Save</button></form>"));
            config.routes.post(
                    "/settings", ctx -> ctx.result(user(ctx, String.class) + " moved to " + ctx.formParam("city")));
            // endregion
        });
        String cookies = cookies(auth.cookies(auth.issue("alice", Grant.create().forCookies())));
        String form = http.get("/settings", "Cookie", cookies).body();
        String value = form.replaceAll(".*value='([^']+)'.*", "$1");

        assertThat(http.send(
                                "POST",
                                "/settings",
                                "csrf_token=" + value + "&city=Ulm",
                                "Cookie",
                                cookies,
                                "Content-Type",
                                "application/x-www-form-urlencoded")
                        .body())
                .isEqualTo("alice moved to Ulm");
    }

    @Test
    void demandsMoreOrLessOfARoute() {
        Latchkey auth = builder.cookies(Cookies.create()).build();
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            // region routes
            config.routes.get(
                    "/export",
                    ctx -> ctx.result("all"),
                    require(Access.required().withCsrfProtection()));
            config.routes.post(
                    "/callback", // another site's form may post here: the handler must check what came
                    ctx -> ctx.result("thanks"),
                    require(Access.optional().withoutCsrfProtection()));
            // endregion
        });
        String cookies = cookies(auth.cookies(auth.issue("alice", Grant.create().forCookies())));
        assertThat(http.get("/export", "Cookie", cookies).body()).contains("csrf_missing");
        assertThat(http.send("POST", "/callback", "x", "Cookie", cookies, "Sec-Fetch-Site", "cross-site")
                        .body())
                .isEqualTo("thanks");
    }

    @Test
    void looksElsewhere() {
        // region locations
        builder.locations(TokenLocation.HEADER, TokenLocation.COOKIE, TokenLocation.FORM, TokenLocation.JSON)
                .jsonKeys("access_token", "refresh_token")
                .maxBodySize(16_384); // of bodies that are read for a token: 256 to 65,536 bytes; more is 413
        Access ticket = Access.type("ticket").withLocations(TokenLocation.QUERY); // for one route: /file?jwt=…
        // endregion
        Latchkey auth = builder.build();
        Http http = start(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth));
            config.routes.get("/file", ctx -> ctx.result("file"), require(ticket));
        });
        // region ticket
        String link =
                "/file?jwt=" + auth.token("ticket", "alice", Grant.create().lifetime(Duration.ofSeconds(30)));
        // endregion
        assertThat(http.get(link).body()).isEqualTo("file");
        assertThat(http.get("/file").body()).contains("Missing 'jwt' query parameter");
    }

    @Test
    void answersALoginInItsOwnWay() {
        // region response
        builder.cookies(Cookies.create().untilBrowserCloses())
                .login(Login.by(CookiesTest::people)
                        .withResponse((person, tokens) -> AuthResponse.json(200, java.util.Map.of("hello", person))));
        // endregion
        Latchkey auth = builder.build();
        Http http = start(config -> config.registerPlugin(new LatchkeyPlugin(auth)));
        HttpResponse<String> login = http.post("/auth/login", LOGIN.replace("}", ",\"cookies\":true}"));
        assertThat(login.body()).isEqualTo("{\"hello\":\"alice\"}");
        assertThat(login.headers().allValues("Set-Cookie")).hasSize(3).noneMatch(line -> line.contains("Max-Age"));
    }

    private static Optional<String> people(String name, String password) {
        return Optional.of(name).filter(n -> password.equals("secret"));
    }
}
