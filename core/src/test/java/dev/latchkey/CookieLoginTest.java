package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging in with cookies: who gets them, and what else the response holds. */
class CookieLoginTest {

    private static final String LOGIN = "{\"username\":\"alice\",\"password\":\"secret\",\"cookies\":true}";
    private static final String PLAIN = LOGIN.replace(",\"cookies\":true", "");
    private static final Login PEOPLE =
            Login.by((name, password) -> Optional.of(name).filter(n -> password.equals("secret")));

    private final StandingClock clock = new StandingClock();
    private final Latchkey auth = with(Cookies.create());

    private Latchkey with(Cookies cookies) {
        return Forge.latchkey(clock).cookies(cookies).login(PEOPLE).build();
    }

    private static Request login(String body) {
        return Request.json("/auth/login", body);
    }

    private static List<String> setCookies(AuthResponse response) {
        return response.headers().getOrDefault("Set-Cookie", List.of());
    }

    @Test
    void aBrowserLogsInUsesRefreshesAndLogsOut() {
        Browser browser = new Browser(auth, clock);
        AuthResponse login = browser.send(login(LOGIN));
        assertThat(login.status() + login.body()).isEqualTo("200{\"expires_in\":900}");
        assertThat(login.headers()).containsEntry("Cache-Control", List.of("no-store"));
        assertThat(browser.names()).containsExactly("access_token_cookie", "refresh_token_cookie", "csrf_access_token");
        assertThat(browser.check(Request.get("/me")).token().orElseThrow().subject())
                .isEqualTo("alice");

        clock.advance(Duration.ofMinutes(20));
        assertThat(browser.names()).doesNotContain("access_token_cookie");
        assertThat(browser.send(Request.post("/auth/refresh")).body()).isEqualTo("{\"expires_in\":900}");
        assertThat(browser.check(Request.post("/notes")).admitted()).isTrue();

        assertThat(browser.send(Request.post("/auth/logout")).status()).isEqualTo(204);
        assertThat(browser.names()).isEmpty();
        assertThat(auth.sessions("alice")).isEmpty();
    }

    @Test
    void aPageGetsCookiesWithoutAsking_andAnybodyElseTokens() {
        assertThat(auth.serve(login(PLAIN)).body()).contains("\"access_token\":\"ey");
        assertThat(setCookies(auth.serve(login(PLAIN)))).isEmpty();
        for (Request page : List.of(
                login(PLAIN).header("Sec-Fetch-Site", "same-origin"),
                login(PLAIN).header("Origin", "https://a").header("Host", "a"))) {
            assertThat(auth.serve(page).body()).isEqualTo("{\"expires_in\":900}");
            assertThat(setCookies(auth.serve(page))).hasSize(3);
        }
        String asked = LOGIN.replace("true", "false");
        assertThat(auth.serve(login(asked).header("Sec-Fetch-Site", "same-origin"))
                        .body())
                .contains("\"access_token\":\"ey");
        Latchkey cookiesAlone = Forge.latchkey(clock)
                .locations(TokenLocation.COOKIE)
                .login(PEOPLE)
                .build();
        assertThat(setCookies(cookiesAlone.serve(login(PLAIN)))).hasSize(3);
    }

    @Test
    void withoutCookiesNobodyGetsAny() {
        Latchkey plain = Forge.latchkey(clock).login(PEOPLE).build();
        AuthResponse page = plain.serve(login(PLAIN).header("Sec-Fetch-Site", "same-origin"));
        assertThat(page.body()).contains("\"access_token\":\"ey");
        assertThat(setCookies(page)).isEmpty();
        AuthResponse asked = plain.serve(login(LOGIN));
        assertThat(asked.status() + asked.body())
                .isEqualTo("400{\"msg\":\"'cookies' are not in use here\",\"code\":\"request_malformed\"}");
        assertThat(plain.sessions("alice")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"yes\"", "1", "null", "[]"})
    void theWishIsTrueOrFalse(String wish) {
        AuthResponse response = auth.serve(login(LOGIN.replace("true", wish)));
        assertThat(response.status() + response.body()).startsWith("400{\"msg\":\"'cookies' must be true or false\"");
    }

    /** Login CSRF: a page that logs its visitor in as somebody else learns what they enter from then on. */
    @Test
    void anotherPageCanLogNobodyIn() {
        for (String body : List.of(LOGIN, PLAIN)) {
            AuthResponse response = auth.serve(login(body)
                    .header("Origin", "https://evil.example")
                    .header("Sec-Fetch-Site", "cross-site")
                    .header("Host", "a"));
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.body()).contains("\"origin_rejected\"");
            assertThat(setCookies(response)).isEmpty();
        }
        assertThat(auth.sessions("alice")).isEmpty();
        // A page that asks for tokens gets no cookie planted; whether it may read them, CORS says.
        Request bearer = login(LOGIN.replace("true", "false")).header("Origin", "https://app.example");
        assertThat(auth.serve(bearer).status()).isEqualTo(200);
    }

    @Test
    void theRefreshCookieGoesWhereTheEndpointsLie() {
        Latchkey moved = Forge.latchkey(clock)
                .endpoints("/api/session")
                .cookies(Cookies.create())
                .login(PEOPLE)
                .build();
        assertThat(setCookies(moved.serve(Request.json("/api/session/login", LOGIN)))
                        .get(1))
                .contains("; Path=/api/session;");
        assertThat(setCookies(auth.serve(OddRequest.below("/shop", login(LOGIN))))
                        .get(1))
                .contains("; Path=/shop/auth;");
        assertThat(setCookies(auth.serve(OddRequest.below(
                        "/shop", Request.post("/auth/logout").header("Sec-Fetch-Site", "same-origin")))))
                .anyMatch(line -> line.startsWith("refresh_token_cookie=; Path=/shop/auth; Max-Age=0;"));
        Latchkey named = with(Cookies.create().refreshPath("/elsewhere/auth"));
        assertThat(setCookies(named.serve(OddRequest.below("/shop", login(LOGIN))))
                        .get(1))
                .contains("; Path=/elsewhere/auth;");
    }

    @Test
    void theBodyTellsTheValueWhereNoCookieDoes() {
        Latchkey auth = with(Cookies.create().withoutCsrfCookie());
        Browser browser = new Browser(auth, clock);
        AuthResponse login = browser.send(login(LOGIN));
        assertThat(login.body()).matches("\\{\"expires_in\":900,\"csrf_token\":\"[0-9a-f-]{36}\"}");
        String value = login.body().replaceAll(".*csrf_token\":\"([^\"]+).*", "$1");
        assertThat(browser.names()).containsExactly("access_token_cookie", "refresh_token_cookie");
        AuthResponse refreshed = browser.send(Request.post("/auth/refresh").header("X-CSRF-TOKEN", value));
        assertThat(refreshed.body()).contains(value);
    }

    @Test
    void aResponseOfTheApplicationsOwnGetsTheCookies() {
        Latchkey own = Forge.latchkey(clock)
                .cookies(Cookies.create())
                .login(PEOPLE.withResponse((user, tokens) -> AuthResponse.json(201, java.util.Map.of("hi", user))
                        .withHeader("Set-Cookie", "theme=dark", "access_token_cookie=old")))
                .build();
        AuthResponse response = own.serve(login(LOGIN));
        assertThat(response.status() + response.body()).isEqualTo("201{\"hi\":\"alice\"}");
        assertThat(setCookies(response)).hasSize(4).contains("theme=dark").doesNotContain("access_token_cookie=old");
        assertThat(setCookies(own.serve(login(PLAIN)))).contains("access_token_cookie=old");
    }

    @Test
    void anEndpointOfTheApplicationsOwnRespondsByTheKindOfTokens() {
        AuthResponse cookies = auth.respond(auth.issue("alice", Grant.create().forCookies()));
        assertThat(cookies.body()).isEqualTo("{\"expires_in\":900}");
        assertThat(setCookies(cookies)).hasSize(3);
        assertThat(auth.respond(auth.issue("alice")).body()).contains("access_token");
    }

    @Test
    void aLoginThatNoBrowserWouldKeepLeavesNoSession() {
        Latchkey wordy = Forge.latchkey(clock)
                .cookies(Cookies.create())
                .claims(String.class, user -> java.util.Map.of("x", "x".repeat(3500)))
                .login(PEOPLE)
                .build();
        List<LogBook.Line> lines = LogBook.during(
                () -> assertThat(wordy.serve(login(LOGIN)).status()).isEqualTo(503));
        assertThat(lines)
                .anyMatch(line -> line.text().contains("browsers drop lines of more than 4093")
                        || String.valueOf(line.thrown()).contains("browsers drop lines"));
        assertThat(wordy.sessions("alice")).isEmpty();
        assertThat(wordy.serve(login(PLAIN)).status()).isEqualTo(200);
    }

    @Test
    void aLoginIgnoresWhateverCookiesThereAre() {
        Request stale = login(LOGIN).header("Cookie", "access_token_cookie=x; access_token_cookie=y");
        assertThat(auth.serve(stale).status()).isEqualTo(200);
    }

    @Test
    void aPrefixAddsNoAttributeToACookie() {
        AuthRequest request = OddRequest.below("/app;Domain=example.com", login(LOGIN));

        assertThat(setCookies(auth.serve(request)).get(1))
                .contains("; Path=/app%3BDomain=example.com/auth; ")
                .doesNotContain("; Domain");
        AuthRequest odd = OddRequest.below("/a b\u007f\u00e9\n", login(LOGIN));
        assertThat(setCookies(auth.serve(odd)).get(1)).contains("; Path=/a%20b%7F%C3%A9%0A/auth; ");
        Latchkey root = Forge.latchkey(clock)
                .endpoints("")
                .cookies(Cookies.create())
                .login(PEOPLE)
                .build();
        assertThat(setCookies(root.serve(Request.json("/login", LOGIN))).get(1)).contains("; Path=/; ");
    }

    @Test
    void aResponseOfTheApplicationKeepsItsCookiesInAnySpellingOfTheirHeader() {
        AuthResponse response = AuthResponse.of(200, "text/plain", "").withHeader("set-cookie", "a=1", "b=2");

        assertThat(response.headers(name -> List.of("c=3", "a=0")).get("Set-Cookie"))
                .containsExactly("c=3", "a=1", "b=2");
    }
}
