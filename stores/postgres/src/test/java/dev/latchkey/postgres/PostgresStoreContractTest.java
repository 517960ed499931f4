package dev.latchkey.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.TokenStore;
import dev.latchkey.testkit.DurableStoreContract;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** All that a store must do, over two pools. */
class PostgresStoreContractTest extends DurableStoreContract {

    private static Postgres server;
    private static List<HikariDataSource> pools = List.of();
    private static final AtomicInteger NODES = new AtomicInteger();

    @BeforeAll
    static void start() {
        server = new Postgres();
        pools = List.of(server.pool("postgres"), server.pool("postgres"));
    }

    @AfterAll
    static void stop() {
        pools.forEach(HikariDataSource::close);
        server.close();
    }

    @Override
    protected TokenStore open() {
        return PostgresTokenStore.of(pools.get(NODES.getAndIncrement() % 2)).createSchema();
    }

    @Override
    protected void restart() {
        server.kill();
        server.start();
    }
}
