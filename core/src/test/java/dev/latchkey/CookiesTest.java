package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cookies say, and which of them no browser would keep. */
class CookiesTest {

    private final StandingClock clock = new StandingClock();

    private List<String> lines(Cookies cookies) {
        Latchkey auth = Forge.latchkey(clock).cookies(cookies).build();
        return shortened(auth.cookies(auth.issue("alice", Grant.create().forCookies())));
    }

    private static List<String> shortened(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst("=[^;]+", "=…")).toList();
    }

    private static Cookies cookies() {
        return Cookies.create();
    }

    @Test
    void areSafeWhenNothingIsSaid() {
        assertThat(lines(cookies()))
                .containsExactly(
                        "access_token_cookie=…; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax",
                        "refresh_token_cookie=…; Path=/auth; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax",
                        "csrf_access_token=…; Path=/; Max-Age=2592000; Secure; SameSite=Lax");
    }

    @Test
    void sayEverythingThatTheyAreTold() {
        Cookies all = cookies()
                .names("a", "r", "c")
                .accessPath("/api")
                .refreshPath("/login")
                .csrfPath("/app")
                .domain(".example.com")
                .sameSiteStrict()
                .partitioned()
                .maxAge(Duration.ofMinutes(1));

        assertThat(lines(all))
                .containsExactly(
                        "a=…; Path=/api; Max-Age=60; Domain=example.com; Secure; HttpOnly; SameSite=Strict; Partitioned",
                        "r=…; Path=/login; Max-Age=60; Domain=example.com; Secure; HttpOnly; SameSite=Strict; Partitioned",
                        "c=…; Path=/app; Max-Age=60; Domain=example.com; Secure; SameSite=Strict; Partitioned");
    }

    @Test
    void hostCookiesBearThePrefixesThatBrowsersKnow() {
        assertThat(lines(cookies().hostCookies()))
                .map(line -> line.replaceAll("=….*Path", " Path"))
                .containsExactly(
                        "__Host-access_token_cookie Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax",
                        "__Secure-refresh_token_cookie Path=/auth; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax",
                        "__Host-csrf_access_token Path=/; Max-Age=2592000; Secure; SameSite=Lax");
        Latchkey auth = Forge.latchkey(clock).cookies(cookies().hostCookies()).build();
        assertThat(Browser.ofAlice(auth, clock).check(Request.post("/x")).admitted())
                .isTrue();
    }

    @Test
    void mayEndWithTheBrowser() {
        assertThat(lines(cookies().untilBrowserCloses()).get(0))
                .isEqualTo("access_token_cookie=…; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void neverOutliveTheirToken() {
        assertThat(lines(cookies().maxAge(Duration.ofDays(365))))
                .map(line -> line.replaceAll(".*Max-Age=(\\d+);.*", "$1"))
                .containsExactly("900", "2592000", "2592000");
    }

    @Test
    void leaveOutSecureOnLoopbackAlone_andWarn() {
        Cookies insecure = cookies().insecureLoopbackCookies();
        assertThat(lines(insecure)).noneMatch(line -> line.contains("Secure"));
        Latchkey auth = Forge.latchkey(clock).cookies(insecure).build();
        Browser browser = Browser.ofAlice(auth, clock);
        for (String host :
                List.of("localhost", "localhost:7070", "127.0.0.1:1", "LOCALHOST", "[::1]:7070", "127.1.2.3")) {
            assertThat(browser.check(Request.get("/x").header("Host", host)).admitted())
                    .as(host)
                    .isTrue();
        }
        for (String host :
                List.of("app.example", "localhost.app.example", "127.0.0.1.nip.io", "0.0.0.0", "", "[::2]")) {
            Outcome outcome = browser.check(Request.get("/x").header("Host", host));
            assertThat(outcome.refusal().orElseThrow().error()).as(host).isEqualTo(AuthError.UNAVAILABLE);
            assertThat(auth.serve(Request.post("/auth/logout").header("Host", host))
                            .status())
                    .isEqualTo(503);
        }
        assertThat(auth.check(Request.get("/x"), Access.required()).refusal().orElseThrow())
                .hasRootCauseMessage("insecureLoopbackCookies() are for this machine alone, and a request came for : "
                        + "leave that option out");
        assertThat(warnings(insecure)).anyMatch(line -> line.startsWith("insecureLoopbackCookies()"));
    }

    @Test
    void warnOfMissingProtection() {
        assertThat(warnings(cookies().withoutCsrfProtection()))
                .anyMatch(line -> line.startsWith("withoutCsrfProtection()"));
        assertThat(warnings(cookies())).hasSize(1);
    }

    private List<String> warnings(Cookies cookies) {
        return LogBook.during(() -> Forge.latchkey(clock).cookies(cookies).build()).stream()
                .map(LogBook.Line::text)
                .toList();
    }

    @Test
    void refuseAtStartWhatBrowsersDropOrThievesLike() {
        complains("'a\\u0020b' is no name of a cookie", cookies().names("a b", "r", "c"));
        complains("'' is no name of a cookie", cookies().names("", "r", "c"));
        complains("'a;b' is no name of a cookie", cookies().names("a;b", "r", "c"));
        complains("for the prefix __Host- call hostCookies()", cookies().names("__Host-a", "r", "c"));
        complains("three cookies need three different names", cookies().names("a", "A", "c"));
        complains("path 'api' must start with a slash", cookies().accessPath("api"));
        complains("path '/a;b' must start with a slash", cookies().refreshPath("/a;b"));
        complains("path '/a\\u0020b' must", cookies().csrfPath("/a b"));
        for (String domain :
                List.of("localhost", "127.0.0.1", "a b.example", "example.com/", "-a.example", "", "com.", "::1")) {
            complains("must be a name of at least two labels", cookies().domain(domain));
        }
        complains("hostCookies() are for one host", cookies().hostCookies().domain("example.com"));
        complains("hostCookies() are for one host", cookies().hostCookies().accessPath("/api"));
        complains("hostCookies() are for one host", cookies().hostCookies().csrfPath("/api"));
        complains("without Secure", cookies().hostCookies().insecureLoopbackCookies());
        complains("without Secure", cookies().sameSiteNone().insecureLoopbackCookies());
        complains("without Secure", cookies().partitioned().insecureLoopbackCookies());
        complains("any page could act for your users", cookies().sameSiteNone().withoutCsrfProtection());
        complains("csrfHeader(…) needs the name of a header", cookies().csrfHeader("X CSRF"));
        complains("csrfField(…) that of a field", cookies().csrfField(""));
        complains("maxAge is PT0S, needs 1 second to 400 days", cookies().maxAge(Duration.ZERO));
        complains(
                "maxAge is PT9600H1S, needs",
                cookies().maxAge(Duration.ofDays(400).plusSeconds(1)));
        complains("exclude each other", cookies().maxAge(Duration.ofDays(1)).untilBrowserCloses());
        complains("renewal is PT0S, needs at least one second", cookies().renewal(Duration.ZERO));
        complains("renewal is PT15M, needs less than accessLifetime", cookies().renewal(Duration.ofMinutes(15)));
        for (String origin :
                List.of("*", "null", "app.example", "https://app.example/", "https://*.example", "https://a:443")) {
            complains("must be as browsers send it", cookies().trustedOrigins(origin));
        }
        starts(cookies().hostCookies().refreshPath("/login"));
        starts(cookies().sameSiteNone().partitioned());
        starts(cookies()
                .trustedOrigins("https://App.example:8443", "http://[::1]:3000")
                .domain("example.com"));
        starts(cookies()
                .maxAge(Duration.ofDays(400))
                .renewal(Duration.ofMinutes(15).minusSeconds(1)));
    }

    @Test
    void renewalFitsNoDelayedTokens() {
        LatchkeyBuilder delayed = Forge.latchkey(clock)
                .notBefore(Duration.ofSeconds(1))
                .cookies(cookies().renewal(Duration.ofMinutes(5)));
        assertThatThrownBy(delayed::build).hasMessageContaining("would not be valid before notBefore(…)");
        assertThatCode(() -> delayed.notBefore(Duration.ZERO).build()).doesNotThrowAnyException();
    }

    @Test
    void demandAPathWhereThereAreNoEndpoints() {
        LatchkeyBuilder own = Forge.latchkey(clock).withoutEndpoints();
        assertThatThrownBy(() -> own.cookies(cookies()).build()).hasMessageContaining("call refreshPath(…)");
        assertThatCode(() -> own.cookies(cookies().refreshPath("/session")).build())
                .doesNotThrowAnyException();
    }

    @Test
    void takeAnotherDomainForOneResponse() {
        Latchkey auth = Forge.latchkey(clock).cookies(cookies()).build();
        Tokens tokens = auth.issue("alice", Grant.create().forCookies());
        Cookies other = cookies().domain("b.example").maxAge(Duration.ofSeconds(5));

        assertThat(auth.cookies(tokens, other)).allMatch(line -> line.contains("; Max-Age=5; Domain=b.example;"));
        assertThat(auth.clearedCookies(other)).anyMatch(line -> line.contains("; Max-Age=0; Domain=b.example;"));
        assertThatThrownBy(() -> auth.cookies(tokens, cookies().domain("b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two labels");
        assertThatThrownBy(() -> auth.clearedCookies(cookies().accessPath("b")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void setASingleTokenByItsKind() {
        Latchkey auth = Forge.latchkey(clock).cookies(cookies()).build();
        Grant grant = Grant.create().forCookies();

        assertThat(shortened(auth.cookies(auth.accessToken("alice", grant))))
                .containsExactly(
                        "access_token_cookie=…; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax",
                        "csrf_access_token=…; Path=/; Max-Age=900; Secure; SameSite=Lax");
        assertThat(shortened(auth.cookies(auth.refreshToken("alice", grant))))
                .containsExactly(
                        "refresh_token_cookie=…; Path=/auth; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax",
                        "csrf_access_token=…; Path=/; Max-Age=2592000; Secure; SameSite=Lax");
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.cookies(auth.accessToken("alice", grant) + "AAAA"));
    }

    @Test
    void setOnlyTokensThatAreForCookies() {
        Latchkey auth = Forge.latchkey(clock).cookies(cookies()).build();

        assertThatThrownBy(() -> auth.cookies(auth.issue("alice")))
                .hasMessageContaining("issue them with Grant.create().forCookies()");
        assertThatThrownBy(() -> auth.cookies(auth.accessToken("alice")))
                .hasMessageContaining("make it with Grant.create().forCookies()");
        assertThat(auth.respond(auth.issue("alice")).body()).contains("access_token");
    }

    @Test
    void areRefusedWhenABrowserWouldDropThem() {
        Latchkey auth = Forge.latchkey(clock).cookies(cookies()).build();
        Grant fits = Grant.create().forCookies().claim("x", "x".repeat(2000));
        assertThatCode(() -> auth.cookies(auth.issue("alice", fits))).doesNotThrowAnyException();
        Tokens large = auth.issue("alice", Grant.create().forCookies().claim("x", "x".repeat(3000)));

        assertThatThrownBy(() -> auth.cookies(large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("browsers drop lines of more than 4093: put less into the token's claims");
    }

    @ParameterizedTest
    @ValueSource(ints = {4093, 4094})
    void areMeasuredByTheWholeLine(int length) {
        Latchkey auth = Forge.latchkey(clock).cookies(cookies()).build();
        // The name of a cookie fills the line to the byte, whatever base64url made of the claims.
        String token = auth.accessToken("alice", Grant.create().forCookies().claim("x", "x".repeat(2500)));
        int rest = length - auth.cookies(token).get(0).length();
        Cookies longer = cookies().names("access_token_cookie" + "x".repeat(rest), "r", "c");

        if (length == 4093) {
            assertThat(auth.cookies(token, longer).get(0)).hasSize(4093);
        } else {
            assertThatThrownBy(() -> auth.cookies(token, longer)).hasMessageContaining("has 4094 bytes");
        }
    }

    @Test
    void areClearedWithTheAttributesOfTheirSettingAndAtEveryPathWeKnow() {
        Latchkey plain = Forge.latchkey(clock).cookies(cookies()).build();
        assertThat(plain.clearedCookies())
                .containsExactly(
                        "access_token_cookie=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
                        "csrf_access_token=; Path=/; Max-Age=0; Secure; SameSite=Lax",
                        "refresh_token_cookie=; Path=/auth; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
                        "refresh_token_cookie=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
        Cookies wide = cookies().domain("example.com").accessPath("/api").partitioned();
        assertThat(Forge.latchkey(clock).cookies(wide).build().clearedCookies())
                .hasSize(10)
                .contains(
                        "access_token_cookie=; Path=/api; Max-Age=0; Domain=example.com; Secure; HttpOnly; SameSite=Lax; Partitioned",
                        "access_token_cookie=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax; Partitioned");
    }

    @Test
    void areClearedByAllNamesWhateverIsSwitchedOn() {
        Cookies unprotected = cookies().withoutCsrfProtection().withoutCsrfCookie();
        assertThat(Forge.latchkey(clock).cookies(unprotected).build().clearedCookies())
                .anyMatch(line -> line.startsWith("csrf_access_token=;"));
    }

    private void complains(String problem, Cookies cookies) {
        assertThatThrownBy(() -> Forge.latchkey(clock).cookies(cookies).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(problem);
    }

    private void starts(Cookies cookies) {
        assertThatCode(() -> Forge.latchkey(clock).cookies(cookies).build()).doesNotThrowAnyException();
    }
}
