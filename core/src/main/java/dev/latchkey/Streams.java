package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches over what tokens opened and keep open, on two threads that start with the first stream. */
final class Streams implements AutoCloseable {

    /** How long a stream stays open that no store can vouch for. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Stream(CompletableFuture<Void> ended, Claims token) {

        TokenStore.Subject subject() {
            return token.storeSubject();
        }

        /**
         * On a thread of its own: whoever is told may take a while, and the others must not wait for it, nor for what the
         * application does on the common pool.
         */
        void end() {
            var unused = ended.completeAsync(() -> null, task -> daemon(task).start());
        }
    }

    private final Settings settings;
    private final Outage outage = new Outage();
    private final Queue<Stream> streams = new ConcurrentLinkedQueue<>();
    private @Nullable ScheduledExecutorService timer;

    Streams(Settings settings) {
        this.settings = settings;
    }

    CompletableFuture<Void> ended(VerifiedToken token) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        streams.add(new Stream(ended, token.claims()));
        start();
        return ended;
    }

    private synchronized void start() {
        if (timer == null) {
            timer = Executors.newScheduledThreadPool(2, Streams::daemon);
            ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(this::endExpired, 0, 250, TimeUnit.MILLISECONDS);
            if (settings.store != null) {
                unused = timer.scheduleWithFixedDelay(this::endWithTheirSession, 1, 1, TimeUnit.SECONDS);
            }
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "latchkey-streams");
        thread.setDaemon(true);
        return thread;
    }

    private void endExpired() {
        Instant now = settings.clock.instant();
        streams.removeIf(stream -> stream.ended().isDone());
        for (Stream stream : streams) {
            if (!now.isBefore(stream.token().expiresAt())) {
                stream.end();
            }
        }
    }

    /** One read for all of them, however many; a store that cannot answer ends them once it was gone for long. */
    private void endWithTheirSession() {
        List<Stream> asked = new ArrayList<>();
        Map<String, TokenStore.Subject> sessions = new HashMap<>();
        for (Stream stream : streams) {
            stream.token().sessionId().ifPresent(session -> {
                asked.add(stream);
                sessions.put(session, stream.subject());
            });
        }
        if (asked.isEmpty()) {
            return;
        }
        Set<String> live;
        try {
            TokenStore store = Objects.requireNonNull(settings.store);
            live = Checks.asked(() -> store.live(sessions));
            outage.end();
        } catch (AuthException e) {
            Log.refused(e, null);
            boolean shortly = outage.lasts(settings.clock.instant()).compareTo(PATIENCE) < 0;
            live = shortly ? sessions.keySet() : Set.of();
        }
        for (Stream stream : asked) {
            if (!live.contains(stream.token().sessionId().orElse(""))) {
                stream.end();
            }
        }
    }

    @Override
    public synchronized void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
        streams.forEach(Stream::end);
    }
}
