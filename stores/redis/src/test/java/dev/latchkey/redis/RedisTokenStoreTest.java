package dev.latchkey.redis;

import static dev.latchkey.TokenStore.Presented.REPEATED;
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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Subject;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.event.command.CommandListener;
import io.lettuce.core.event.command.CommandStartedEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisTokenStoreTest {

    private static RedisServer server;
    private static RedisClient client;
    private static final Queue<String> SENT = new ConcurrentLinkedQueue<>();

    private final RedisTokenStore store = RedisTokenStore.of(client);
    private final Subject alice = subject();

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        client = RedisClient.create(server.address());
        client.addListener(new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                SENT.add(event.getCommand().getType().toString());
            }
        });
    }

    @AfterAll
    static void stop() {
        client.shutdown();
        server.close();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private long millisLeft() {
        return server.ask(redis -> redis.pttl(store.key(alice)));
    }

    private long fields() {
        return server.ask(redis -> redis.hlen(store.key(alice)));
    }

    private static long millisTo(Instant expiry) {
        return Duration.between(Instant.now(), expiry.plus(TokenStore.SLACK)).toMillis();
    }

    /** What the server ran but for what connections say when they open, and what asks it. */
    private static List<String> ran() {
        return server.calls().stream()
                .filter(call -> !call.matches("(hello|client|info|config|ping|select|command|script)\\b.*"))
                .toList();
    }

    @Test
    void checkIsOneCommandAndOneRoundTrip() {
        String session = open(store, alice);
        ran();
        SENT.clear();
        for (int i = 0; i < 50; i++) {
            assertThat(isLive(store, alice, session)).isTrue();
            assertThat(store.isLive(alice, newId(), null, now())).isTrue();
        }

        assertThat(SENT).hasSize(100).containsOnly("HMGET");
        assertThat(ran()).containsExactly("hmget 100");
    }

    @Test
    void refreshTokenIsCurrentUntilItsSuccessorIsUsed() {
        RefreshToken first = token();
        String session = open(store, alice, first);
        RefreshToken second = token();
        assertThat(store.isCurrent(alice, session, first.id())).isTrue();
        assertThat(store.isCurrent(alice, session, second.id())).isFalse();
        assertThat(store.rotate(alice, session, first.id(), second, GRACE).presented())
                .isEqualTo(ROTATED);
        assertThat(store.isCurrent(alice, session, first.id())).isTrue();
        assertThat(store.isCurrent(alice, session, second.id())).isTrue();
        assertThat(rotate(store, alice, session, second).presented()).isEqualTo(ROTATED);
        SENT.clear();
        assertThat(store.isCurrent(alice, session, first.id())).isFalse();
        assertThat(SENT).containsExactly("EVALSHA");
        assertThat(store.isCurrent(subject(), session, second.id())).isFalse();
        assertThat(store.end(alice, session)).isTrue();
        assertThat(store.isCurrent(alice, session, second.id())).isFalse();
        Instant over = now().minus(LIFETIME).minus(TokenStore.SLACK).minusSeconds(10);
        RefreshToken last = token(over);
        open(store, alice);
        assertThat(store.isCurrent(alice, open(store, alice, last), last.id())).isFalse();
    }

    @Test
    void batchIsOneCommand() {
        Subject bob = subject();
        Map<String, Subject> sessions = Map.of(open(store, alice), alice, open(store, bob), bob, newId(), bob);
        assertThat(store.live(sessions)).hasSize(2);
        SENT.clear();

        assertThat(store.live(sessions)).hasSize(2);
        assertThat(SENT).containsExactly("EVALSHA");
    }

    @Test
    void survivesAScriptFlush() {
        RefreshToken first = token();
        String session = open(store, alice, first);
        server.ask(redis -> redis.scriptFlush());
        SENT.clear();

        assertThat(rotate(store, alice, session, first).presented()).isEqualTo(ROTATED);
        assertThat(rotate(store, alice, session, first).presented()).isEqualTo(REPEATED);
        assertThat(SENT).containsExactly("EVALSHA", "EVAL", "EVALSHA");
        server.ask(redis -> redis.scriptFlush());
        assertThat(store.live(Map.of(session, alice))).containsExactly(session);
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
        server.ask(redis -> redis.del(store.key(alice)));

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

    /** Nodes agree on what is open and on the grace; a session ends by its own date, whoever wrote that. */
    @Test
    void nodesWhoseClocksDifferByAMinuteAgree() {
        for (int off : new int[] {-30, 30}) {
            Clock fast = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(off));
            RefreshToken first = token(now().plusSeconds(off));
            try (RedisTokenStore here = RedisTokenStore.of(client).withClock(fast);
                    RedisTokenStore there =
                            RedisTokenStore.of(client).withClock(Clock.offset(fast, Duration.ofSeconds(-2L * off)))) {
                String session = open(here, alice, first);
                assertThat(isLive(here, alice, session)).isTrue();
                assertThat(isLive(there, alice, session)).isTrue();
                RefreshToken next = token(now().plusSeconds(off));
                assertThat(here.rotate(alice, session, first.id(), next, GRACE).presented())
                        .isEqualTo(ROTATED);
                assertThat(rotate(there, alice, session, first).current()).isEqualTo(next);
                // Expired on the node ahead, not yet on the one behind: kept for both, as the slack is longer.
                RefreshToken last = token(now().minus(LIFETIME).plusSeconds(-30));
                String late = open(here, alice, last);
                assertThat(isLive(here, alice, late)).isTrue();
                assertThat(isLive(there, alice, late)).isTrue();
                assertThat(rotate(there, alice, late, last).presented()).isEqualTo(ROTATED);
                String revoked = newId();
                there.revoke(alice, revoked, now().minusSeconds(30));
                assertThat(here.isLive(alice, revoked, session, now())).isFalse();
                assertThat(there.isLive(alice, revoked, session, now())).isFalse();
            }
        }
    }

    /** No other session of the subject keeps it, nor the key that they share. */
    @Test
    void sessionIsOverOnItsOwn() {
        String kept = open(store, alice);
        String session = open(store, alice, token(now().plusSeconds(60).minus(LIFETIME)));
        Instant later = now().plusSeconds(60).plus(TokenStore.SLACK).plusSeconds(1);
        try (RedisTokenStore node = RedisTokenStore.of(client).withClock(Clock.fixed(later, ZoneOffset.UTC))) {
            assertThat(isLive(node, alice, session)).isFalse();
            assertThat(isLive(node, alice, kept)).isTrue();
        }
        assertThat(isLive(store, alice, session)).isTrue();
    }

    @Test
    void prefixesKeepApplicationsApart() {
        try (RedisTokenStore other = RedisTokenStore.of(server.address()).withPrefix("shop")) {
            String session = open(other, alice);

            assertThat(isLive(other, alice, session)).isTrue();
            assertThat(isLive(store, alice, session)).isFalse();
            assertThat(other.key(alice)).startsWith("shop:");
        }
    }

    @Test
    void clientOfTheApplicationStaysOpen() {
        RedisTokenStore closed = RedisTokenStore.of(client);
        closed.ping();
        closed.close();

        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            assertThat(connection.isOpen()).isTrue();
        }
        assertThatIllegalStateException().isThrownBy(closed::ping).withMessage("this store is closed");
    }

    @Test
    void namesAWrongAddressAndNoPassword() {
        for (String wrong : List.of(
                "",
                "localhost",
                "http://127.0.0.1",
                "redis://",
                "redis://alice:s3cret@127.0.0.1:port",
                "redis://:s3cret@:6379",
                "redis://:s3cret@127.0.0.1@6379:1",
                "redis://under_score:6379",
                "redis-sentinel://:s3cret@localhost",
                "rediss://:s3cret@host:99999",
                "redis-sentinel://:s3cret@/x?password=s3cret",
                "redis//:s3cret@host",
                "redis://:s3cret",
                "s3cret")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> RedisTokenStore.of(wrong))
                    .withMessageContaining(" is not an address of Redis: needs redis://host:port")
                    .withMessageNotContaining("s3cret")
                    .withNoCause();
        }
        assertThatIllegalArgumentException().isThrownBy(RedisTokenStore::cluster);
        assertThatIllegalArgumentException().isThrownBy(() -> RedisTokenStore.cluster("redis://a", "b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisTokenStore.of(server.address()).withTimeout(Duration.ZERO))
                .withMessage("timeout is PT0S, needs to be positive");
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
        return server.ask(redis -> redis.memoryUsage(store.key(subject)));
    }
}
