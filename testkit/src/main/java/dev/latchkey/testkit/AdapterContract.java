package dev.latchkey.testkit;

import dev.latchkey.Latchkey;
import java.io.Closeable;
import java.net.URI;

/**
 * What every adapter must do, over real HTTP. Extend it in the adapter's tests, and start an application with all
 * {@link Route}s: no clause can be switched off.
 *
 * <p>{@code docs/extending.md} writes an adapter with it, step by step.
 */
public abstract class AdapterContract extends LocationClauses {

    /** The origin for which the application must set CORS headers, as its framework does it. */
    public static final String ORIGIN = "https://app.example";

    /**
     * Starts an application on a free port of the loopback interface.
     *
     * <p>It serves every {@link Route} (with {@link Route#access}, or nothing said where that is empty), demands
     * {@code Access.fresh()} of everything below {@code /group}, serves the endpoints of the given Latchkey, and lets
     * the framework answer preflights from {@link #ORIGIN} and set {@code Access-Control-Allow-Origin} for it. Before
     * anything is checked, the framework sets the cookie {@code seen=yes}, whatever the answer will be.
     */
    @Override
    protected abstract App start(Latchkey auth);

    /** A running application; closing it stops the server. */
    public interface App extends Closeable {

        /** Where it listens, such as {@code http://127.0.0.1:49152}. */
        URI uri();

        /** Stops the server. */
        @Override
        void close();

        /** An application from its address and the call that stops it. */
        static App of(URI uri, Runnable stop) {
            return new App() {
                @Override
                public URI uri() {
                    return uri;
                }

                @Override
                public void close() {
                    stop.run();
                }
            };
        }
    }
}
