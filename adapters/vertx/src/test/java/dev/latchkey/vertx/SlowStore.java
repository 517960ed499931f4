package dev.latchkey.vertx;

import dev.latchkey.TokenStore;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A store that takes its time to answer for a token, as a database does. */
final class SlowStore {

    private static final Duration DELAY = Duration.ofMillis(20);

    private SlowStore() {}

    static TokenStore create() {
        return create(true);
    }

    /** One that does not block says so falsely. */
    static TokenStore create(boolean blocks) {
        TokenStore store = TokenStore.inMemory(Clock.systemUTC());
        return (TokenStore) Proxy.newProxyInstance(
                TokenStore.class.getClassLoader(), new Class<?>[] {TokenStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isLive")) {
                        pause();
                    }
                    return method.getName().equals("blocks") ? blocks : method.invoke(store, arguments);
                });
    }

    /** What each question to a database takes in the tests of threads. */
    static void pause() {
        LockSupport.parkNanos(DELAY.toNanos());
    }
}
