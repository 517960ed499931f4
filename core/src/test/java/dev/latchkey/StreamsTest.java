package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

    @Test
    void closing_endsAllStreams() {
        CompletableFuture<Void> ended = auth.ended(token(Duration.ofHours(1)));
        auth.close();

        assertThat(ended).succeedsWithin(5, TimeUnit.SECONDS);
    }
}
