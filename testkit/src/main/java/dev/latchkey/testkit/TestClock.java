package dev.latchkey.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that moves only when a test says so.
 *
 * <pre>{@code
 * TestClock clock = TestClock.at("2026-11-21T12:00:00Z");
 * clock.advance(Duration.ofMinutes(16));
 * }</pre>
 */
public final class TestClock extends Clock {

    private Instant now;

    private TestClock(Instant start) {
        this.now = start;
    }

    /** A clock that stands at an ISO 8601 moment; throws {@link java.time.DateTimeException} for other text. */
    public static TestClock at(String moment) {
        return new TestClock(Instant.parse(moment));
    }

    /** A clock that stands at the moment of this call. */
    public static TestClock now() {
        return new TestClock(Instant.now());
    }

    /** Moves the clock, backwards for a negative duration. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** The same clock: it tells instants only. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
