package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is special about memory: bounds, expiry and restarts. All else stands in the contract of stores. */
class MemoryTokenStoreTest {

    private static final Instant START = StandingClock.START;
    private static final TokenStore.Subject ALICE = new TokenStore.Subject("notes", "alice");
    private static final TokenStore.Subject BOB = new TokenStore.Subject("notes", "bob");

    private final StandingClock clock = new StandingClock();
    private final TokenStore store = TokenStore.inMemory(clock, 3);

    private void open(TokenStore.Subject subject, String id) {
        Instant now = clock.instant();
        Session session = new Session(id, "", now, now, now.plusSeconds(1000));
        TokenStore.RefreshToken first = new TokenStore.RefreshToken(id + "-1", now, now.plusSeconds(20));
        assertThat(store.open(subject, store.generation(subject), session, first, 100))
                .hasValue(List.of());
    }

    /** Three entries that end after 20 seconds. */
    private void fill() {
        open(BOB, "s");
        store.revoke(BOB, "t", START.plusSeconds(20));
        store.revoke(ALICE, "u", START.plusSeconds(20));
    }

    private void isFull() {
        assertThatThrownBy(() -> open(ALICE, "x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the memory store holds 3 live sessions and revocations and is full");
        assertThatThrownBy(() -> store.revoke(ALICE, "x", START.plusSeconds(90)))
                .hasMessageContaining("is full");
    }

    @Test
    void refusesToForgetWhatIsAlive() {
        fill();
        clock.advance(Duration.ofSeconds(20).plus(TokenStore.SLACK));
        isFull();
        assertThat(store.isLive(BOB, "any", "s", START)).isTrue();
        assertThat(store.isLive(BOB, "t", null, START)).isFalse();
        assertThat(store.isLive(ALICE, "u", null, START)).isFalse();
    }

    @Test
    void makesRoomByForgettingWhatIsOver() {
        fill();
        clock.advance(Duration.ofSeconds(20).plus(TokenStore.SLACK).plusNanos(1));
        open(ALICE, "a");
        assertThat(store.isLive(BOB, "any", "s", START)).isFalse();
        open(ALICE, "b");
        open(ALICE, "c");
        isFull();
    }

    @Test
    void aGenerationTakesRoomUntilItIsOver() {
        for (String name : List.of("a", "b", "c")) {
            assertThat(store.endAll(new TokenStore.Subject("notes", name), null, START.plusSeconds(20)))
                    .isZero();
        }
        isFull();
        clock.advance(Duration.ofSeconds(21).plus(TokenStore.SLACK));
        open(ALICE, "a");
        assertThat(store.generation(new TokenStore.Subject("notes", "a"))).isZero();
    }

    /** Ending needs no room: whoever wants out gets out. */
    @Test
    void endsSessionsWhenItIsFull() {
        fill();
        assertThat(store.end(BOB, "s")).isTrue();
        open(BOB, "s2");
        isFull();
        assertThat(store.endAll(BOB, null, START.plusSeconds(1000))).isEqualTo(1);
        assertThat(store.isLive(BOB, "any", "s2", START)).isFalse();
    }

    @Test
    void forgetsBitByBitWithoutBeingFull() {
        TokenStore large = TokenStore.inMemory(clock, 1000);
        for (int i = 0; i < 900; i++) {
            large.revoke(new TokenStore.Subject("notes", "" + i), "t", START.plusSeconds(20));
        }
        clock.advance(Duration.ofMinutes(3));
        for (int i = 0; i < 300; i++) { // each write looks at a few: none of these is the last drop
            large.revoke(ALICE, "t" + i, clock.instant().plusSeconds(20));
        }
        for (int i = 0; i < 700; i++) {
            large.revoke(BOB, "t" + i, clock.instant().plusSeconds(20));
        }
        assertThatThrownBy(() -> large.revoke(BOB, "x", START)).hasMessageContaining("holds 1000 live");
    }

    /** What was revoked before the start is forgotten, so everything from before the start is refused. */
    @Test
    void refusesTokensFromBeforeItsStart() {
        assertThat(store.isLive(ALICE, "t", null, START.minusSeconds(1))).isFalse();
        assertThat(store.isLive(ALICE, "t", null, START)).isTrue();
        assertThat(store.isLive(ALICE, "t", "a session of before", START)).isFalse();
    }

    @Test
    void neverBlocks_andSaysWhatItLacks() {
        assertThat(store.blocks()).isFalse();
        assertThat(store.warnings()).singleElement().asString().contains("for one node only");
        assertThatThrownBy(() -> TokenStore.inMemory(clock, 0)).hasMessage("maxEntries is 0, needs at least 1");
    }

    @Test
    void aFullStoreFailsALoginAloud() {
        Latchkey auth = Forge.latchkey(clock).store(store).build();
        fill();
        Refusal.expect(AuthError.UNAVAILABLE, () -> auth.issue("alice"));
    }
}
