package dev.latchkey.redis;

import dev.latchkey.testkit.StoreArchitecture;

class ArchitectureTest extends StoreArchitecture {

    /** Lettuce's synchronous calls wait by its own rules, and not by the store's timeout: they are left out. */
    ArchitectureTest() {
        super(
                RedisTokenStore.class,
                "io.lettuce.core",
                "io.lettuce.core.api",
                "io.lettuce.core.api.async",
                "io.lettuce.core.cluster",
                "io.lettuce.core.cluster.api",
                "io.lettuce.core.cluster.api.async",
                "io.lettuce.core.codec",
                "io.lettuce.core.resource");
    }
}
