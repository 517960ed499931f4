package dev.latchkey.testkit;

import dev.latchkey.TokenStore;

/** The store that each {@link BrokenStore} is made of is not broken itself. */
class PlainStoreContractTest extends DurableStoreContract {

    private final PlainStore store = new PlainStore();

    @Override
    protected TokenStore open() {
        return store.node();
    }

    @Override
    protected void restart() {
        store.restart();
    }

    /** It sorts them for each login. */
    @Override
    int veryMany() {
        return 1000;
    }
}
