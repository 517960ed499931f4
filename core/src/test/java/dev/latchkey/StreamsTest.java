package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamsTest {

    private final StandingClock clock = new StandingClock();
    private final Latchkey auth = Forge.latchkey(clock).build();

    private VerifiedToken token(Duration lifetime) {
        return auth.verify(auth.accessToken("alice", Grant.create().lifetime(lifetime)));
    }

    @Test
    void endsWithTheToken_notBefore() {
        CompletableFuture<Void> shortly = auth.ended(token(Duration.ofSeconds(10)));
        CompletableFuture<Void> later = auth.ended(token(Duration.ofSeconds(11)));
        clock.advance(Duration.ofSeconds(10));

        assertThat(shortly).succeedsWithin(5, TimeUnit.SECONDS);
        assertThat(later).isNotDone();
    }

    @Test
    void handlerThatTakesLong_keepsNobodyWaiting() {
        CompletableFuture<Void> stuck = new CompletableFuture<>();
        CompletableFuture<Void> first =
                auth.ended(token(Duration.ofSeconds(10))).thenRun(stuck::join);
        CompletableFuture<Void> second = auth.ended(token(Duration.ofSeconds(10)));
        clock.advance(Duration.ofSeconds(10));

        assertThat(second).succeedsWithin(5, TimeUnit.SECONDS);
        assertThat(first).isNotDone();
        stuck.complete(null);
    }

    /** On one or two processors a single task that blocks there is enough to fill the common pool. */
    @Test
    void applicationThatBlocksTheCommonPool_keepsNobodyOpen() {
        CountDownLatch stuck = new CountDownLatch(1);
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            ForkJoinPool.commonPool().execute(() -> {
                try {
                    stuck.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        CompletableFuture<Void> ended = auth.ended(token(Duration.ofSeconds(10)));
        clock.advance(Duration.ofSeconds(10));

        assertThat(ended).succeedsWithin(5, TimeUnit.SECONDS);
        stuck.countDown();
    }

    @Test
    void closing_endsAllStreams() {
        CompletableFuture<Void> ended = auth.ended(token(Duration.ofHours(1)));
        auth.close();

        assertThat(ended).succeedsWithin(5, TimeUnit.SECONDS);
    }

    @Test
    void endsWithTheSession_endedByAnybody() {
        Tokens hers = auth.issue("alice");
        CompletableFuture<Void> ended = auth.ended(auth.verify(hers.accessToken()));
        CompletableFuture<Void> stays =
                auth.ended(auth.verify(auth.issue("alice").accessToken()));
        CompletableFuture<Void> alone = auth.ended(token(Duration.ofHours(1)));
        auth.logout(hers.accessToken());

        assertThat(ended).succeedsWithin(5, TimeUnit.SECONDS);
        assertThat(stays).isNotDone();
        assertThat(alone).isNotDone();
    }

    @Test
    void storeThatIsGoneEndsStreamsAfterAWhile() {
        NotingStore store = new NotingStore(clock);
        Latchkey auth = Forge.latchkey(clock).store(store).build();
        CompletableFuture<Void> ended =
                auth.ended(auth.verify(auth.issue("alice").accessToken()));
        store.broken = new IllegalStateException("connection refused");
        looks(store, 2);
        assertThat(ended).isNotDone();
        clock.advance(Streams.PATIENCE);

        assertThat(ended).succeedsWithin(5, TimeUnit.SECONDS);
    }

    @Test
    void oneReadPerSecondWhateverTheNumberOfStreams() {
        NotingStore store = new NotingStore(clock);
        Latchkey auth = Forge.latchkey(clock).store(store).build();
        for (int i = 0; i < 100; i++) {
            assertThat(auth.ended(auth.verify(auth.issue("alice").accessToken())))
                    .isNotDone();
        }
        looks(store, 1);

        assertThat(store.told("live")).containsOnly("live 100");
        auth.close();
    }

    private static void looks(NotingStore store, int times) {
        int before = store.told("live").size();
        Instant deadline = Instant.now().plusSeconds(10);
        while (store.told("live").size() < before + times) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.onSpinWait();
        }
    }
}
