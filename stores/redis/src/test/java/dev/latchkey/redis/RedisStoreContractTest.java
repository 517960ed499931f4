package dev.latchkey.redis;

import dev.latchkey.TokenStore;
import dev.latchkey.testkit.DurableStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisStoreContractTest extends DurableStoreContract {

    private static RedisServer server;

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
        return RedisTokenStore.of(server.address());
    }

    @Override
    protected void restart() {
        server.kill();
        server.restart();
    }
}
