package dev.latchkey.redis;

import static dev.latchkey.redis.StoreCase.isLive;
import static dev.latchkey.redis.StoreCase.open;
import static dev.latchkey.redis.StoreCase.subject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.TokenStore.Subject;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three masters, with a third of the subjects each. */
class RedisClusterTest {

    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start("appendonly yes", "cluster-require-full-coverage no");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** A subject of the first, second or third node. */
    private static Subject subjectOf(int node) {
        return Stream.generate(StoreCase::subject)
                .filter(subject -> SlotHash.getSlot(RedisTokenStore.key(subject)) * 3 / SlotHash.SLOT_COUNT == node)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void checkIsOneCommandOfOneNode() {
        try (RedisTokenStore store = RedisTokenStore.cluster(cluster.addresses())) {
            Subject alice = subjectOf(1);
            String session = open(store, alice);
            cluster.nodes().forEach(RedisServer::calls);
            for (int i = 0; i < 50; i++) {
                assertThat(isLive(store, alice, session)).isTrue();
            }

            assertThat(cluster.nodes().get(1).calls()).contains("hmget 50");
            assertThat(cluster.nodes().get(0).calls()).noneMatch(call -> call.matches("(hmget|evalsha) .*"));
            assertThat(cluster.nodes().get(2).calls()).noneMatch(call -> call.matches("(hmget|evalsha) .*"));
        }
    }

    @Test
    void lostNodeTakesNoOtherAlong() {
        try (RedisTokenStore store =
                RedisTokenStore.cluster(cluster.addresses()[0]).withTimeout(Duration.ofMillis(500))) {
            Subject alice = subjectOf(0);
            Subject bob = subjectOf(2);
            String one = open(store, alice);
            String other = open(store, bob);
            cluster.nodes().get(2).kill();
            try {
                assertThatThrownBy(() -> isLive(store, bob, other)).isInstanceOf(RedisException.class);
                assertThatThrownBy(() -> store.live(Map.of(one, alice, other, bob)))
                        .isInstanceOf(RedisException.class);
                assertThat(isLive(store, alice, one)).isTrue();
                assertThat(store.live(Map.of(one, alice))).containsExactly(one);
            } finally {
                cluster.nodes().get(2).restart();
            }
            RedisServer.await("the store works again", () -> isLive(store, bob, other));
            assertThat(store.live(Map.of(one, alice, other, bob))).containsExactlyInAnyOrder(one, other);
        }
    }

    @Test
    void clientOfTheApplicationWillDo() {
        RedisClusterClient client = RedisClusterClient.create(cluster.addresses()[1]);
        try (RedisTokenStore store = RedisTokenStore.of(client)) {
            Subject alice = subject();
            String session = open(store, alice);
            assertThat(store.live(Map.of(session, alice))).containsExactly(session);
        }
        assertThat(client.getPartitions()).hasSize(3);
        client.shutdown();
    }
}
