package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The life of a session whose tokens travel as cookies. */
class CookieLoginTest {

    static final String LOGIN = "{\"username\":\"alice\",\"password\":\"secret\",\"cookies\":true}";

    private final StandingClock clock = new StandingClock();
    private final Latchkey auth = Forge.latchkey(clock)
            .cookies(Cookies.create())
            .login(Login.by((name, password) -> Optional.of(name).filter(n -> password.equals("secret"))))
            .build();
    private final Browser browser = new Browser(auth, clock);

    @Test
    void aBrowserLogsInUsesRefreshesAndLogsOut() {
        AuthResponse login = browser.send(Request.json("/auth/login", LOGIN));
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.body()).isEqualTo("{\"expires_in\":900}");
        assertThat(browser.check(Request.get("/me")).token().orElseThrow().subject())
                .isEqualTo("alice");

        AuthResponse refreshed = browser.send(Request.post("/auth/refresh"));
        assertThat(refreshed.body()).isEqualTo("{\"expires_in\":900}");
        assertThat(browser.check(Request.post("/notes")).admitted()).isTrue();

        AuthResponse logout = browser.send(Request.post("/auth/logout"));
        assertThat(logout.status()).isEqualTo(204);
        assertThat(browser.names()).isEmpty();
        assertThat(auth.sessions("alice")).isEmpty();
    }

    @Test
    void cookiesSayWhatBrowsersMustKnow() {
        AuthResponse login = auth.serve(Request.json("/auth/login", LOGIN));

        assertThat(login.headers().get("Set-Cookie"))
                .map(line -> line.replaceFirst("=[^;]*", "=…"))
                .containsExactly(
                        "access_token_cookie=…; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax",
                        "refresh_token_cookie=…; Path=/auth; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax",
                        "csrf_access_token=…; Path=/; Max-Age=2592000; Secure; SameSite=Lax");
    }

    @Test
    void aPrefixAddsNoAttributeToACookie() {
        AuthRequest request = new Below("/app;Domain=example.com", Request.json("/auth/login", LOGIN));

        assertThat(auth.serve(request).headers().get("Set-Cookie").get(1))
                .contains("; Path=/app%3BDomain=example.com/auth; ")
                .doesNotContain("; Domain");
    }

    @Test
    void responseOfTheApplicationKeepsItsCookiesInAnySpellingOfTheirHeader() {
        AuthResponse response = AuthResponse.of(200, "text/plain", "").withHeader("set-cookie", "a=1", "b=2");

        assertThat(response.headers(name -> List.of("c=3", "a=0")).get("Set-Cookie"))
                .containsExactly("c=3", "a=1", "b=2");
    }

    @Test
    void withoutABodyTheValueIsMissing() {
        Tokens tokens = auth.issue("alice", Grant.create().forCookies());
        Request form = Request.post("/notes")
                .header("Cookie", "access_token_cookie=" + tokens.accessToken())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("csrf_token=" + tokens.csrf().orElseThrow());

        assertThat(auth.check(form, Access.required()).admitted()).isTrue();
        List<LogBook.Line> lines =
                LogBook.during(() -> assertThat(auth.check(new UnreadRequest(form), Access.required())
                                .refusal()
                                .orElseThrow()
                                .error())
                        .isEqualTo(AuthError.CSRF_MISSING));
        assertThat(lines).extracting(LogBook.Line::text).contains("no CSRF value is read from a form: read it before");
    }

    /** A request to an application below a path. */
    private record Below(String prefix, Request request) implements AuthRequest {

        @Override
        public String method() {
            return request.method();
        }

        @Override
        public String path() {
            return request.path();
        }

        @Override
        public String query() {
            return request.query();
        }

        @Override
        public List<String> headers(String name) {
            return request.headers(name);
        }

        @Override
        public String remoteAddress() {
            return request.remoteAddress();
        }

        @Override
        public byte[] body(int limit) {
            return request.body(limit);
        }
    }
}
