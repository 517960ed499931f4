package dev.latchkey;

import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches over what tokens opened and keep open, on one thread that starts with the first stream. */
final class Streams implements AutoCloseable {

    private static final int LOOKS_PER_SECOND = 4;

    private record Stream(CompletableFuture<Void> ended, Claims token) {

        /** On another thread: whoever is told may take a while, and the others must not wait for it. */
        void end() {
            var unused = ended.completeAsync(() -> null);
        }
    }

    private final Settings settings;
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
            timer = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "latchkey-streams");
                thread.setDaemon(true);
                return thread;
            });
            ScheduledFuture<?> unused =
                    timer.scheduleWithFixedDelay(this::look, 0, 1000 / LOOKS_PER_SECOND, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        Instant now = settings.clock.instant();
        streams.removeIf(stream -> stream.ended().isDone());
        for (Stream stream : streams) {
            if (!now.isBefore(stream.token().expiresAt())) {
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
