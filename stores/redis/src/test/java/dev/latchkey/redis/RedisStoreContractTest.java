package dev.latchkey.redis;

import dev.latchkey.TokenStore;
import dev.latchkey.testkit.DurableStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisStoreContractTest extends DurableStoreContract {

    private static RedisServer server;

    /** Longer than the default, as a machine that builds may let a server wait. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    @BeforeAll
    static void start() {
        server = RedisServer.start("appendonly yes", "appendfsync always");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected TokenStore open() {
        return RedisTokenStore.of(server.address()).withTimeout(BUSY);
    }

    @Override
    protected void restart() {
        server.kill();
        server.restart();
    }
}
