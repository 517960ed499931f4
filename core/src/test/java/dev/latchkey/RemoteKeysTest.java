package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Another issuer's keys over time: withdrawn, added, gone and back. */
class RemoteKeysTest {

    private static final Duration AHEAD = Duration.ofMinutes(4);

    private final Provider provider = new Provider();
    private final KeyHost host = provider.host;
    private final StandingClock clock = provider.clock;
    private final JwtKey next = JwtKey.generate("EdDSA").withId("next");

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void withinTheLastMinuteARequestPassesAndOneFetchRunsBesideIt() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (Latchkey auth = provider.trusting()) {
            host.holdsBack(gate).publishes(Provider.KEY, next);
            clock.advance(AHEAD.minusSeconds(1));
            assertThat(provider.passes(auth)).isTrue();
            assertThat(host.fetches()).isEqualTo(1);

            clock.advance(Duration.ofSeconds(1));
            for (int i = 0; i < 200; i++) {
                assertThat(provider.passes(auth)).isTrue();
            }
            assertThat(blocks(auth, Provider.KEY)).isFalse();
            gate.countDown();
            assertThat(provider.next()).isEqualTo("changed [theirs, next]");
            assertThat(host.fetches()).isEqualTo(2);
            assertThat(auth.verify(Provider.token(next)).subject()).isEqualTo("alice");
        }
    }

    @Test
    void aWithdrawnKeyIsDroppedWhenTheCacheEnds() throws Exception {
        try (Latchkey auth = provider.trusting()) {
            host.publishes(next);
            clock.advance(Duration.ofMinutes(5));
            Refusal.expect(AuthError.KEY_UNKNOWN, () -> provider.passes(auth));
            assertThat(provider.next()).isEqualTo("changed [next]");
            assertThat(host.fetches()).isEqualTo(2);
        }
    }

    @Test
    void withdrawingAllKeysLeavesNone() throws Exception {
        try (Latchkey auth = provider.trusting()) {
            host.answers(200, "{\"keys\":[]}");
            clock.advance(Duration.ofMinutes(5));
            Refusal.expect(AuthError.KEY_UNKNOWN, () -> provider.passes(auth));
        }
    }

    @Test
    void anUnknownKeyIdFetchesAtOnceAndThenAtMostEveryHalfMinute() throws Exception {
        JwtKey third = JwtKey.generate("EdDSA").withId("third");
        try (Latchkey auth = provider.trusting()) {
            clock.advance(Duration.ofSeconds(30));
            host.publishes(Provider.KEY, next);
            assertThat(blocks(auth, next)).isTrue();
            assertThat(auth.verify(Provider.token(next)).subject()).isEqualTo("alice");
            assertThat(blocks(auth, next)).isFalse();
            assertThat(host.fetches()).isEqualTo(2);

            host.publishes(Provider.KEY, next, third);
            clock.advance(Duration.ofSeconds(29));
            assertThat(blocks(auth, third)).isFalse();
            Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(Provider.token(third)));
            assertThat(host.fetches()).isEqualTo(2);
            clock.advance(Duration.ofSeconds(1));
            assertThat(auth.verify(Provider.token(third)).subject()).isEqualTo("alice");
            assertThat(host.fetches()).isEqualTo(3);
        }
    }

    @Test
    void aTokenMayWaitForAColdCacheOnly() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        host.holdsBack(gate);
        try (Latchkey auth = provider.trusting(provider.keys())) {
            assertThat(blocks(auth, Provider.KEY)).isTrue();
            assertThat(auth.blocks(Request.bearer(auth.accessToken("alice")), Access.required()))
                    .isFalse();
            assertThat(auth.blocks(Request.bearer("no token"), Access.required()))
                    .isFalse();
            gate.countDown();
            assertThat(provider.next()).startsWith("changed");
            assertThat(blocks(auth, Provider.KEY)).isFalse();
        }
    }

    private static boolean blocks(Latchkey auth, JwtKey key) {
        return auth.blocks(Request.bearer(Provider.token(key)), Access.required());
    }

    @Test
    void anOutageOfTenMinutesIsNotNoticedByKnownKeys() throws Exception {
        try (Latchkey auth = provider.trusting()) {
            host.answers(503, "down");
            assertThat(provider.nextAfter(AHEAD, auth)).startsWith("failed").contains("503");
            Latchkey.Health health = auth.health();
            assertThat(health.up()).isTrue();
            assertThat(health.problems()).singleElement().asString().contains("503", "the last good ones are of");

            String unknown = Provider.token(next);
            for (int second = 0; second < 600; second++) {
                clock.advance(Duration.ofSeconds(1));
                assertThat(provider.passes(auth)).isTrue();
                Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(unknown));
            }
            assertThat(host.fetches()).as("fetches in ten minutes").isBetween(20, 22);

            host.publishes(Provider.KEY, next);
            provider.told.clear();
            assertThat(provider.nextAfter(Duration.ofSeconds(30), auth)).isEqualTo("changed [theirs, next]");
            assertThat(auth.health().problems()).isEmpty();
            assertThat(auth.verify(Provider.token(next)).subject()).isEqualTo("alice");
        }
    }

    @Test
    void anOutageBeyondItsBoundRefusesTheIssuersTokensAlone() throws Exception {
        try (Latchkey auth = provider.trusting()) {
            host.answers(503, "down");
            assertThat(provider.nextAfter(AHEAD, auth)).startsWith("failed");
            clock.advance(Duration.ofMinutes(61).minusSeconds(1));
            assertThat(provider.passes(auth)).isTrue();
            clock.advance(Duration.ofSeconds(1));
            Refusal.expect(AuthError.UNAVAILABLE, () -> provider.passes(auth));
            assertThat(auth.verify(auth.accessToken("bob")).subject()).isEqualTo("bob");
            assertThat(auth.health().up()).isFalse();
        }
    }

    /** Whoever balances load sends nothing to a node that is down: without requests, health() must find the way back. */
    @Test
    void healthBringsBackWhoGetsNoRequests() throws Exception {
        host.answers(503, "down");
        try (Latchkey auth = provider.trusting(provider.keys())) {
            assertThat(provider.next()).startsWith("failed");
            assertThat(auth.health().up()).isFalse();
            host.publishes(Provider.KEY);
            clock.advance(Duration.ofSeconds(5));
            assertThat(toldBy(auth)).isEqualTo("changed [theirs]");
            assertThat(auth.health().up()).isTrue();
        }
    }

    private String toldBy(Latchkey auth) throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            assertThat(auth.health()).isNotNull();
            String event = provider.told.poll(10, TimeUnit.MILLISECONDS);
            if (event != null) {
                return event;
            }
        }
        throw new AssertionError("health() asked for no keys");
    }

    @Test
    void anIssuerThatIsDownAtTheStartIsAskedAgainSoon() throws Exception {
        host.answers(503, "down");
        try (Latchkey auth = provider.trusting(provider.keys())) {
            assertThat(provider.next()).startsWith("failed");
            assertThat(auth.verify(auth.accessToken("bob")).subject()).isEqualTo("bob");
            for (int i = 0; i < 100; i++) {
                Refusal.expect(AuthError.UNAVAILABLE, () -> provider.passes(auth));
            }
            assertThat(host.fetches()).isEqualTo(1);
            assertThat(blocks(auth, Provider.KEY)).isFalse();
            clock.advance(Duration.ofSeconds(5));
            Refusal.expect(AuthError.UNAVAILABLE, () -> provider.passes(auth));
            assertThat(host.fetches()).isEqualTo(2);

            host.publishes(Provider.KEY);
            clock.advance(Duration.ofSeconds(5));
            assertThat(blocks(auth, Provider.KEY)).isTrue();
            assertThat(provider.passes(auth)).isTrue();
            assertThat(host.fetches()).isEqualTo(3);
        }
    }

    /** One that was set back by seconds, or a request that began before a reading, must not cause another. */
    @Test
    void aClockThatIsSetBackALittleFetchesNothing() throws Exception {
        try (Latchkey auth = provider.trusting()) {
            clock.advance(Duration.ofHours(2));
            assertThat(provider.passes(auth)).isTrue();
            clock.advance(Duration.ofSeconds(-2));
            assertThat(provider.passes(auth)).isTrue();
            Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(Provider.token(next)));
            assertThat(host.fetches()).isEqualTo(2);
            clock.advance(Duration.ofHours(-1));
            assertThat(provider.passes(auth)).isTrue();
            assertThat(host.fetches()).isEqualTo(3);
        }
    }

    @Test
    void aRequestThatIsGivenUpFailsNobodyElse() throws Exception {
        try (Latchkey auth = provider.trusting()) {
            clock.advance(Duration.ofSeconds(30));
            Thread.currentThread().interrupt();
            Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(Provider.token(next)));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(auth.health().problems()).isEmpty();
            assertThat(provider.told).isEmpty();
        }
    }

    @Test
    void theCacheTimeIsTheOneThatWasSet() throws Exception {
        try (Latchkey auth = provider.trusting(provider.keys().cachedFor(Duration.ofSeconds(10)))) {
            assertThat(provider.next()).startsWith("changed");
            host.publishes(next);
            clock.advance(Duration.ofSeconds(10));
            Refusal.expect(AuthError.KEY_UNKNOWN, () -> provider.passes(auth));
        }
    }

    @Test
    void withoutAnOutageOldKeysEndWithTheCache() throws Exception {
        try (Latchkey auth = provider.trusting(provider.keys().withOutage(Duration.ZERO))) {
            assertThat(provider.next()).startsWith("changed");
            host.answers(503, "down");
            clock.advance(Duration.ofMinutes(5));
            Refusal.expect(AuthError.UNAVAILABLE, () -> provider.passes(auth));
        }
    }
}
