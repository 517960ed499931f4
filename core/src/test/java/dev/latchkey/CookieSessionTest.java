package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Refresh, logout and the list of sessions with cookies. */
class CookieSessionTest {

    private final StandingClock clock = new StandingClock();
    private final NotingStore store = new NotingStore(clock);
    private final Latchkey auth =
            Forge.latchkey(clock).store(store).cookies(Cookies.create()).build();
    private final Browser alice = Browser.ofAlice(auth, clock);
    private String value;

    @BeforeEach
    void readTheValue() {
        value = alice.cookie("csrf").value();
    }

    private Request bare(String path) {
        return alice.withCookiesAlone(Request.post(path));
    }

    private static void assertRefused(AuthResponse response, int status, AuthError error) {
        assertThat(response.status() + response.body()).startsWith(status + "{").contains(error.code());
    }

    private static Set<String> takenBack(AuthResponse response) {
        Set<String> names = new HashSet<>();
        for (String line : response.headers().getOrDefault("Set-Cookie", List.of())) {
            assertThat(line).contains("=; ").contains("; Max-Age=0;");
            names.add(line.replaceFirst("=.*", ""));
        }
        return names;
    }

    private static final Set<String> ALL = Set.of("access_token_cookie", "refresh_token_cookie", "csrf_access_token");

    @Test
    void aRefreshKeepsTheCsrfValueOfTheSession() {
        String old = alice.cookie("refresh").value();
        AuthResponse response = alice.send(Request.post("/auth/refresh"));

        assertThat(response.body()).isEqualTo("{\"expires_in\":900}");
        assertThat(alice.cookie("csrf").value()).isEqualTo(value);
        assertThat(alice.cookie("refresh").value()).isNotEqualTo(old);
        assertThat(alice.check(Request.post("/x")).token().flatMap(VerifiedToken::csrf))
                .contains(value);
    }

    @Test
    void twoTabsAtOnceGetTheSameSuccessor() {
        Request both = alice.withCookies(Request.post("/auth/refresh"));
        Browser tab = new Browser(auth, clock);
        tab.keep(auth.serve(both).headers());
        Browser other = new Browser(auth, clock);
        other.keep(auth.serve(both).headers());

        assertThat(other.cookie("refresh").value())
                .isEqualTo(tab.cookie("refresh").value());
        assertThat(tab.check(Request.post("/x")).admitted()).isTrue();
        assertThat(other.check(Request.post("/x")).admitted()).isTrue();
    }

    @Test
    void aRefreshByCookieMustComeFromOurPages() {
        assertRefused(auth.serve(bare("/auth/refresh")), 403, AuthError.CSRF_MISSING);
        assertRefused(auth.serve(bare("/auth/refresh").header("X-CSRF-TOKEN", "x")), 403, AuthError.CSRF_MISMATCH);
        Request foreign = bare("/auth/refresh").header("X-CSRF-TOKEN", value).header("Sec-Fetch-Site", "cross-site");
        assertRefused(auth.serve(foreign), 403, AuthError.ORIGIN_REJECTED);
        assertThat(takenBack(auth.serve(foreign))).isEmpty();
        assertRefused(auth.serve(bare("/auth/refresh").method("GET")), 405, AuthError.METHOD_NOT_ALLOWED);
        assertThat(store.told("rotate")).isEmpty();
        assertThat(alice.send(Request.post("/auth/refresh")).status()).isEqualTo(200);
    }

    @Test
    void aRefreshThatCanNeverSucceedTakesAllCookiesBack() {
        Request stolen = alice.withCookies(Request.post("/auth/refresh"));
        alice.send(Request.post("/auth/refresh"));
        clock.advance(Duration.ofSeconds(31));
        AuthResponse reused = auth.serve(stolen);
        assertRefused(reused, 401, AuthError.REFRESH_TOKEN_REUSED);
        assertThat(takenBack(reused)).isEqualTo(ALL);
        AuthResponse over = alice.send(Request.post("/auth/refresh"));
        assertRefused(over, 401, AuthError.TOKEN_REVOKED);
        assertThat(alice.names()).isEmpty();
        for (String garbage : List.of("x", "a.b.c", Forge.good() + "x")) {
            AuthResponse response =
                    auth.serve(Request.post("/auth/refresh").header("Cookie", "refresh_token_cookie=" + garbage));
            assertThat(takenBack(response)).as(garbage).isEqualTo(ALL);
        }
        AuthResponse planted = auth.serve(
                Request.post("/auth/refresh").header("Cookie", "refresh_token_cookie=a; refresh_token_cookie=b"));
        assertRefused(planted, 401, AuthError.TOKEN_AMBIGUOUS);
        assertThat(planted.headers().get("Set-Cookie"))
                .containsExactly("refresh_token_cookie=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
        clock.advance(Duration.ofDays(31));
        AuthResponse expired = auth.serve(stolen);
        assertRefused(expired, 401, AuthError.TOKEN_EXPIRED);
        assertThat(takenBack(expired)).isEqualTo(ALL);
    }

    @Test
    void aClaimsHookThatRefusesLeavesTheCookiesAlone() {
        boolean[] refuses = {false};
        Latchkey picky = Forge.latchkey(clock)
                .store(store)
                .claims(String.class, user -> {
                    if (refuses[0]) {
                        throw AuthException.of(AuthError.CLAIMS_REJECTED);
                    }
                    return java.util.Map.of();
                })
                .cookies(Cookies.create())
                .build();
        Browser browser = Browser.ofAlice(picky, clock);
        refuses[0] = true;
        AuthResponse refused = browser.send(Request.post("/auth/refresh"));
        assertRefused(refused, 401, AuthError.CLAIMS_REJECTED);
        assertThat(takenBack(refused)).isEmpty();
        refuses[0] = false;
        assertThat(browser.send(Request.post("/auth/refresh")).status()).isEqualTo(200);
    }

    @Test
    void anOutageLeavesTheCookiesAlone() {
        store.broken = new IllegalStateException("connection refused");
        for (String path : List.of("/auth/refresh", "/auth/logout")) {
            AuthResponse response = alice.send(Request.post(path));
            assertRefused(response, 503, AuthError.UNAVAILABLE);
            assertThat(takenBack(response)).isEmpty();
        }
        store.broken = null;
        assertThat(alice.send(Request.post("/auth/refresh")).status()).isEqualTo(200);
    }

    @Test
    void tokensGoBackTheWayTheyCame() {
        Tokens bearer = auth.issue("bob");
        Request both = alice.withCookies(Request.post("/auth/refresh"))
                .header("Authorization", "Bearer " + bearer.refreshToken().orElseThrow());
        AuthResponse response = auth.serve(both);
        assertThat(response.body()).contains("\"refresh_token\":\"ey");
        assertThat(response.headers()).doesNotContainKey("Set-Cookie");
        Request json = alice.withCookies(Request.json(
                "/auth/refresh",
                "{\"refresh_token\":\"" + auth.issue("bob").refreshToken().orElseThrow() + "\"}"));
        assertThat(auth.serve(json).body()).contains("\"access_token\":\"ey");
    }

    @Test
    void aSessionFromBeforeTheProtectionGetsAValueNow() {
        Latchkey careless = Forge.latchkey(clock)
                .store(store)
                .cookies(Cookies.create().withoutCsrfProtection())
                .build();
        Request cookie = Request.post("/auth/refresh")
                .header(
                        "Cookie",
                        "refresh_token_cookie="
                                + careless.issue("bob").refreshToken().orElseThrow());
        AuthResponse response = careless.serve(cookie);
        assertThat(response.body()).startsWith("{\"expires_in\":900,\"csrf_token\":");
        assertThat(response.headers().get("Set-Cookie")).hasSize(2);
        assertRefused(auth.serve(cookie), 401, AuthError.CLAIM_MISSING);
    }

    @Test
    void statelessRefreshRenewsTheAccessCookieAlone() {
        Latchkey stateless =
                Forge.latchkey(clock).stateless().cookies(Cookies.create()).build();
        Browser browser = Browser.ofAlice(stateless, clock);
        String kept = browser.cookie("refresh").value();
        clock.advance(Duration.ofMinutes(10));
        AuthResponse response = browser.send(Request.post("/auth/refresh"));
        assertThat(response.headers().get("Set-Cookie")).hasSize(1);
        assertThat(browser.cookie("refresh").value()).isEqualTo(kept);
        assertThat(browser.check(Request.post("/x")).admitted()).isTrue();
    }

    @Test
    void aLogoutWorksFromEitherCookie_evenAnExpiredOne() {
        Browser other = Browser.ofAlice(auth, clock);
        clock.advance(Duration.ofMinutes(20));
        assertThat(other.names()).doesNotContain("access_token_cookie");
        assertThat(other.send(Request.post("/auth/logout")).status()).isEqualTo(204);
        assertThat(auth.sessions("alice")).hasSize(1);
        Request expired = Request.post("/auth/logout")
                .header(
                        "Cookie",
                        "access_token_cookie="
                                + Browser.ofAlice(auth, clock).cookie("access").value());
        String unknown = expired.headers("Cookie").get(0);
        assertRefused(auth.serve(expired), 403, AuthError.CSRF_MISSING);
        Claims claims = auth.verify(unknown.substring(unknown.indexOf('=') + 1)).claims();
        clock.advance(Duration.ofHours(1));
        AuthResponse response =
                auth.serve(expired.header("X-CSRF-TOKEN", claims.string("csrf").orElseThrow()));
        assertThat(response.status()).isEqualTo(204);
        assertThat(takenBack(response)).isEqualTo(ALL);
        assertThat(auth.sessions("alice")).hasSize(1);
    }

    @Test
    void anotherPageCanLogNobodyOut() {
        for (Request request : List.of(
                bare("/auth/logout").header("Sec-Fetch-Site", "cross-site"),
                bare("/auth/logout").header("Origin", "null"),
                Request.post("/auth/logout")
                        .header("Origin", "https://evil.example")
                        .header("Host", "a"))) {
            AuthResponse response = auth.serve(request);
            assertRefused(response, 403, AuthError.ORIGIN_REJECTED);
            assertThat(takenBack(response)).isEmpty();
        }
        assertRefused(auth.serve(bare("/auth/logout")), 403, AuthError.CSRF_MISSING);
        assertThat(auth.sessions("alice")).hasSize(1);
    }

    @Test
    void aLogoutWithoutSessionTakesCookiesBackAllTheSame() {
        for (Request request : List.of(
                Request.post("/auth/logout").header("Sec-Fetch-Site", "same-origin"),
                Request.post("/auth/logout").header("Cookie", "access_token_cookie=x; refresh_token_cookie=y"))) {
            AuthResponse response = auth.serve(request);
            assertThat(response.status()).isEqualTo(204);
            assertThat(takenBack(response)).isEqualTo(ALL);
        }
        // Nothing tells that a page of ours sent it.
        assertThat(takenBack(auth.serve(Request.post("/auth/logout")))).isEmpty();
    }

    @Test
    void aHeaderThatHoldsNoTokenOfOursDoesNotSpoilALogout() {
        Request request = alice.withCookies(Request.post("/auth/logout")).header("Authorization", "Bearer x");
        assertThat(auth.serve(request).status()).isEqualTo(204);
        assertThat(auth.sessions("alice")).isEmpty();
    }

    @Test
    void plantedDuplicatesDoNotSpoilALogout() {
        Browser mallory = Browser.ofAlice(auth, clock);
        Request request = alice.withCookies(Request.post("/auth/logout"))
                .header(
                        "Cookie",
                        "access_token_cookie=" + mallory.cookie("access").value() + "; refresh_token_cookie=x");
        assertThat(auth.serve(request).status()).isEqualTo(204);
        assertThat(auth.sessions("alice")).hasSize(1);
    }

    /** Else the store would have exchanged the token, and the next try would look like theft. */
    @Test
    void aRefreshThatNoBrowserWouldKeepExchangesNothing() {
        Latchkey[] wordy = new Latchkey[1];
        String[] more = {""};
        wordy[0] = Forge.latchkey(clock)
                .store(store)
                .claims(String.class, user -> java.util.Map.of("x", more[0]))
                .cookies(Cookies.create())
                .build();
        Browser browser = Browser.ofAlice(wordy[0], clock);
        more[0] = "x".repeat(3500);
        assertThat(browser.send(Request.post("/auth/refresh")).status()).isEqualTo(503);
        clock.advance(Duration.ofMinutes(1));
        more[0] = "";
        assertThat(browser.send(Request.post("/auth/refresh")).status()).isEqualTo(200);
    }

    @Test
    void anIdThatNoCookieCanHoldIsRefused() {
        Latchkey odd = Forge.latchkey(clock)
                .cookies(Cookies.create())
                .idGenerator(() -> "id; Domain=example.com")
                .build();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Browser.ofAlice(odd, clock)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no cookie can hold");
    }

    @Test
    void aPlantedCookieOfAnotherSessionCannotPreventALogout() {
        Browser mallory = Browser.ofAlice(auth, clock);
        Request request = Request.post("/auth/logout")
                .header("X-CSRF-TOKEN", value)
                .header(
                        "Cookie",
                        "access_token_cookie=" + mallory.cookie("access").value() + "; refresh_token_cookie="
                                + alice.cookie("refresh").value());
        assertThat(auth.serve(request).status()).isEqualTo(204);
        assertThat(auth.sessions("alice")).hasSize(1);
    }

    @Test
    void aLogoutByTokenLeavesTheSessionOfTheCookieAlone() {
        Tokens bearer = auth.issue("bob");
        Request both = bare("/auth/logout").header("Authorization", "Bearer " + bearer.accessToken());
        AuthResponse response =
                auth.serve(both.header("Origin", "https://other.example").header("Host", "a"));
        assertThat(response.status()).isEqualTo(204);
        assertThat(takenBack(response)).isEmpty();
        assertThat(auth.sessions("bob")).isEmpty();
        assertThat(auth.sessions("alice")).hasSize(1);
        assertThat(takenBack(auth.serve(both))).isEqualTo(ALL);
    }

    @Test
    void endingOnesOwnSessionTakesTheCookiesBack() {
        String own = auth.sessions("alice").get(0).id();
        Browser other = Browser.ofAlice(auth, clock);
        AuthResponse foreign = other.send(Request.json("/auth/sessions/end", "{\"id\":\"" + own + "\"}"));
        assertThat(foreign.status()).isEqualTo(204);
        assertThat(takenBack(foreign)).isEmpty();
        assertThat(other.send(Request.get("/auth/sessions")).body()).contains("\"current\":true");
        assertThat(takenBack(other.send(Request.post("/auth/sessions/end-others"))))
                .isEmpty();
        String last = auth.sessions("alice").get(0).id();
        AuthResponse end = other.send(Request.json("/auth/sessions/end", "{\"id\":\"" + last + "\"}"));
        assertThat(takenBack(end)).isEqualTo(ALL);
        Browser third = Browser.ofAlice(auth, clock);
        assertRefused(
                auth.serve(third.withCookiesAlone(Request.post("/auth/sessions/end-all"))),
                403,
                AuthError.CSRF_MISSING);
        assertThat(takenBack(third.send(Request.post("/auth/sessions/end-all"))))
                .isEqualTo(ALL);
        assertThat(third.names()).isEmpty();
        assertThat(auth.serve(Request.post("/auth/sessions/end-all")
                                .header(
                                        "Authorization",
                                        "Bearer " + auth.issue("bob").accessToken()))
                        .headers())
                .doesNotContainKey("Set-Cookie");
    }

    @Test
    void anEndpointTakesAStaleAccessCookieBack() {
        auth.revokeAll("alice");
        AuthResponse response = alice.send(Request.get("/auth/sessions"));
        assertRefused(response, 401, AuthError.TOKEN_REVOKED);
        assertThat(takenBack(response)).containsExactly("access_token_cookie");
    }
}
