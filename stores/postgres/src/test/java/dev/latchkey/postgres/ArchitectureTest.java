package dev.latchkey.postgres;

import dev.latchkey.testkit.StoreArchitecture;

class ArchitectureTest extends StoreArchitecture {

    ArchitectureTest() {
        super(PostgresTokenStore.class, "javax.sql..");
    }
}
