package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.latchkey.Latchkey;
import org.junit.jupiter.api.Test;

/**
 * An application with a hole does not start: for adapters that can know.
 *
 * <p>It serves {@code GET /closed}, of which nothing is said; with a hole, beside what the adapter covers.
 */
public abstract class HoleContract extends ContractBase {

    /** Starts the application on a free port of the loopback interface. */
    protected abstract AdapterContract.App start(Latchkey auth, boolean hole);

    @Test
    void applicationWithAHoleDoesNotStart() {
        Latchkey auth = settings().build();

        Throwable thrown = catchThrowable(() -> talk(start(auth, true), auth));
        assertThat(thrown).hasStackTraceContaining("IllegalStateException");
        assertThat(talk(start(auth, false), auth).get("/closed").status()).isEqualTo(401);
    }
}
