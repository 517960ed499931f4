package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strangers who make up key ids by the thousand, while others only want to come in. */
class KeyStormTest {

    private static final int THREADS = 8;
    private static final int EACH = 1_250;

    private final Provider provider = new Provider();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger refused = new AtomicInteger();

    @AfterEach
    void close() {
        threads.shutdownNow();
        provider.close();
    }

    /** Tokens with random ids; the half minute passes once on the way, in halves, as a request lasts less than one. */
    private Callable<Void> stranger(Latchkey auth, int which) {
        return () -> {
            String token = Provider.token("#", Provider.KEY);
            String rest = token.substring(token.indexOf('.'));
            for (int i = 0; i < EACH; i++) {
                String kid = "made-up-" + which + "-" + i;
                String header = "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}";
                Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(Forge.encode(Forge.utf8(header)) + rest));
                int sofar = refused.incrementAndGet();
                if (sofar == THREADS * EACH / 2 || sofar == THREADS * EACH * 3 / 4) {
                    provider.clock.advance(Duration.ofSeconds(15));
                }
            }
            return null;
        };
    }

    private List<Future<Void>> strangers(Latchkey auth) {
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            all.add(threads.submit(stranger(auth, i)));
        }
        return all;
    }

    private static void end(List<Future<Void>> all) throws Exception {
        for (Future<Void> one : all) {
            try {
                one.get(60, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            }
        }
    }

    @Test
    void tenThousandMadeUpIdsCauseAFetchEachHalfMinute() throws Exception {
        try (Latchkey auth = provider.trusting()) {
            provider.clock.advance(Duration.ofSeconds(30));
            List<Future<Void>> strangers = strangers(auth);
            int passed = 0;
            while (strangers.stream().anyMatch(one -> !one.isDone())) {
                assertThat(provider.passes(auth)).isTrue();
                passed++;
            }
            end(strangers);
            assertThat(refused).hasValue(THREADS * EACH);
            assertThat(passed).isPositive();
            assertThat(provider.host.fetches())
                    .as("the first, and one each half minute")
                    .isEqualTo(3);
            assertThat(provider.told).isEmpty();
        }
    }

    @Test
    void knownKeysPassWhileAFetchForMadeUpIdsHangs() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (Latchkey auth = provider.trusting()) {
            provider.host.holdsBack(gate);
            provider.clock.advance(Duration.ofSeconds(30));
            List<Future<Void>> strangers = strangers(auth);
            for (int i = 0; i < 50; i++) {
                assertThat(provider.passes(auth)).isTrue();
            }
            assertThat(strangers).as("those who wait").allMatch(one -> !one.isDone());
            gate.countDown();
            end(strangers);
            assertThat(refused).hasValue(THREADS * EACH);
            assertThat(provider.host.fetches()).isEqualTo(3);
        }
    }

    /** More than wait for a fetch are refused while it hangs. */
    @Test
    void noMoreThanAFewWaitForAFetch() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch refusals = new CountDownLatch(64 - 17);
        try (Latchkey auth = provider.trusting()) {
            provider.host.holdsBack(gate);
            provider.clock.advance(Duration.ofSeconds(30));
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String token = Provider.token("made-up-" + i, Provider.KEY);
                all.add(threads.submit(() -> {
                    Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(token));
                    refusals.countDown();
                    return null;
                }));
            }
            // A few may see the queue shorter than it is, so that a few more wait.
            while (refusals.getCount() > 8) {
                assertThat(provider.passes(auth)).isTrue();
                if (refusals.await(10, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
            gate.countDown();
            end(all);
            assertThat(provider.host.fetches()).isEqualTo(2);
        }
    }

    @Test
    void aColdCacheIsFilledByOneFetchForAll() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        provider.host.holdsBack(gate);
        try (Latchkey auth = provider.trusting(provider.keys())) {
            CountDownLatch running = new CountDownLatch(64);
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(threads.submit(() -> {
                    running.countDown();
                    assertThat(provider.passes(auth)).isTrue();
                    return null;
                }));
            }
            assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
            gate.countDown();
            end(all);
            assertThat(provider.host.fetches()).isEqualTo(1);
        }
    }

    /** A server has some two hundred threads: half of them are left for whoever needs no keys of this issuer. */
    @Test
    void noMoreThanAHundredWaitForAColdCache() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch refusals = new CountDownLatch(190 - 101 - 40); // who looks at the queue at once sees it shorter
        provider.host.holdsBack(gate);
        try (Latchkey auth = provider.trusting(provider.keys())) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 190; i++) {
                all.add(threads.submit(() -> {
                    try {
                        return provider.passes(auth);
                    } catch (AuthException refusal) {
                        assertThat(refusal.error()).isEqualTo(AuthError.UNAVAILABLE);
                        refusals.countDown();
                        return false;
                    }
                }));
            }
            assertThat(refusals.await(20, TimeUnit.SECONDS))
                    .as("some are refused while the others wait")
                    .isTrue();
            gate.countDown();
            int passed = 0;
            for (Future<Boolean> one : all) {
                passed += one.get(20, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(passed).isBetween(100, 141);
            assertThat(provider.host.fetches()).isEqualTo(1);
        }
    }

    @Test
    void anEndedCacheIsFilledByOneFetchForAll() throws Exception {
        try (Latchkey auth = provider.trusting()) {
            for (int round = 2; round < 12; round++) {
                provider.clock.advance(Duration.ofMinutes(5));
                List<Future<Void>> all = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    all.add(threads.submit(() -> {
                        assertThat(provider.passes(auth)).isTrue();
                        return null;
                    }));
                }
                end(all);
                assertThat(provider.host.fetches()).isEqualTo(round);
            }
        }
    }
}
