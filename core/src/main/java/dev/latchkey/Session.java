package dev.latchkey;

import java.time.Instant;

/**
 * What one login opened on one device.
 *
 * @param id the {@code sid} of all its tokens
 * @param label what the user knows the device by, such as the browser's {@code User-Agent}; may be empty
 * @param startedAt when the login was
 * @param usedAt when it was last refreshed, or the login
 * @param endsAt when it ends at the latest, however often it is refreshed
 */
public record Session(String id, String label, Instant startedAt, Instant usedAt, Instant endsAt) {}
