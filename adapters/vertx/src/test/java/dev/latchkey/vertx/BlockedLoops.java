package dev.latchkey.vertx;

import io.vertx.core.VertxOptions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Counts what Vert.x says about event loops that are blocked, in place of the log. A machine that is busy with other
 * programs holds up a loop too: the stack tells whether a store or a hook did.
 */
final class BlockedLoops extends Handler {

    static final int MILLIS = 15; // a pause of the slow store takes 20

    private final Logger checker = Logger.getLogger("io.vertx.core.impl.BlockedThreadChecker");
    private final LongAdder warnings = new LongAdder();
    private final LongAdder paused = new LongAdder();

    BlockedLoops() {
        checker.addHandler(this);
        checker.setUseParentHandlers(false);
    }

    /** One loop that counts as blocked sooner than the slow store has answered once. */
    static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(1)
                .setBlockedThreadCheckInterval(5)
                .setMaxEventLoopExecuteTime(MILLIS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setWarningExceptionTime(MILLIS) // the warning has the stack
                .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS);
    }

    @Override
    public void publish(LogRecord line) {
        warnings.increment();
        if (line.getThrown() != null
                && Arrays.stream(line.getThrown().getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(SlowStore.class.getName()))) {
            paused.increment();
        }
    }

    /** All warnings. */
    long warnings() {
        return warnings.sum();
    }

    /** The warnings that found the loop in a pause of the slow store, or of a hook that takes the same. */
    long paused() {
        return paused.sum();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        checker.setUseParentHandlers(true);
        checker.removeHandler(this);
    }
}
