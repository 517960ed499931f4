package dev.latchkey.testkit;

import static dev.latchkey.testkit.Browser.ACCESS;
import static dev.latchkey.testkit.Browser.CSRF;
import static dev.latchkey.testkit.Browser.REFRESH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import dev.latchkey.Cookies;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens that travel as cookies, beside cookies of the application. */
abstract class CookieClauses extends TransportClauses {

    private static final String SEEN = "seen";

    LatchkeyBuilder withCookies() {
        return settings().cookies(Cookies.create());
    }

    private static void assertTakenBack(RawHttp.Reply reply, String... names) {
        assertThat(reply.cookies(ACCESS, CSRF, REFRESH))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("Max-Age=0"))
                .extracting(line -> line.split("=", 2)[0])
                .containsOnly(names);
    }

    @Test
    void loginByCookieSetsThreeCookiesAndHandsNoTokenToScripts() {
        RawHttp http = run(withCookies());

        RawHttp.Reply login = http.post("/auth/login", LOGIN, JSON, "Sec-Fetch-Site: same-origin");

        assertAnswered(login, "{\"expires_in\":900}");
        assertThat(login.header("Cache-Control")).isEqualTo("no-store");
        assertThat(login.cookies(ACCESS, REFRESH, CSRF))
                // A cookie ends with its token, whose times are whole seconds.
                .map(line -> line.replaceFirst("=[^;]+", "=…")
                        .replace("=899;", "=900;")
                        .replace("=2591999;", "=2592000;"))
                .containsExactly(
                        "access_token_cookie=…; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax",
                        "refresh_token_cookie=…; Path=/auth; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax",
                        "csrf_access_token=…; Path=/; Max-Age=2592000; Secure; SameSite=Lax");
        assertAnswered(http.get("/fresh", Browser.of(login).cookie()), "alice");
    }

    @Test
    void refreshByCookieRenewsThemAndHandsNoTokenToScripts() {
        RawHttp http = run(withCookies());
        Browser before = Browser.of(http.post("/auth/login", LOGIN, JSON, "Sec-Fetch-Site: same-origin"));
        tokens.clock().advance(Duration.ofMinutes(16));

        RawHttp.Reply refresh = http.post("/auth/refresh", "", before.all(), before.value());

        assertAnswered(refresh, "{\"expires_in\":900}");
        Browser after = Browser.of(refresh);
        assertThat(List.of(after.access(), after.refresh())).doesNotContain(before.access(), before.refresh());
        assertAnswered(http.get("/required", after.cookie()), "alice");
        assertAnswered(http.post("/required", "note", after.cookie(), after.value()), "alice note");
    }

    @Test
    void logoutByCookieEndsTheSessionAndTakesEveryCookieBack() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);

        RawHttp.Reply logout = http.post("/auth/logout", "", alice.all(), alice.value());

        assertThat(logout.status()).isEqualTo(204);
        assertTakenBack(logout, ACCESS, CSRF, REFRESH);
        assertRefused(http.get("/required", alice.cookie()), AuthError.TOKEN_REVOKED);
        assertThat(auth.sessions("alice")).isEmpty();
    }

    @Test
    void cachesAreToldOfTheCookieWhateverTheAnswer() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        String cookie = Browser.of(auth).cookie();

        RawHttp.Reply refused = http.get("/required");
        assertRefused(refused, AuthError.TOKEN_MISSING);
        assertThat(refused.header("Vary")).containsIgnoringCase("Cookie");
        assertThat(http.get("/optional").header("Vary"))
                .containsIgnoringCase("Cookie")
                .containsIgnoringCase("Authorization");
        RawHttp.Reply admitted = http.get("/required", cookie);
        assertAnswered(admitted, "alice");
        assertThat(admitted.header("Vary")).containsIgnoringCase("Cookie");
        assertThat(admitted.header("Cache-Control")).isEqualTo("private");
    }

    @Test
    void staleCookieIsRefusedAndTakenBackButNotTheOneThatBringsAnother() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);
        tokens.clock().advance(Duration.ofMinutes(16));

        for (RawHttp.Reply stale : List.of(
                http.get("/required", alice.all()),
                http.post("/required", "", alice.all()),
                http.get("/inside", alice.all()))) {
            assertRefused(stale, AuthError.TOKEN_EXPIRED);
            assertTakenBack(stale, ACCESS);
        }
        RawHttp.Reply inside = http.get("/open-inside", alice.all());
        assertThat(inside.body()).contains("token_expired");
        assertTakenBack(inside, ACCESS);
    }

    @Test
    void staleCookieCountsAsNoneOnAnOptionalRouteAndIsTakenBack() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);

        assertAnswered(http.get("/optional", alice.cookie()), "alice");
        tokens.clock().advance(Duration.ofMinutes(16));
        RawHttp.Reply stale = http.get("/optional", alice.cookie());
        assertAnswered(stale, "anonymous");
        assertTakenBack(stale, ACCESS);
    }

    @Test
    void cookieBesideATokenInTheHeaderIsNotLookedAt() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);
        tokens.clock().advance(Duration.ofMinutes(16));
        String bob = bearer(tokens.access("bob"));

        for (RawHttp.Reply reply :
                List.of(http.get("/required", bob, alice.cookie()), http.get("/optional", alice.cookie(), bob))) {
            assertAnswered(reply, "bob");
            assertThat(reply.cookies(ACCESS)).isEmpty();
        }
        assertAnswered(http.post("/required", "note", bob, alice.cookie()), "bob note");
    }

    @Test
    void cookiesOfOneNameThatDifferAreRefused() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        String one = Browser.of(auth).cookie();
        String other = Browser.of(auth).cookie();

        for (RawHttp.Reply reply : List.of(
                http.get("/required", one, other),
                http.get("/required", other, one),
                http.get("/required", one + "; " + other.substring("Cookie: ".length())),
                http.get("/required", "Cookie: a=1", one, other + "x"))) {
            assertRefused(reply, AuthError.TOKEN_AMBIGUOUS);
            assertThat(reply.cookies(ACCESS)).as("ours, taken back").isEmpty();
        }
        assertAnswered(http.get("/required", one, one), "alice");
        assertAnswered(http.get("/required", "Cookie: a=1", one), "alice");
    }

    @Test
    void everyCookieShapeHasItsAnswer() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        String token = Browser.of(auth).access();
        String cookie = "Cookie: " + ACCESS;

        for (String none : List.of(
                "Cookie:",
                "Cookie: ;;; ,",
                cookie,
                cookie + "=",
                cookie + "=; " + ACCESS,
                cookie.replace("access", "Access") + "=" + token,
                "Cookie: x" + ACCESS + "=" + token,
                "Cookie: \"x; " + ACCESS + "\"=" + token)) {
            assertRefused(http.get("/required", none), AuthError.TOKEN_MISSING);
        }
        for (String bad : List.of("=\"" + token + "\"", "==" + token, "=%20" + token, "=" + token + ",x=y", "=é")) {
            assertRefused(http.get("/required", cookie + bad), AuthError.TOKEN_MALFORMED);
        }
        for (int length : new int[] {50_000, 1_000_000}) {
            assertThat(http.status("/required", cookie + "=" + "x".repeat(length)))
                    .isBetween(400, 499);
        }
        String many = "Cookie: " + "a=\"1; ;=;b;".repeat(60);
        assertAnswered(http.get("/required", many + ACCESS + "=" + token + ";" + ACCESS + "=;"), "alice");
    }

    @Test
    void cookiesOfTheApplicationStay() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);

        for (RawHttp.Reply reply : List.of(
                http.get("/required", alice.cookie()),
                http.get("/required"),
                http.get("/optional", "Cookie: " + ACCESS + "=x"),
                http.get("/required", "Cookie: " + ACCESS + "=x"),
                http.get("/writes"),
                http.get("/refuses"),
                http.post("/auth/login", LOGIN, JSON, "Sec-Fetch-Site: same-origin"),
                http.post("/auth/login", "", JSON),
                http.post("/auth/logout", "", alice.all(), alice.value()))) {
            assertThat(reply.cookie(SEEN)).isEqualTo("yes");
        }
    }

    private Latchkey renewing() {
        return settings()
                .cookies(Cookies.create().renewal(Duration.ofMinutes(5)))
                .build();
    }

    @Test
    void cookieNearItsEndComesAnewWithTheAnswerOfTheHandler() {
        Latchkey auth = renewing();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);
        assertThat(http.get("/required", alice.cookie()).cookies(ACCESS)).isEmpty();
        tokens.clock().advance(Duration.ofMinutes(11));

        RawHttp.Reply reply = http.get("/sets-cookie", alice.cookie());

        assertAnswered(reply, "alice");
        assertThat(reply.cookie("theme") + reply.cookie(SEEN)).isEqualTo("darkyes");
        tokens.clock().advance(Duration.ofMinutes(10));
        assertAnswered(http.get("/required", "Cookie: " + ACCESS + "=" + reply.cookie(ACCESS)), "alice");
        assertThat(http.get("/required", alice.cookie()).status()).isEqualTo(401);
    }

    @Test
    void responseThatTakesCookiesBackRenewsNone() {
        Latchkey auth = renewing();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);
        tokens.clock().advance(Duration.ofMinutes(11));

        RawHttp.Reply reply = http.get("/clears-cookies", alice.cookie());

        assertAnswered(reply, "cleared");
        assertTakenBack(reply, ACCESS, CSRF);
        assertThat(reply.cookie("theme") + reply.cookie(SEEN)).isEqualTo("darkyes");
    }
}
