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
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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

/** What a call sends, and by whose clock it goes. All else that a store does stands in the contract. */
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

    private static RedisTokenStore node(Clock clock) {
        return new RedisTokenStore("Redis: ", client, false, Duration.ofSeconds(1), clock);
    }

    /** Nodes agree on what is open and on the grace; a session ends by its own date, whoever wrote that. */
    @Test
    void nodesWhoseClocksDifferByAMinuteAgree() {
        for (int off : new int[] {-30, 30}) {
            Clock fast = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(off));
            RefreshToken first = token(now().plusSeconds(off));
            try (RedisTokenStore here = node(fast);
                    RedisTokenStore there = node(Clock.offset(fast, Duration.ofSeconds(-2L * off)))) {
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
        try (RedisTokenStore node = node(Clock.fixed(later, ZoneOffset.UTC))) {
            assertThat(isLive(node, alice, session)).isFalse();
            assertThat(isLive(node, alice, kept)).isTrue();
        }
        assertThat(isLive(store, alice, session)).isTrue();
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
}
