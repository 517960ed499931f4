package dev.latchkey.testkit;

/** What a store must do beyond {@link StoreContract} if its data outlive its server. */
public abstract class DurableStoreContract extends StoreContract {

    /**
     * Kills the server that keeps the data, as {@code kill -9} does, and starts it again with what it had written; returns
     * once it answers.
     */
    protected abstract void restart();
}
