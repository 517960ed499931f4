package dev.latchkey;

import static dev.latchkey.AuthError.CLAIM_MALFORMED;
import static dev.latchkey.AuthError.CLAIM_MISSING;
import static dev.latchkey.AuthError.CSRF_MISMATCH;
import static dev.latchkey.AuthError.CSRF_MISSING;
import static dev.latchkey.AuthError.ORIGIN_REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests with a cookie count as sent by a page of ours. */
class CsrfTest {

    private static final String FORM = "application/x-www-form-urlencoded";

    private final StandingClock clock = new StandingClock();
    private final Cookies cookies = Cookies.create().trustedOrigins("https://app.example", "http://localhost:3000");
    private final Latchkey auth = Forge.latchkey(clock).cookies(cookies).build();
    private final Browser alice = Browser.ofAlice(auth, clock);
    private final String value = alice.cookie("csrf").value();

    /** A request with the cookies of alice, and nothing that a page adds. */
    private Request bare(String method) {
        return alice.withCookiesAlone(Request.get("/notes").method(method));
    }

    private static void refuses(Latchkey by, AuthError error, Request request) {
        refuses(by, error, request, Access.required());
    }

    private static void refuses(Latchkey by, AuthError error, Request request, Access access) {
        Outcome outcome = by.check(request, access);
        assertThat(outcome.refusal().map(AuthException::error)).contains(error);
    }

    private static void admits(Latchkey by, Request request) {
        assertThat(by.check(request, Access.required()).refusal()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE"})
    void methodsThatChangeNothingNeedNoValue(String method) {
        admits(auth, bare(method));
        admits(auth, bare(method).header("Sec-Fetch-Site", "cross-site"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "PROPFIND", "LINK", "get", "Get", "head", "", "post"})
    void anyOtherMethodNeedsTheValue(String method) {
        refuses(auth, CSRF_MISSING, bare(method));
        admits(auth, bare(method).header("X-CSRF-TOKEN", value));
        admits(auth, bare(method).header("x-csrf-token", value));
    }

    @Test
    void theRefusalSaysWhereTheValueWasExpected() {
        AuthException refusal =
                auth.check(bare("POST"), Access.required()).refusal().orElseThrow();
        assertThat(refusal)
                .hasMessage("Missing CSRF token. Expected it in the header 'X-CSRF-TOKEN', or in the field "
                        + "'csrf_token' of a form");
        AuthResponse response =
                auth.check(bare("POST"), Access.required()).response().orElseThrow();
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.headers()).doesNotContainKeys("WWW-Authenticate", "Set-Cookie");
        Latchkey ancestors = Forge.latchkey(clock)
                .errorStyle(ErrorStyle.ANCESTORS)
                .cookies(cookies)
                .store(TokenStore.inMemory(clock))
                .build();
        AuthResponse old = ancestors
                .check(Browser.ofAlice(ancestors, clock).withCookiesAlone(Request.post("/x")), Access.required())
                .response()
                .orElseThrow();
        assertThat(old.status() + old.body()).isEqualTo("401{\"msg\":\"Missing CSRF token\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "\u20ac", "\u0000", "null", "\"\""})
    void aWrongValueIsAMismatch(String wrong) {
        refuses(auth, CSRF_MISMATCH, bare("POST").header("X-CSRF-TOKEN", wrong));
        refuses(auth, CSRF_MISMATCH, bare("POST").header("X-CSRF-TOKEN", value + wrong));
        refuses(auth, CSRF_MISMATCH, bare("POST").header("X-CSRF-TOKEN", value.toUpperCase(java.util.Locale.ROOT)));
        refuses(auth, CSRF_MISMATCH, bare("POST").header("X-CSRF-TOKEN", value.substring(1)));
    }

    @Test
    void theValueOfAnotherSessionIsAMismatch() {
        Browser bob = Browser.ofAlice(auth, clock);
        refuses(
                auth,
                CSRF_MISMATCH,
                bare("POST").header("X-CSRF-TOKEN", bob.cookie("csrf").value()));
    }

    @Test
    void theCsrfCookieAloneProvesNothing() {
        assertThat(bare("POST").headers("Cookie").get(0)).contains("csrf_access_token=" + value);
        refuses(auth, CSRF_MISSING, bare("POST"));
        // Nor does a cookie that somebody else planted: the token itself holds what counts.
        Request planted = Request.post("/x")
                .header(
                        "Cookie",
                        "access_token_cookie=" + alice.cookie("access").value() + "; csrf_access_token=mine")
                .header("X-CSRF-TOKEN", "mine");
        refuses(auth, CSRF_MISMATCH, planted);
    }

    @Test
    void emptyValuesAreMissing_repeatedOnesAMismatch() {
        refuses(auth, CSRF_MISSING, bare("POST").header("X-CSRF-TOKEN", ""));
        refuses(auth, CSRF_MISSING, bare("POST").header("X-CSRF-TOKEN", " "));
        refuses(auth, CSRF_MISMATCH, bare("POST").header("X-CSRF-TOKEN", value).header("X-CSRF-TOKEN", "x"));
        refuses(auth, CSRF_MISMATCH, bare("POST").header("X-CSRF-TOKEN", value).header("X-CSRF-TOKEN", value));
        refuses(auth, CSRF_MISMATCH, bare("POST").header("X-CSRF-TOKEN", value + ", " + value));
    }

    @Test
    void aFormMayHoldTheValueInAField() {
        Request form = bare("POST").header("Content-Type", FORM + "; charset=utf-8");
        admits(auth, form.body("a=1&csrf_token=" + value + "&b=2"));
        admits(auth, form.body("csrf%5Ftoken=" + value));
        refuses(auth, CSRF_MISSING, form.body(""));
        refuses(auth, CSRF_MISSING, form.body("csrf_token="));
        refuses(auth, CSRF_MISSING, form.body("csrf_toke"));
        refuses(auth, CSRF_MISMATCH, form.body("csrf_token=" + value.substring(0, 20)));
        refuses(auth, CSRF_MISMATCH, form.body("csrf_token=%zz" + value));
        refuses(auth, CSRF_MISMATCH, form.body("csrf_token=%ff"));
        refuses(auth, CSRF_MISMATCH, form.body("csrf_token=" + value + "&csrf_token=" + value));
        refuses(auth, CSRF_MISMATCH, form.header("X-CSRF-TOKEN", "wrong").body("csrf_token=" + value));
        admits(auth, form.header("X-CSRF-TOKEN", "").body("csrf_token=" + value));
        refuses(auth, CSRF_MISSING, form.body("x=" + "x".repeat(70_000) + "&csrf_token=" + value));
    }

    @Test
    void noOtherPlaceHoldsTheValue() {
        Request multipart = bare("POST").header("Content-Type", "multipart/form-data; boundary=x");
        refuses(
                auth,
                CSRF_MISSING,
                multipart.body(
                        "--x\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n" + value + "\r\n--x--"));
        refuses(
                auth,
                CSRF_MISSING,
                bare("POST").header("Content-Type", "application/json").body("{\"csrf_token\":\"" + value + "\"}"));
        Request query = alice.withCookiesAlone(Request.post("/notes?csrf_token=" + value));
        refuses(auth, CSRF_MISSING, query);
        refuses(
                auth,
                CSRF_MISSING,
                query.header("Content-Type", FORM).header("Content-Type", FORM).body("csrf_token=" + value));
    }

    @Test
    void aBodyThatNobodyCanReadHoldsNoValue() {
        OddRequest broken = OddRequest.brokenOff(bare("POST").header("Content-Type", FORM));
        assertThat(auth.check(broken, Access.required()).refusal().orElseThrow().error())
                .isEqualTo(CSRF_MISSING);
    }

    @Test
    void whoeverSetUpAServerThatReadsNoBodyIsTold() {
        List<LogBook.Line> lines = LogBook.during(() -> assertThat(
                        auth.check(OddRequest.unread(bare("POST").header("Content-Type", FORM)), Access.required())
                                .refusal()
                                .orElseThrow()
                                .error())
                .isEqualTo(CSRF_MISSING));
        assertThat(lines).extracting(LogBook.Line::text).contains("no CSRF value is read from a form: read it before");
    }

    @Test
    void headerAndFieldMayHaveOtherNames() {
        Latchkey other = Forge.latchkey(clock)
                .cookies(Cookies.create().csrfHeader("X-Proof").csrfField("proof"))
                .build();
        Browser browser = Browser.ofAlice(other, clock);
        Request post = browser.withCookiesAlone(Request.post("/x"));
        String own = browser.cookie("csrf").value();
        admits(other, post.header("X-Proof", own));
        admits(other, post.header("Content-Type", FORM).body("proof=" + own));
        refuses(other, CSRF_MISSING, post.header("X-CSRF-TOKEN", own));
    }

    @Test
    void aTokenThatWasNeverMeantForCookiesIsNotTakenFromOne() {
        for (String method : List.of("GET", "POST")) {
            Request request = Request.get("/x")
                    .method(method)
                    .header(
                            "Cookie",
                            "access_token_cookie=" + auth.issue("alice").accessToken());
            refuses(auth, CLAIM_MISSING, request);
        }
        for (String claim : List.of("7", "null", "\"\"", "[\"x\"]")) {
            String odd = Forge.withClaim("csrf", claim);
            refuses(auth, CLAIM_MALFORMED, Request.get("/x").header("Cookie", "access_token_cookie=" + odd));
        }
    }

    @Test
    void aRouteMayDemandProtectionAlwaysOrNever() {
        Access always = Access.required().withCsrfProtection();
        refuses(auth, CSRF_MISSING, bare("GET"), always);
        refuses(auth, ORIGIN_REJECTED, bare("GET").header("Sec-Fetch-Site", "cross-site"), always);
        assertThat(auth.check(bare("GET").header("X-CSRF-TOKEN", value), always).admitted())
                .isTrue();
        Access never = Access.required().withoutCsrfProtection();
        assertThat(auth.check(bare("POST").header("Sec-Fetch-Site", "cross-site"), never)
                        .admitted())
                .isTrue();
        assertThat(always.covers(Access.required())).isTrue();
        assertThat(Access.required().covers(never)).isTrue();
        assertThat(Access.required().covers(always)).isFalse();
        assertThat(never.covers(Access.required())).isFalse();
        assertThat(always + " | " + never).isEqualTo("required withCsrfProtection | required withoutCsrfProtection");
    }

    @Test
    void anApplicationMayGoWithout() {
        Latchkey bareOne = Forge.latchkey(clock)
                .cookies(Cookies.create().withoutCsrfProtection())
                .build();
        Browser browser = Browser.ofAlice(bareOne, clock);
        assertThat(browser.names()).containsExactly("access_token_cookie", "refresh_token_cookie");
        Request post = browser.withCookiesAlone(Request.post("/x")).header("Sec-Fetch-Site", "cross-site");
        admits(bareOne, post);
        admits(bareOne, Request.post("/x").header("Cookie", "access_token_cookie=" + Forge.good()));
    }

    @Test
    void anOptionalRouteProtectsWhoeverSendsACookie() {
        refuses(auth, CSRF_MISSING, bare("POST"), Access.optional());
        assertThat(auth.check(Request.post("/x"), Access.optional()).admitted()).isTrue();
        Outcome lenient = auth.check(bare("POST"), Access.optional().withBadTokenAsAnonymous(refusal -> {}));
        assertThat(lenient.token()).isEmpty();
        assertThat(lenient.headers()).doesNotContainKey("Set-Cookie");
    }

    /** Origin, Sec-Fetch-Site, Host; a minus for none. */
    @ParameterizedTest
    @CsvSource({
        "https://app.example, cross-site, api.example, pass",
        "HTTPS://APP.EXAMPLE, cross-site, api.example, pass",
        "http://localhost:3000, -, api.example, pass",
        "http://localhost:3001, -, api.example, reject",
        "-, same-origin, api.example, pass",
        "-, none, api.example, pass",
        "-, same-site, api.example, reject",
        "-, cross-site, api.example, reject",
        "-, Same-Origin, api.example, reject",
        "-, nonsense, api.example, reject",
        "null, same-origin, api.example, pass",
        "null, -, api.example, reject",
        "null, cross-site, api.example, reject",
        "https://api.example, cross-site, api.example, reject",
        "https://api.example, -, api.example, pass",
        "http://api.example, -, api.example, pass",
        "https://API.example, -, api.EXAMPLE, pass",
        "https://api.example, -, api.example:443, pass",
        "https://api.example:8443, -, api.example:8443, pass",
        "https://api.example:8443, -, api.example, reject",
        "https://api.example, -, api.example:8443, reject",
        "http://api.example, -, api.example:80, pass",
        "https://api.example, -, api.example:80, reject",
        "https://evil.example, -, api.example, reject",
        "https://api.example.evil, -, api.example, reject",
        "https://evil-api.example, -, api.example, reject",
        "https://sub.api.example, -, api.example, reject",
        "http://127.0.0.1:7070, -, localhost:7070, reject",
        "http://[::1]:7070, -, [::1]:7070, pass",
        "http://[::1], -, [::1]:80, pass",
        "chrome-extension://api.example, -, api.example, reject",
        "file://, -, api.example, reject",
        "api.example, -, api.example, reject",
        "-, -, api.example, pass"
    })
    void thePageMustBeTrusted(String origin, String site, String host, String result) {
        Request request = bare("POST").header("X-CSRF-TOKEN", value).header("Host", host);
        request = origin.equals("-") ? request : request.header("Origin", origin);
        request = site.equals("-") ? request : request.header("Sec-Fetch-Site", site);
        if (result.equals("pass")) {
            admits(auth, request);
        } else {
            refuses(auth, ORIGIN_REJECTED, request);
        }
    }

    @Test
    void repeatedWordsOfABrowserAreNone() {
        Request post = bare("POST").header("X-CSRF-TOKEN", value);
        Map<String, List<String>> twice = Map.of(
                "Origin", List.of("https://app.example", "https://app.example"),
                "Sec-Fetch-Site", List.of("same-origin", "same-origin"));
        twice.forEach((name, values) ->
                refuses(auth, ORIGIN_REJECTED, post.header(name, values.get(0)).header(name, values.get(1))));
        refuses(
                auth,
                ORIGIN_REJECTED,
                post.header("Origin", "https://a").header("Host", "a").header("Host", "a"));
        refuses(auth, ORIGIN_REJECTED, post.header("Origin", "https://a"));
    }

    @Test
    void aWebSocketNeedsAnOriginOrTheValue() {
        Request handshake = bare("GET").header("Upgrade", "WebSocket").header("Host", "api.example");
        admits(auth, handshake.header("Origin", "https://api.example"));
        admits(auth, handshake.header("Origin", "https://app.example"));
        admits(auth, handshake.header("Sec-Fetch-Site", "same-origin"));
        refuses(auth, ORIGIN_REJECTED, handshake.header("Sec-Fetch-Site", "same-site"));
        refuses(auth, ORIGIN_REJECTED, handshake.header("Origin", "https://evil.example"));
        refuses(auth, ORIGIN_REJECTED, handshake.header("Origin", "null"));
        refuses(auth, CSRF_MISSING, handshake);
        admits(auth, handshake.header("X-CSRF-TOKEN", value));
    }

    @Test
    void aHeaderTokenNeedsNoneOfThis() {
        admits(
                auth,
                Request.bearer(alice.cookie("access").value())
                        .method("POST")
                        .header("Origin", "https://evil.example")
                        .header("Sec-Fetch-Site", "cross-site"));
    }
}
