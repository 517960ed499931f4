package dev.latchkey;

import static dev.latchkey.AuthError.TOKEN_AMBIGUOUS;
import static dev.latchkey.AuthError.TOKEN_MISSING;
import static dev.latchkey.TokenLocation.COOKIE;
import static dev.latchkey.TokenLocation.FORM;
import static dev.latchkey.TokenLocation.HEADER;
import static dev.latchkey.TokenLocation.JSON;
import static dev.latchkey.TokenLocation.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens in cookies: which one counts, beside what else, and when it is taken back. */
class CookieLocationTest {

    private static final String TAKEN_BACK = "access_token_cookie=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";

    private final StandingClock clock = new StandingClock();
    private final Latchkey auth =
            Forge.latchkey(clock).cookies(Cookies.create()).build();
    private final Browser alice = Browser.ofAlice(auth, clock);
    private final String token = alice.cookie("access").value();

    private static Request cookie(String line) {
        return Request.get("/x").header("Cookie", line);
    }

    private Request withCookie() {
        return cookie("access_token_cookie=" + token);
    }

    private static AuthException refused(Latchkey by, Request request, Access access) {
        return by.check(request, access).refusal().orElseThrow();
    }

    private static List<String> setCookies(Outcome outcome) {
        List<String> lines = new ArrayList<>(outcome.headers().getOrDefault("Set-Cookie", List.of()));
        outcome.response()
                .ifPresent(response -> lines.addAll(response.headers().getOrDefault("Set-Cookie", List.of())));
        return lines;
    }

    @Test
    void readsTheAccessCookieAndSaysSo() {
        Outcome outcome = auth.check(withCookie(), Access.required());

        assertThat(outcome.token().flatMap(VerifiedToken::location)).contains(COOKIE);
        assertThat(outcome.token().flatMap(VerifiedToken::csrf))
                .contains(alice.cookie("csrf").value());
        assertThat(outcome.headers()).isEqualTo(Map.of("Vary", List.of("Cookie"), "Cache-Control", List.of("private")));
    }

    @Test
    void readsTheRefreshCookieForRefreshRoutesAlone() {
        Request both = cookie("access_token_cookie=" + token + "; refresh_token_cookie="
                + alice.cookie("refresh").value());

        assertThat(auth.check(both, Access.refresh()).token().orElseThrow().type())
                .isEqualTo("refresh");
        assertThat(auth.check(both, Access.anyType()).token().orElseThrow().type())
                .isEqualTo("access");
        Request swapped = cookie("refresh_token_cookie=" + token);
        assertThat(refused(auth, swapped, Access.refresh()).error()).isEqualTo(AuthError.TOKEN_TYPE_INVALID);
        assertThat(setCookies(auth.check(swapped, Access.refresh()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "access_token_cookie",
                "access_token_cookie=",
                "access_token_cookie= ",
                "Access_Token_Cookie=x",
                "xaccess_token_cookie=x",
                "access_token_cookie =x",
                ";;; ; =",
                "a=access_token_cookie=x"
            })
    void countsAnAbsentOrEmptyCookieAsNone(String line) {
        Latchkey only = Forge.latchkey(clock).locations(COOKIE).build();
        assertThat(refused(only, cookie(line), Access.required()))
                .hasMessage("Missing cookie \"access_token_cookie\"")
                .hasFieldOrPropertyWithValue("error", TOKEN_MISSING);
        assertThat(setCookies(only.check(cookie(line), Access.required()))).isEmpty();
    }

    @Test
    void findsItsCookieAmongOthers() {
        String others = "a=1; b=\"x; y\";c=;=d; ".repeat(50);
        assertThat(auth.check(cookie(others + "access_token_cookie=" + token + ";z"), Access.required())
                        .admitted())
                .isTrue();
        assertThat(auth.check(cookie(others).header("Cookie", "access_token_cookie=" + token), Access.required())
                        .admitted())
                .isTrue();
        assertThat(auth.check(cookie("access_token_cookie=\"" + token + "\""), Access.required())
                        .admitted())
                .isFalse();
        assertThat(auth.check(cookie("a=" + "x".repeat(1_000_000)), Access.required())
                        .admitted())
                .isFalse();
    }

    @Test
    void twoValuesAreALeftoverOrPlanted() {
        String two = "access_token_cookie=" + token + "; access_token_cookie=";
        assertThat(auth.check(cookie(two + token), Access.required()).admitted())
                .isTrue();
        Request planted = cookie(two + Forge.good()).header("Host", "app.example.com:8443");
        Outcome refused = auth.check(planted, Access.required());
        assertThat(refused.refusal().map(AuthException::error)).contains(TOKEN_AMBIGUOUS);
        assertThat(setCookies(refused))
                .map(line -> line.replace(" Secure; HttpOnly; SameSite=Lax", ""))
                .containsExactly(
                        "access_token_cookie=; Path=/; Max-Age=0; Domain=app.example.com;",
                        "access_token_cookie=; Path=/; Max-Age=0; Domain=example.com;");
        Outcome optional = auth.check(planted, Access.optional());
        assertThat(optional.admitted()).isTrue();
        assertThat(optional.token()).isEmpty();
        assertThat(setCookies(optional)).hasSize(2);
        Outcome lines = auth.check(withCookie().header("Cookie", "access_token_cookie=x"), Access.required());
        assertThat(lines.refusal().map(AuthException::error)).contains(TOKEN_AMBIGUOUS);
        for (String host : List.of("localhost", "127.0.0.1:80", "[::1]:80", "a..b", "a;b.c", "")) {
            assertThat(setCookies(auth.check(cookie(two + "x").header("Host", host), Access.required())))
                    .as(host)
                    .isEmpty();
        }
    }

    /** Taking back what is ours would leave the user with the session of whoever planted the other. */
    @Test
    void aPlantedCookieGoesAndOursStays() {
        Browser mallory = Browser.ofAlice(auth, clock);
        String planted = "access_token_cookie=" + mallory.cookie("access").value();
        for (String where : List.of("; Domain=example.com; Path=/", "; Domain=example.com; Path=/x")) {
            alice.keep(Map.of("Set-Cookie", List.of(planted + where)));
            Request request = Request.get("/x").header("Host", "app.example.com");
            assertThat(alice.check(request).refusal().map(AuthException::error)).contains(TOKEN_AMBIGUOUS);
            assertThat(alice.all()).anyMatch(cookie -> cookie.value().equals(token));
        }
        Latchkey wide = Forge.latchkey(clock)
                .cookies(Cookies.create().domain("example.com").accessPath("/x"))
                .build();
        Request two = cookie("access_token_cookie=a; access_token_cookie=b").header("Host", "app.example.com");
        assertThat(setCookies(wide.check(two, Access.required())))
                .map(line -> line.replace(" Secure; HttpOnly; SameSite=Lax", ""))
                .containsExactly(
                        "access_token_cookie=; Path=/x; Max-Age=0;", "access_token_cookie=; Path=/; Max-Age=0;");
    }

    @Test
    void aStaleCookieIsRefusedAndTakenBack() {
        clock.advance(Duration.ofMinutes(16));
        Outcome expired = auth.check(withCookie(), Access.required());
        assertThat(expired.refusal().map(AuthException::error)).contains(AuthError.TOKEN_EXPIRED);
        assertThat(setCookies(expired)).containsExactly(TAKEN_BACK);
        assertThat(expired.headers()).containsEntry("Vary", List.of("Cookie"));
        for (String garbage : List.of("x", "a.b.c", token + "x", Forge.withClaim("iss", "\"other\""), Forge.good())) {
            assertThat(setCookies(auth.check(cookie("access_token_cookie=" + garbage), Access.required())))
                    .as(garbage)
                    .containsExactly(TAKEN_BACK);
        }
    }

    @Test
    void aStaleCookieOnAnOptionalRouteIsNobody() {
        auth.revokeAll("alice");
        Outcome revoked = auth.check(withCookie(), Access.optional());
        assertThat(revoked.admitted()).isTrue();
        assertThat(revoked.token()).isEmpty();
        assertThat(setCookies(revoked)).containsExactly(TAKEN_BACK);
        assertThat(revoked.headers()).containsEntry("Vary", List.of("Authorization, Cookie"));
        // A bad header stays an error: somebody chose to send it.
        assertThat(auth.check(Request.bearer("x"), Access.optional()).admitted())
                .isFalse();
        List<AuthError> told = new ArrayList<>();
        Access tells = Access.optional().withBadTokenAsAnonymous(refusal -> told.add(refusal.error()));
        assertThat(setCookies(auth.check(withCookie(), tells))).containsExactly(TAKEN_BACK);
        assertThat(told).containsExactly(AuthError.TOKEN_REVOKED);
    }

    @Test
    void whatMayBeGoodElsewhereIsNotTakenBack() {
        Latchkey strict = Forge.latchkey(clock)
                .cookies(Cookies.create())
                .claimsCheck(claims -> false)
                .build();
        Request request = Browser.ofAlice(strict, clock).withCookiesAlone(Request.get("/x"));
        assertThat(setCookies(strict.check(request, Access.required()))).isEmpty();
        assertThat(setCookies(strict.check(request, Access.role("admin")))).isEmpty();
        assertThat(setCookies(strict.check(request, Access.type("invite")))).isEmpty();
        assertThat(strict.check(request, Access.optional()).admitted()).isFalse();
    }

    @Test
    void anOutageTakesNothingBack() {
        NotingStore store = new NotingStore(clock);
        Latchkey down =
                Forge.latchkey(clock).cookies(Cookies.create()).store(store).build();
        Browser browser = Browser.ofAlice(down, clock);
        store.broken = new IllegalStateException("connection refused");
        Outcome outcome = down.check(browser.withCookiesAlone(Request.get("/x")), Access.optional());
        assertThat(outcome.refusal().map(AuthException::error)).contains(AuthError.UNAVAILABLE);
        assertThat(setCookies(outcome)).isEmpty();
    }

    @Test
    void aHeaderBeatsACookie_whateverTheOrder() {
        for (Latchkey one :
                List.of(auth, Forge.latchkey(clock).locations(COOKIE, HEADER).build())) {
            Request both = Request.bearer(Forge.good()).method("POST").header("Cookie", "access_token_cookie=stale");
            Outcome outcome = one.check(both, Access.required().withoutRevocationCheck());
            assertThat(outcome.token().flatMap(VerifiedToken::location)).contains(HEADER);
            assertThat(setCookies(outcome)).isEmpty();
            assertThat(refused(one, withCookie().header("Authorization", "Bearer"), Access.required())
                            .error())
                    .isEqualTo(AuthError.HEADER_MALFORMED);
        }
    }

    @Test
    void anotherSchemeLeavesTheCookieToDecide() {
        assertThat(auth.check(withCookie().header("Authorization", "Basic x"), Access.required())
                        .admitted())
                .isTrue();
    }

    @Test
    void anotherTokenInQueryOrBodyBesideACookieIsRefused() {
        Latchkey all =
                Forge.latchkey(clock).locations(COOKIE, QUERY, FORM, JSON).build();
        String own = all.issue("alice", Grant.create().forCookies()).accessToken();
        Request query = Request.get("/x?jwt=" + Forge.good()).header("Cookie", "access_token_cookie=" + own);
        assertThat(refused(all, query, Access.required()).error()).isEqualTo(TOKEN_AMBIGUOUS);
        Request json = Request.json("/x", "{\"access_token\":\"" + Forge.good() + "\"}")
                .header("Cookie", "access_token_cookie=" + own);
        assertThat(refused(all, json, Access.required()).error()).isEqualTo(TOKEN_AMBIGUOUS);
        // The same token: whoever can repeat it needs no cookie.
        Request same = Request.post("/x?jwt=" + own).header("Cookie", "access_token_cookie=" + own);
        assertThat(all.check(same, Access.required()).token().flatMap(VerifiedToken::location))
                .contains(QUERY);
    }

    @Test
    void saysWhereItLookedInTheOrderNamed() {
        Latchkey all =
                Forge.latchkey(clock).locations(HEADER, COOKIE, QUERY, JSON).build();
        assertThat(refused(all, Request.get("/x"), Access.required()))
                .hasMessage("Missing JWT in headers, cookies, query_string or json (Missing Authorization Header; "
                        + "Missing cookie \"access_token_cookie\"; Missing 'jwt' query parameter; "
                        + "Invalid content-type. Must be application/json.)");
        Latchkey turned = Forge.latchkey(clock).locations(COOKIE, HEADER).build();
        assertThat(refused(turned, Request.get("/x"), Access.required()))
                .hasMessage("Missing JWT in cookies or headers (Missing cookie \"access_token_cookie\"; "
                        + "Missing Authorization Header)");
    }

    @Test
    void aRouteLooksWhereItSays() {
        Access headerOnly = Access.required().withLocations(HEADER);
        assertThat(refused(auth, withCookie(), headerOnly)).hasMessage("Missing Authorization Header");
        assertThat(auth.check(withCookie(), headerOnly).headers()).isEmpty();
        Latchkey plain = Forge.latchkey(clock).build();
        String own = plain.issue("alice", Grant.create().forCookies()).accessToken();
        assertThat(plain.check(
                                cookie("access_token_cookie=" + own),
                                Access.required().withLocations(COOKIE))
                        .admitted())
                .isTrue();
        assertThat(plain.check(cookie("access_token_cookie=" + own), Access.required())
                        .admitted())
                .isFalse();
    }

    @Test
    void anOpenRouteSaysNothingOfCookies() {
        assertThat(auth.check(withCookie(), Access.open()).headers()).isEmpty();
        Request preflight = Request.get("/x")
                .method("OPTIONS")
                .header("Origin", "https://a")
                .header("Access-Control-Request-Method", "GET");
        assertThat(auth.check(preflight, Access.required()).headers()).isEmpty();
    }

    @Test
    void aUserWhoIsGoneLosesTheCookie() {
        Latchkey empty = Forge.latchkey(clock)
                .cookies(Cookies.create())
                .userLoader(claims -> Optional.empty())
                .build();
        Request request = Browser.ofAlice(empty, clock).withCookiesAlone(Request.get("/x"));
        assertThat(setCookies(empty.check(request, Access.required()))).containsExactly(TAKEN_BACK);
    }
}
