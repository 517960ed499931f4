package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Latchkey;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * What an application tells when it starts: for adapters that know all routes or rules by then.
 *
 * <p>It serves {@code GET /open}, open, and {@code GET /closed}, of which nothing is said. The log of {@link
 * System.Logger} must go to {@code java.util.logging}.
 */
public abstract class ReportContract extends ContractBase {

    /** Starts the application on a free port of the loopback interface. */
    protected abstract AdapterContract.App start(Latchkey auth);

    /** What was logged meanwhile. */
    private Queue<String> listen(Runnable start) {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Logger log = Logger.getLogger("dev.latchkey");
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(listener);
        try {
            start.run();
        } finally {
            log.removeHandler(listener);
        }
        return lines;
    }

    @Test
    void startTellsWhatIsOpenAndWhereTheEndpointsLie() {
        Latchkey auth = settings().build();

        Queue<String> lines = listen(() -> talk(start(auth), auth));

        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .contains("/open", "endpoints: " + auth.endpoints())
                        .doesNotContain("/closed"));
    }
}
