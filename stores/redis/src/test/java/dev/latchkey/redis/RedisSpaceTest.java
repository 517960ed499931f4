package dev.latchkey.redis;

import static dev.latchkey.TokenStore.Presented.ROTATED;
import static dev.latchkey.redis.StoreCase.GRACE;
import static dev.latchkey.redis.StoreCase.LIFETIME;
import static dev.latchkey.redis.StoreCase.isLive;
import static dev.latchkey.redis.StoreCase.newId;
import static dev.latchkey.redis.StoreCase.now;
import static dev.latchkey.redis.StoreCase.open;
import static dev.latchkey.redis.StoreCase.rotate;
import static dev.latchkey.redis.StoreCase.subject;
import static dev.latchkey.redis.StoreCase.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What lies in Redis, for how long, and how much. */
class RedisSpaceTest {

    /** Longer than the default, as a machine that builds may let a server wait. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    private static RedisServer server;

    private final RedisTokenStore store = RedisTokenStore.of(server.address()).withTimeout(BUSY);
    private final Subject alice = subject();

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private long millisLeft() {
        return server.ask(redis -> redis.pttl(RedisTokenStore.key(alice)));
    }

    private long fields() {
        return server.ask(redis -> redis.hlen(RedisTokenStore.key(alice)));
    }

    private static long millisTo(Instant expiry) {
        return Duration.between(Instant.now(), expiry.plus(TokenStore.SLACK)).toMillis();
    }

    @Test
    void slackOfTheScriptIsThatOfTheStore() throws IOException {
        try (InputStream script = RedisTokenStore.class.getResourceAsStream("store.lua")) {
            assertThat(new String(script.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("local SLACK = " + TokenStore.SLACK.toSeconds() + " * 1000000");
        }
    }

    @Test
    void subjectExpiresWithTheLastOfItsEntries() {
        RefreshToken first = token();
        String session = open(store, alice, first);
        assertThat(millisLeft()).isCloseTo(millisTo(first.expiresAt()), within(2000L));
        RefreshToken next = token(now().plusSeconds(600));
        assertThat(store.rotate(alice, session, first.id(), next, GRACE).presented())
                .isEqualTo(ROTATED);
        assertThat(millisLeft()).isCloseTo(millisTo(next.expiresAt()), within(2000L));
        store.revoke(alice, newId(), now());
        assertThat(millisLeft()).isCloseTo(millisTo(next.expiresAt()), within(2000L));
        Instant tomorrow = now().plus(Duration.ofDays(1));
        store.revoke(alice, newId(), tomorrow);
        assertThat(millisLeft()).isCloseTo(millisTo(tomorrow), within(2000L));
        Instant nextYear = now().plus(Duration.ofDays(400));
        assertThat(store.endAll(alice, session, nextYear)).isZero();
        assertThat(millisLeft()).isCloseTo(millisTo(nextYear), within(2000L));
    }

    @Test
    void subjectIsGoneWithItsLastEntry() {
        String session = open(store, alice);
        assertThat(store.end(alice, session)).isTrue();

        assertThat(fields()).isZero();
    }

    @Test
    void expiredSessionsMakeRoom() {
        String session = open(store, alice);
        Instant longAgo = now().minus(LIFETIME).minus(TokenStore.SLACK).minusSeconds(10);
        for (int i = 0; i < 500; i++) {
            open(store, alice, token(longAgo));
        }

        assertThat(fields()).isLessThan(20);
        assertThat(store.sessions(alice))
                .singleElement()
                .matches(open -> open.id().equals(session));
        assertThat(fields()).isEqualTo(1);
    }

    /** A subject is kept, or lost, as a whole: no revocation goes before the session whose token it holds down. */
    @Test
    void evictedSubjectIsLoggedOut() {
        String session = open(store, alice);
        store.revoke(alice, "revoked", now().plus(LIFETIME));
        server.ask(redis -> redis.del(RedisTokenStore.key(alice)));

        assertThat(store.isLive(alice, "revoked", session, now())).isFalse();
        assertThat(isLive(store, alice, session)).isFalse();
    }

    @Test
    void fullServerOpensNoSessionAndEndsAny() {
        RefreshToken first = token();
        String session = open(store, alice, first);
        String other = open(store, alice);
        Subject bob = subject();
        server.ask(redis -> redis.configSet("maxmemory", "1"));
        try {
            assertThatThrownBy(() -> open(store, alice)).hasMessageContaining("OOM");
            assertThat(isLive(store, alice, session)).isTrue();
            assertThat(rotate(store, alice, session, first).presented()).isEqualTo(ROTATED);
            assertThat(store.end(alice, other)).isTrue();
            store.revoke(alice, "revoked", now().plus(LIFETIME));
            assertThat(store.isLive(alice, "revoked", session, now())).isFalse();
            assertThat(store.endAll(alice, null, now().plus(LIFETIME))).isEqualTo(1);
            assertThat(store.endAll(bob, null, now().plus(LIFETIME))).isZero();
            assertThat(isLive(store, alice, session)).isFalse();
            assertThat(store.generation(bob)).isPositive();
        } finally {
            server.ask(redis -> redis.configSet("maxmemory", "0"));
        }
    }

    /** The figures of docs/redis.md. */
    @Test
    void tellsWhatASessionTakes() {
        Subject bob = new Subject("https://notes.example", newId());
        open(store, bob);
        long one = memory(bob);
        for (int i = 0; i < 99; i++) {
            open(store, bob);
        }
        long hundred = memory(bob);
        Subject carol = new Subject("https://notes.example", newId());
        assertThat(store.endAll(carol, null, now().plus(LIFETIME))).isZero();
        long generation = memory(carol);
        for (int i = 0; i < 1000; i++) {
            store.revoke(carol, newId(), now().plus(LIFETIME));
        }
        long revoked = (memory(carol) - generation) / 1000;
        System.out.printf(
                "Redis: %d bytes for a subject with one session, %d for each further one; %d for a generation, "
                        + "%d for each revoked token%n",
                one, (hundred - one) / 99, generation, revoked);

        assertThat(one).isLessThan(1000);
        assertThat((hundred - one) / 99).isLessThan(700);
    }

    /** The figure of docs/redis.md. */
    @Test
    void loginAtABoundOfTenThousandIsSoonDone() {
        for (int i = 0; i < 10_000; i++) {
            open(store, alice);
        }
        Session next = new Session(newId(), "", now(), now(), now().plus(LIFETIME));
        long start = System.nanoTime();
        assertThat(store.open(alice, 0, next, token(), 10_000))
                .hasValueSatisfying(ended -> assertThat(ended).hasSize(1));
        long login = System.nanoTime();
        assertThat(store.sessions(alice)).hasSize(10_000);
        long list = System.nanoTime();
        assertThat(store.endAll(alice, null, now())).isEqualTo(10_000);
        long end = System.nanoTime();
        System.out.printf(
                "Redis: with 10,000 sessions a login at the bound takes %d ms, their list %d ms, their end %d ms%n",
                (login - start) / 1_000_000, (list - login) / 1_000_000, (end - list) / 1_000_000);
        assertThat(Duration.ofNanos(end - start)).isLessThan(Duration.ofSeconds(3));
    }

    private long memory(Subject subject) {
        return server.ask(redis -> redis.memoryUsage(RedisTokenStore.key(subject)));
    }
}
