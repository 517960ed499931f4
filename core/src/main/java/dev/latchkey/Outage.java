package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Since when the store has not answered this node. */
final class Outage {

    private final AtomicReference<@Nullable Instant> since = new AtomicReference<>();

    /** How long ago the first call failed of those that failed without an answer in between. */
    Duration lasts(Instant now) {
        since.compareAndSet(null, now);
        Instant start = since.get();
        return start == null ? Duration.ZERO : Duration.between(start, now);
    }

    void end() {
        if (since.get() != null) {
            since.set(null);
        }
    }
}
