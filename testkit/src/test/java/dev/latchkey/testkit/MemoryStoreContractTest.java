package dev.latchkey.testkit;

import dev.latchkey.TokenStore;
import java.time.Clock;

// region store contract
class MemoryStoreContractTest extends StoreContract {

    private final TokenStore store = TokenStore.inMemory(Clock.systemUTC());

    @Override
    protected TokenStore open() {
        return store;
    }
}
// endregion
