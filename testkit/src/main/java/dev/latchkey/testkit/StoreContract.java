package dev.latchkey.testkit;

import dev.latchkey.TokenStore;

/**
 * What every {@link TokenStore} must do, races included. Extend it in the store's tests: no clause can be switched off.
 * A store whose data outlive its server takes {@link DurableStoreContract}.
 *
 * <p>The clauses name subjects of their own, so that one server serves them all, one after the other or at once. Its
 * clock must be that of the machine that runs the tests. The races run a thousand rounds each, or as many as the system
 * property {@code latchkey.rounds} says, and log a line of what they met.
 *
 * <p>{@code docs/extending.md} tells how.
 */
public abstract class StoreContract extends StoreNameClauses {

    /**
     * Opens the store as one more node of the same application would: over the same data, with connections of its own
     * where it has any. The contract closes it. A store for a single node is handed out again.
     */
    @Override
    protected abstract TokenStore open();
}
