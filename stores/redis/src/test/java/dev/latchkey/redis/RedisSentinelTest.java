package dev.latchkey.redis;

import static dev.latchkey.redis.StoreCase.isLive;
import static dev.latchkey.redis.StoreCase.open;
import static dev.latchkey.redis.StoreCase.rotate;
import static dev.latchkey.redis.StoreCase.subject;
import static dev.latchkey.redis.StoreCase.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.TokenStore.Presented;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Subject;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three Sentinels, a master and a replica. */
@Tag("patience")
class RedisSentinelTest {

    private final Subject alice = subject();

    @Test
    void followsTheMaster() {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.start("replicaof 127.0.0.1 " + master.port())) {
            List<RedisServer> sentinels = sentinels(master, Duration.ofMillis(500));
            try (RedisTokenStore store = RedisTokenStore.of(address(sentinels)).withTimeout(Duration.ofMillis(500))) {
                RefreshToken first = token();
                String session = open(store, alice, first);
                String ended = open(store, alice);
                assertThat(store.end(alice, ended)).isTrue();
                assertThat(rotate(store, alice, session, first).presented()).isEqualTo(Presented.ROTATED);
                RedisServer.await(
                        "the replica is in line",
                        () -> replica.ask(redis -> redis.hlen(RedisTokenStore.key(alice)) == 1));
                RedisServer.await(
                        "the Sentinels know each other and the replica",
                        () -> sentinels.stream()
                                .allMatch(sentinel -> sentinel.ask(
                                        redis -> redis.info("sentinel").contains("slaves=1,sentinels=3"))));

                long start = System.nanoTime();
                master.kill();
                RedisServer.await("the store works again", () -> works(store));
                System.out.printf(
                        "Redis: %d ms from the master's end to the next login%n",
                        (System.nanoTime() - start) / 1_000_000);
                assertThat(isLive(store, alice, session)).isTrue();
                assertThat(isLive(store, alice, ended)).isFalse();
                assertThat(rotate(store, alice, session, first).presented()).isEqualTo(Presented.REPEATED);
            } finally {
                sentinels.forEach(RedisServer::close);
            }
        }
    }

    /** A planned fail-over: the old master lives on as a replica, and must not be asked any more. */
    @Test
    void leavesAMasterThatBecameAReplica() {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.start("replicaof 127.0.0.1 " + master.port());
                RedisTokenStore store = RedisTokenStore.of(master.address())) {
            String session = open(store, alice);
            RedisServer.await(
                    "the replica is in line", () -> replica.ask(redis -> redis.hlen(RedisTokenStore.key(alice)) == 1));
            List<RedisServer> sentinels = sentinels(master, Duration.ofSeconds(30));
            try (RedisTokenStore watched = RedisTokenStore.of(address(sentinels))) {
                assertThat(isLive(watched, alice, session)).isTrue();
                RedisServer.await(
                        "the Sentinels know each other and the replica",
                        () -> sentinels.stream()
                                .allMatch(sentinel -> sentinel.ask(
                                        redis -> redis.info("sentinel").contains("slaves=1,sentinels=3"))));
                String done = sentinels.get(0).sentinel(redis -> redis.failover("sessions"));
                assertThat(done).isEqualTo("OK");
                RedisServer.await(
                        "the replica is master",
                        () -> replica.ask(redis -> redis.info("replication").contains("role:master")));
                RedisServer.await(
                        "the master is replica",
                        () -> master.ask(redis -> redis.info("replication").contains("role:slave")));
                RedisServer.await("the store works again", () -> works(watched));

                assertThat(watched.end(alice, session)).isTrue();
                assertThat(isLive(watched, alice, session)).isFalse();
                long left = replica.ask(redis -> redis.exists(RedisTokenStore.key(alice)));
                assertThat(left).isZero();
            } finally {
                sentinels.forEach(RedisServer::close);
            }
        }
    }

    private static boolean works(RedisTokenStore store) {
        return !open(store, subject()).isEmpty();
    }

    private static List<RedisServer> sentinels(RedisServer master, Duration patience) {
        return Stream.generate(() -> RedisServer.sentinel(
                        "sentinel monitor sessions 127.0.0.1 " + master.port() + " 2",
                        "sentinel down-after-milliseconds sessions " + patience.toMillis(),
                        "sentinel failover-timeout sessions 3000"))
                .limit(3)
                .toList();
    }

    private static String address(List<RedisServer> sentinels) {
        return sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + sentinel.port())
                .collect(Collectors.joining(",", "redis-sentinel://", "#sessions"));
    }
}
