package dev.latchkey.redis;

import static dev.latchkey.redis.StoreCase.isLive;
import static dev.latchkey.redis.StoreCase.open;
import static dev.latchkey.redis.StoreCase.rotate;
import static dev.latchkey.redis.StoreCase.subject;
import static dev.latchkey.redis.StoreCase.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.TokenStore.Presented;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Subject;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A server that is gone, stands still, or comes back: a call throws in time, and works again by itself. */
class RedisOutageTest {

    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final Subject ALICE = subject();

    /** Throws within what the store may take, and a second for a busy machine. */
    private static void assertRefusesSoon(ThrowingCallable call) {
        long start = System.nanoTime();
        assertThatThrownBy(call).isInstanceOf(RedisException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(TIMEOUT.multipliedBy(3).plusSeconds(1));
    }

    private static void awaitPing(RedisTokenStore store) {
        RedisServer.await("the store works again", () -> {
            store.ping();
            return true;
        });
    }

    @Test
    void startsWithoutItsServerAndWorksOnceThatIsThere() {
        try (RedisServer server = RedisServer.start()) {
            server.kill();
            String address = server.address().replace("//", "//:s3cret,s3cret@");
            try (RedisTokenStore secret = RedisTokenStore.of(address).withTimeout(TIMEOUT)) {
                assertThatThrownBy(secret::warnings)
                        .hasMessageStartingWith(
                                "Redis at redis://127.0.0.1:" + server.port() + ": no good answer within PT1.2S: ")
                        .hasMessageNotContaining("s3cret");
            }
            try (RedisTokenStore store = RedisTokenStore.of(server.address()).withTimeout(TIMEOUT)) {
                assertRefusesSoon(() -> isLive(store, ALICE, "session"));
                assertRefusesSoon(store::ping);
                server.restart();
                awaitPing(store);
                assertThat(isLive(store, ALICE, "session")).isFalse();
            }
        }
    }

    @Test
    void serverThatStandsStillRefusesInTime() {
        try (RedisServer server = RedisServer.start();
                RedisTokenStore store = RedisTokenStore.of(server.address()).withTimeout(TIMEOUT)) {
            RefreshToken first = token();
            String session = open(store, ALICE, first);
            server.signal("STOP");
            try {
                for (int i = 0; i < 8; i++) {
                    assertRefusesSoon(() -> isLive(store, ALICE, session));
                }
                assertRefusesSoon(() -> rotate(store, ALICE, session, first));
                assertRefusesSoon(() -> store.live(Map.of(session, ALICE)));
            } finally {
                server.signal("CONT");
            }
            awaitPing(store);
            assertThat(isLive(store, ALICE, session)).isTrue();
            assertThat(rotate(store, ALICE, session, first).presented())
                    .as("the exchange that nobody saw, or a new one")
                    .isIn(Presented.ROTATED, Presented.REPEATED);
        }
    }

    /** As when a machine is switched off: nothing comes back on the old connection, not even that it is closed. */
    @Test
    void connectionThatFellSilentIsReplaced() throws Exception {
        try (RedisServer server = RedisServer.start();
                Wire wire = new Wire(server.port());
                RedisTokenStore store =
                        RedisTokenStore.of("redis://127.0.0.1:" + wire.port()).withTimeout(TIMEOUT)) {
            String session = open(store, ALICE);
            wire.silence();
            assertRefusesSoon(() -> isLive(store, ALICE, session));
            awaitPing(store);
            assertThat(isLive(store, ALICE, session)).isTrue();
        }
    }

    @Test
    void clientOfTheApplicationThatWaitsForeverIsNotWaitedFor() {
        RedisClient client;
        try (RedisServer server = RedisServer.start()) {
            client = RedisClient.create(server.address());
            try (RedisTokenStore store = RedisTokenStore.of(client).withTimeout(TIMEOUT)) {
                String session = open(store, ALICE);
                server.kill();
                assertRefusesSoon(() -> isLive(store, ALICE, session));
                server.restart();
                awaitPing(store);
                assertThat(isLive(store, ALICE, session)).isFalse();
            }
        }
        client.shutdown();
    }

    /** With appendfsync always, what was acknowledged survives a kill under load, and nobody else is logged out. */
    @Test
    void acknowledgedEndsSurviveAKill() throws Exception {
        try (RedisServer server = RedisServer.start("appendonly yes", "appendfsync always");
                RedisTokenStore store = RedisTokenStore.of(server.address()).withTimeout(TIMEOUT)) {
            Map<String, Subject> ended = new ConcurrentHashMap<>();
            Map<String, Subject> open = new ConcurrentHashMap<>();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            for (int round = 0; round < 3; round++) {
                AtomicBoolean stop = new AtomicBoolean();
                List<Future<?>> load = new ArrayList<>();
                int before = ended.size();
                for (int i = 0; i < 4; i++) {
                    load.add(threads.submit(() -> loginsAndLogouts(store, stop, open, ended)));
                }
                RedisServer.await("a load", () -> ended.size() > before + 200);
                server.kill();
                stop.set(true);
                for (Future<?> done : load) {
                    done.get();
                }
                server.restart();
                awaitPing(store);
                assertThat(store.live(ended)).isEmpty();
                assertThat(store.live(open)).isEqualTo(open.keySet());
            }
            threads.shutdown();
            System.out.printf(
                    "Redis killed 3 times: %d acknowledged ends and %d open sessions survived%n",
                    ended.size(), open.size());
        }
    }

    private static void loginsAndLogouts(
            RedisTokenStore store, AtomicBoolean stop, Map<String, Subject> open, Map<String, Subject> ended) {
        while (!stop.get()) {
            try {
                Subject subject = subject();
                String kept = open(store, subject);
                open.put(kept, subject);
                String session = open(store, subject);
                if (store.end(subject, session)) {
                    ended.put(session, subject);
                }
            } catch (RedisException down) {
                return;
            }
        }
    }
}
