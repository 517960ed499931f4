package dev.latchkey.redis;

import dev.latchkey.TokenStore;
import dev.latchkey.testkit.DurableStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Three masters. */
@Tag("patience")
class RedisClusterContractTest extends DurableStoreContract {

    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start("appendonly yes", "appendfsync always");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    protected TokenStore open() {
        return RedisTokenStore.cluster(cluster.addresses());
    }

    @Override
    protected void restart() {
        cluster.nodes().forEach(RedisServer::kill);
        cluster.nodes().forEach(RedisServer::restart);
        cluster.awaitAgreement();
    }
}
