package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Access cookies that are renewed while somebody is active. */
class RenewalTest {

    private final StandingClock clock = new StandingClock();
    private final NotingStore store = new NotingStore(clock);
    private final Latchkey auth = with(Forge.latchkey(clock).store(store));

    private static Latchkey with(LatchkeyBuilder settings) {
        return settings.cookies(Cookies.create().renewal(Duration.ofMinutes(5))).build();
    }

    private Browser browser(Grant grant) {
        Browser browser = new Browser(auth, clock);
        browser.keep(Map.of("Set-Cookie", auth.cookies(auth.issue("alice", grant.forCookies()))));
        return browser;
    }

    private static List<String> setCookies(Outcome outcome) {
        return outcome.headers().getOrDefault("Set-Cookie", List.of());
    }

    @Test
    void renewsACookieNearItsEnd_inTheSameStoreRead() {
        Browser alice = browser(Grant.create().claim("tenant", 7).header("x", "y"));
        clock.advance(Duration.ofMinutes(10));
        assertThat(setCookies(alice.check(Request.get("/x")))).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        String old = alice.cookie("access").value();
        store.told.clear();

        Outcome outcome = alice.check(Request.get("/x"));

        assertThat(setCookies(outcome))
                .singleElement()
                .asString()
                .matches("access_token_cookie=[^;]+; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax");
        assertThat(store.told).hasSize(1);
        assertThat(alice.cookie("access").value()).isNotEqualTo(old);
        VerifiedToken renewed = alice.check(Request.post("/x")).token().orElseThrow();
        VerifiedToken before = auth.verify(old);
        assertThat(renewed.id()).isEqualTo(before.id());
        assertThat(renewed.expiresAt()).isEqualTo(clock.instant().plusSeconds(900));
        assertThat(renewed.claims().number("tenant")).hasValue(7);
        assertThat(renewed.claims().header()).containsEntry("x", "y");
        for (String same : List.of("sub", "aud", "iss", "sid", "csrf", "auth_time", "type", Mint.RENEWABLE_UNTIL)) {
            assertThat(renewed.claims().asMap())
                    .containsEntry(same, before.claims().asMap().get(same));
        }
    }

    @Test
    void freshnessIsNotCarriedOn_unlessItEndsByItself() {
        Browser alice = browser(Grant.create());
        clock.advance(Duration.ofMinutes(11));
        assertThat(alice.check(Request.get("/x"), Access.fresh()).admitted()).isTrue();
        assertThat(alice.check(Request.get("/x"), Access.fresh()).admitted()).isFalse();
        Instant until = clock.instant().plus(Duration.ofMinutes(20));
        Browser timed = browser(Grant.create().freshUntil(until));
        clock.advance(Duration.ofMinutes(11));
        assertThat(setCookies(timed.check(Request.get("/x")))).hasSize(1);
        assertThat(timed.check(Request.get("/x"), Access.fresh()).admitted()).isTrue();
        clock.advance(Duration.ofMinutes(9).plusSeconds(1));
        assertThat(timed.check(Request.get("/x"), Access.fresh()).admitted()).isFalse();
        assertThat(timed.check(Request.get("/x")).admitted()).isTrue();
    }

    @Test
    void aLoginStaysAsOldAsItIs() {
        Browser alice = browser(Grant.create());
        clock.advance(Duration.ofMinutes(11));
        alice.check(Request.get("/x"));
        Access recent = Access.required().withMaxAge(Duration.ofMinutes(10));
        assertThat(alice.check(Request.get("/x"), recent).admitted()).isFalse();
    }

    @Test
    void nothingLivesLongerThanTheRefreshTokenOfTheSession() {
        Browser alice = browser(Grant.create().refreshLifetime(Duration.ofHours(1)));
        Instant end = StandingClock.START.plus(Duration.ofHours(1));
        Instant last = StandingClock.START;
        while (clock.instant().isBefore(end)) {
            clock.advance(Duration.ofMinutes(1));
            Outcome outcome = alice.check(Request.get("/x"));
            if (clock.instant().isBefore(end)) {
                last = outcome.token().orElseThrow().expiresAt();
                assertThat(last).isBeforeOrEqualTo(end);
            } else {
                assertThat(outcome.admitted()).isFalse();
            }
        }
        assertThat(last).isEqualTo(end);
    }

    @Test
    void aLifetimeThatACallAskedForIsNotRenewed() {
        Browser alice = browser(Grant.create().lifetime(Duration.ofMinutes(6)).claim("sudo", true));
        clock.advance(Duration.ofMinutes(2));
        assertThat(setCookies(alice.check(Request.get("/x")))).isEmpty();
    }

    @Test
    void theBrowserKeepsNoneLongerThanTheCookiesOfItsLogin() {
        Latchkey week = Forge.latchkey(clock)
                .cookies(Cookies.create().renewal(Duration.ofMinutes(5)).maxAge(Duration.ofHours(1)))
                .build();
        Browser alice = Browser.ofAlice(week, clock);
        for (int minute = 1; minute < 60; minute++) {
            clock.advance(Duration.ofMinutes(1));
            assertThat(alice.check(Request.post("/x")).admitted())
                    .as("minute %s", minute)
                    .isTrue();
        }
        clock.advance(Duration.ofMinutes(1));
        assertThat(alice.names()).isEmpty();
    }

    @Test
    void revokingATokenRevokesItsRenewal() {
        Browser alice = browser(Grant.create());
        clock.advance(Duration.ofMinutes(11));
        Outcome outcome = alice.check(Request.post("/x"));
        assertThat(setCookies(outcome)).hasSize(1);
        auth.revoke(outcome.token().orElseThrow());
        clock.advance(Duration.ofMinutes(10));
        assertThat(alice.check(Request.get("/x")).refusal().map(AuthException::error))
                .contains(AuthError.TOKEN_REVOKED);
    }

    @Test
    void aRouteThatLoadsNoUserDoesNotRenew() {
        Latchkey people = with(Forge.latchkey(clock).userLoader(claims -> Optional.of("alice")));
        Browser alice = Browser.ofAlice(people, clock);
        clock.advance(Duration.ofMinutes(11));
        assertThat(setCookies(alice.check(Request.get("/x"), Access.required().withoutUser())))
                .isEmpty();
        assertThat(setCookies(alice.check(Request.get("/x")))).hasSize(1);
    }

    @Test
    void neverOverWhatTheResponseTakesBack() {
        Browser alice = browser(Grant.create());
        clock.advance(Duration.ofMinutes(11));
        Outcome outcome = alice.check(Request.get("/x"));
        List<String> cleared = auth.clearedCookies();
        assertThat(outcome.headers(name -> name.equals("Set-Cookie") ? cleared : List.of())
                        .get("Set-Cookie"))
                .isEqualTo(cleared);
    }

    @Test
    void anEndedSessionIsNotRenewed() {
        Browser alice = browser(Grant.create());
        clock.advance(Duration.ofMinutes(11));
        String session = auth.sessions("alice").get(0).id();
        assertThat(auth.endSession("alice", session)).isTrue();
        Outcome outcome = alice.check(Request.get("/x"));
        assertThat(outcome.admitted()).isFalse();
        assertThat(setCookies(outcome)).isEmpty();
        assertThat(setCookies(alice.check(Request.get("/x"), Access.required().withoutRevocationCheck())))
                .isEmpty();
    }

    @Test
    void neverOnARefusal() {
        Browser alice = browser(Grant.create());
        clock.advance(Duration.ofMinutes(11));
        Outcome outcome = auth.check(alice.withCookiesAlone(Request.post("/x")), Access.required());
        assertThat(outcome.refusal().map(AuthException::error)).contains(AuthError.CSRF_MISSING);
        assertThat(setCookies(outcome)).isEmpty();
        assertThat(setCookies(alice.check(Request.get("/x"), Access.role("admin"))))
                .isEmpty();
    }

    @Test
    void neverWithoutTheStoresWord() {
        Browser alice = browser(Grant.create());
        clock.advance(Duration.ofMinutes(11));
        store.broken = new IllegalStateException("connection refused");
        Access bridged = Access.required().withSignatureAloneInOutage(Duration.ofHours(1));
        Outcome outcome = alice.check(Request.get("/x"), bridged);
        assertThat(outcome.admitted()).isTrue();
        assertThat(setCookies(outcome)).isEmpty();
        store.broken = null;
        assertThat(setCookies(alice.check(Request.get("/x"), bridged))).hasSize(1);
    }

    @Test
    void aHeaderIsNeverAnsweredWithACookie() {
        Browser alice = browser(Grant.create());
        String token = alice.cookie("access").value();
        clock.advance(Duration.ofMinutes(11));
        assertThat(setCookies(auth.check(Request.bearer(token), Access.required())))
                .isEmpty();
        assertThat(auth.issue("bob").accessToken())
                .satisfies(plain -> assertThat(auth.verify(plain).claims().asMap())
                        .doesNotContainKeys("csrf", Mint.RENEWABLE_UNTIL));
    }

    @Test
    void isOffUnlessItIsAskedFor() {
        Latchkey off = Forge.latchkey(clock).cookies(Cookies.create()).build();
        Browser alice = Browser.ofAlice(off, clock);
        clock.advance(Duration.ofMinutes(14));
        assertThat(setCookies(alice.check(Request.get("/x")))).isEmpty();
    }

    @Test
    void aTokenWithoutSessionIsNotRenewed() {
        Browser alice = new Browser(auth, clock);
        alice.keep(Map.of(
                "Set-Cookie",
                auth.cookies(auth.accessToken("alice", Grant.create().forCookies()))));
        clock.advance(Duration.ofMinutes(11));
        Outcome outcome = alice.check(Request.get("/x"));
        assertThat(outcome.admitted()).isTrue();
        assertThat(setCookies(outcome)).isEmpty();
    }

    @Test
    void aRefreshedTokenCanBeRenewedAsWell() {
        Browser alice = browser(Grant.create());
        clock.advance(Duration.ofDays(1));
        alice.send(Request.post("/auth/refresh"));
        clock.advance(Duration.ofMinutes(11));
        assertThat(setCookies(alice.check(Request.get("/x")))).hasSize(1);
    }

    @Test
    void anOptionalRouteRenewsAsWell() {
        Browser alice = browser(Grant.create());
        clock.advance(Duration.ofMinutes(11));
        assertThat(setCookies(alice.check(Request.get("/x"), Access.optional())))
                .hasSize(1);
    }
}
