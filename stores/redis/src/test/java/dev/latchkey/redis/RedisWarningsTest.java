package dev.latchkey.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.TokenStore;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the operator is told at start, by servers with the settings in question. */
class RedisWarningsTest {

    private static final String[] SAFE = {"appendonly yes", "appendfsync always"};

    private static RedisServer safe(String... settings) {
        return RedisServer.start(
                Stream.concat(Stream.of(SAFE), Stream.of(settings)).toArray(String[]::new));
    }

    private static List<String> warnings(RedisServer server) {
        try (RedisTokenStore store = RedisTokenStore.of(server.address())) {
            return store.warnings();
        }
    }

    @Test
    void nothingAboutSafeSettings() {
        try (RedisServer server = safe("maxmemory 100mb", "maxmemory-policy noeviction")) {
            assertThat(warnings(server)).isEmpty();
        }
    }

    @Test
    void serverThatMayEvict() {
        for (String policy : List.of("allkeys-lru", "volatile-ttl")) {
            try (RedisServer server = safe("maxmemory 100mb", "maxmemory-policy " + policy)) {
                assertThat(warnings(server))
                        .containsExactly("Redis at " + server.address() + ": maxmemory-policy is " + policy
                                + ": a full server logs people out, and forgets revoked tokens that have no session; "
                                + "set maxmemory-policy noeviction");
            }
        }
    }

    @Test
    void serverThatForgetsWithACrash() {
        try (RedisServer server = RedisServer.start()) {
            assertThat(warnings(server)).singleElement().asString().contains("appendonly is no: a crash brings back");
        }
        try (RedisServer server = RedisServer.start("appendonly yes", "appendfsync everysec")) {
            assertThat(warnings(server)).singleElement().asString().contains("appendfsync is everysec: a crash");
        }
    }

    @Test
    void replicasAndTheirMaster() {
        try (RedisServer master = safe();
                RedisServer replica = safe("replicaof 127.0.0.1 " + master.port())) {
            RedisServer.await(
                    "the replica is in line",
                    () -> master.ask(redis -> redis.info("replication").contains("state=online")));

            assertThat(warnings(master)).singleElement().asString().contains("set min-replicas-to-write 1");
            assertThat(warnings(replica)).isEmpty();
            master.ask(redis -> redis.configSet("min-replicas-to-write", "1"));
            assertThat(warnings(master)).isEmpty();
        }
    }

    @Test
    void serverThatKeepsItsSettingsToItself() {
        try (RedisServer server = safe(
                "user latchkey on >s3cret ~latchkey:* +@all -config -info", "user default on nopass ~* &* +@all")) {
            String address = server.address().replace("//", "//latchkey:s3cret@");
            try (RedisTokenStore store = RedisTokenStore.of(address)) {
                assertThat(store.warnings())
                        .singleElement()
                        .asString()
                        .startsWith("Redis at redis://127.0.0.1:")
                        .contains(
                                "this user may not read all settings of the server, so see to them: maxmemory-policy");
            }
        }
    }

    private static final String[] LITTLE = {
        "appendonly yes",
        "appendfsync always",
        "user default on nopass ~* &* +@all",
        "user latchkey on >s3cret ~latchkey:* +hmget +hget +hgetall +hset +hdel +hlen +pttl +pexpireat +time +eval "
                + "+evalsha +ping +info +config|get +cluster|nodes"
    };

    /** What docs/redis.md says that the store's user needs. */
    @Test
    void userOfTheStoreNeedsLittle() {
        try (RedisServer server = RedisServer.start(LITTLE);
                RedisTokenStore store = RedisTokenStore.of(asUser(server))) {
            assertServes(store);
        }
        try (RedisCluster cluster = RedisCluster.start(LITTLE);
                RedisTokenStore store =
                        RedisTokenStore.cluster(asUser(cluster.nodes().get(0)))) {
            assertServes(store);
        }
    }

    private static String asUser(RedisServer server) {
        return server.address().replace("//", "//latchkey:s3cret@");
    }

    private static void assertServes(RedisTokenStore store) {
        assertThat(store.warnings()).isEmpty();
        TokenStore.Subject alice = StoreCase.subject();
        TokenStore.RefreshToken first = StoreCase.token();
        String session = StoreCase.open(store, alice, first);
        assertThat(StoreCase.rotate(store, alice, session, first).presented()).isEqualTo(TokenStore.Presented.ROTATED);
        store.revoke(alice, StoreCase.newId(), StoreCase.now().plusSeconds(60));
        assertThat(store.live(Map.of(session, alice))).containsExactly(session);
        assertThat(StoreCase.isLive(store, alice, session)).isTrue();
        assertThat(store.sessions(alice)).hasSize(1);
        assertThat(store.end(alice, session)).isTrue();
        assertThat(store.endAll(alice, null, StoreCase.now().plusSeconds(60))).isZero();
        store.ping();
    }

    @Test
    void everyMasterOfACluster() {
        try (RedisCluster cluster = RedisCluster.start(SAFE)) {
            try (RedisTokenStore store = RedisTokenStore.cluster(cluster.addresses())) {
                assertThat(store.warnings()).isEmpty();
            }
            cluster.nodes().get(1).ask(redis -> redis.configSet("appendfsync", "no"));
            cluster.nodes().get(2).ask(redis -> redis.configSet("appendfsync", "no"));
            try (RedisTokenStore store = RedisTokenStore.cluster(cluster.addresses())) {
                assertThat(store.warnings()).singleElement().asString().contains("appendfsync is no: ");
            }
        }
    }

    @Test
    void whatCanBeReadIsToldOf() {
        try (RedisServer server = safe(
                "maxmemory-policy volatile-lru",
                "user latchkey on >s3cret ~latchkey:* +@all -config",
                "user default on nopass ~* &* +@all")) {
            try (RedisTokenStore store = RedisTokenStore.of(asUser(server))) {
                assertThat(store.warnings())
                        .hasSize(2)
                        .anyMatch(advice -> advice.contains("maxmemory-policy is volatile-lru"))
                        .anyMatch(advice -> advice.contains("this user may not read all settings"));
            }
        }
    }
}
