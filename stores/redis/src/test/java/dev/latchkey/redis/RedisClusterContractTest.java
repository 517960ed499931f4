package dev.latchkey.redis;

import dev.latchkey.TokenStore;
import dev.latchkey.testkit.DurableStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Three masters. */
@Tag("patience")
class RedisClusterContractTest extends DurableStoreContract {

    private static RedisCluster cluster;

    /** Longer than the default, as a machine that builds may let a server wait. */
    private static final Duration BUSY = Duration.ofSeconds(5);

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
        return RedisTokenStore.cluster(cluster.addresses()).withTimeout(BUSY);
    }

    @Override
    protected void restart() {
        cluster.nodes().forEach(RedisServer::kill);
        cluster.nodes().forEach(RedisServer::restart);
        cluster.awaitAgreement();
    }
}
