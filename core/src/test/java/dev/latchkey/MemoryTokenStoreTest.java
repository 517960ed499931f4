package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryTokenStoreTest {

    private static final Instant START = StandingClock.START;

    private final StandingClock clock = new StandingClock();
    private final MemoryTokenStore store = new MemoryTokenStore(clock, 3);

    @Test
    void revokesOneTokenAndNoOther() {
        store.revoke("notes", "alice", "id-1", START.plusSeconds(60));
        assertThat(store.isRevoked(token("notes", "alice", "id-1", null, START)))
                .isTrue();
        assertThat(store.isRevoked(token("notes", "alice", "id-2", null, START)))
                .isFalse();
    }

    @Test
    void revokesASessionWithAllItsTokens() {
        store.revoke("notes", "alice", "sid-1", START.plusSeconds(60));
        assertThat(store.isRevoked(token("notes", "alice", "id-1", "sid-1", START)))
                .isTrue();
        assertThat(store.isRevoked(token("notes", "alice", "id-2", "sid-1", START)))
                .isTrue();
        assertThat(store.isRevoked(token("notes", "alice", "id-3", "sid-2", START)))
                .isFalse();
    }

    /** An id belongs to a subject of an issuer: nobody revokes another's by guessing it. */
    @Test
    void keepsIssuersAndSubjectsApart() {
        store.revoke("notes", "alice", "id-1", START.plusSeconds(60));
        store.revokeAll("notes", "alice", START, START.plusSeconds(1000));
        assertThat(store.isRevoked(token("notes", "bob", "id-1", null, START))).isFalse();
        assertThat(store.isRevoked(token("other", "alice", "id-1", null, START)))
                .isFalse();
        assertThat(store.isRevoked(token("notes", "alice", "id-9", null, START)))
                .isTrue();
    }

    @Test
    void revokesEverythingUpToTheCutOff() {
        assertThat(store.cutOff("notes", "alice")).isEqualTo(Instant.EPOCH);
        store.revokeAll("notes", "alice", START.plusSeconds(5), START.plusSeconds(1000));
        store.revokeAll("notes", "alice", START.plusSeconds(3), START.plusSeconds(1000));
        assertThat(store.cutOff("notes", "alice")).isEqualTo(START.plusSeconds(5));
        assertThat(store.isRevoked(token("notes", "alice", "a", null, START.plusSeconds(5))))
                .isTrue();
        assertThat(store.isRevoked(token("notes", "alice", "a", null, START.plusSeconds(6))))
                .isFalse();
    }

    /** What was revoked before the start is forgotten, so everything from before the start is refused. */
    @Test
    void refusesTokensFromBeforeItsStart() {
        assertThat(store.isRevoked(token("notes", "alice", "a", null, START.minusSeconds(1))))
                .isTrue();
        assertThat(store.isRevoked(token("notes", "alice", "a", null, START))).isFalse();
    }

    @Test
    void keepsTheLongerOfTwoRevocations() {
        store.revoke("notes", "alice", "a", START.plusSeconds(60));
        store.revoke("notes", "alice", "a", START.plusSeconds(10));
        clock.advance(Duration.ofSeconds(30));
        store.revoke("notes", "bob", "b", START.plusSeconds(90));
        store.revoke("notes", "bob", "c", START.plusSeconds(90));
        assertThatThrownBy(() -> store.revoke("notes", "bob", "d", START.plusSeconds(90)))
                .hasMessageContaining("is full");
        assertThat(store.isRevoked(token("notes", "alice", "a", null, START))).isTrue();
    }

    @Test
    void makesRoomByForgettingWhatExpired() {
        fill();
        clock.advance(Duration.ofSeconds(30));
        store.revoke("notes", "alice", "later", START.plusSeconds(90));
        assertThat(store.isRevoked(token("notes", "alice", "later", null, START)))
                .isTrue();
    }

    @Test
    void cutOffsTakeRoomAndLeaveItWhenTheyAreOver() {
        fill();
        clock.advance(Duration.ofSeconds(30));
        for (String subject : new String[] {"a", "b", "c"}) {
            store.revokeAll("notes", subject, START, START.plusSeconds(60));
        }
        assertThatThrownBy(() -> store.revokeAll("notes", "d", START, START.plusSeconds(60)))
                .hasMessage("the memory store holds 3 live revocations and is full");
        assertThatThrownBy(() -> store.revoke("notes", "alice", "e", START.plusSeconds(60)))
                .hasMessageContaining("is full");
        clock.advance(Duration.ofSeconds(30));
        store.revokeAll("notes", "d", START, START.plusSeconds(90));
        assertThat(store.cutOff("notes", "a")).isEqualTo(Instant.EPOCH);
        assertThat(store.cutOff("notes", "d")).isEqualTo(START);
    }

    @Test
    void refusesToForgetWhatIsAlive() {
        fill();
        assertThatThrownBy(() -> store.revoke("notes", "alice", "later", START.plusSeconds(90)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the memory store holds 3 live revocations and is full");
        assertThat(store.isRevoked(token("notes", "bob", "0", null, START))).isTrue();
    }

    @Test
    void aFullStoreFailsALogoutAloud() {
        Latchkey auth = Forge.latchkey(clock).store(store).build();
        Tokens tokens = auth.issue("alice");
        fill();
        Refusal.expect(AuthError.UNAVAILABLE, () -> auth.logout(tokens.accessToken()));
        Request logout = Request.post("/auth/logout").header("Authorization", "Bearer " + tokens.accessToken());
        assertThat(auth.serve(logout).status()).isEqualTo(503);
    }

    /** Three revocations that end after 20 seconds, where nothing else is held. */
    private void fill() {
        for (int i = 0; i < 3; i++) {
            store.revoke("notes", "bob", "" + i, START.plusSeconds(20));
        }
    }

    @Test
    void revokesFromManyThreadsAtOnce() {
        MemoryTokenStore large = new MemoryTokenStore(clock);
        IntStream.range(0, 5000)
                .parallel()
                .forEach(i -> large.revoke("notes", "alice", "id-" + i, START.plusSeconds(60)));
        assertThat(IntStream.range(0, 5000))
                .allMatch(i -> large.isRevoked(token("notes", "alice", "id-" + i, null, START)));
    }

    @Test
    void remembersUntilExpiryAndLeewayArePast() {
        Latchkey auth = Forge.latchkey(clock).store(store).build();
        String token = auth.accessToken("alice");
        auth.revoke(auth.verify(token));
        clock.advance(Duration.ofMinutes(15).plusSeconds(5).minusNanos(1));
        for (int i = 0; i < 2; i++) {
            store.revoke("notes", "bob", "" + i, clock.instant().plusSeconds(60));
        }
        assertThatThrownBy(() -> store.revoke("notes", "bob", "x", clock.instant()))
                .hasMessageContaining("is full");
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(token));
    }

    private static Claims token(String issuer, String subject, String id, String session, Instant issuedAt) {
        Map<String, Object> claims =
                new HashMap<>(Map.of("iss", issuer, "sub", subject, "jti", id, "iat", issuedAt.getEpochSecond()));
        if (session != null) {
            claims.put("sid", session);
        }
        return new Claims(Map.of(), claims);
    }
}
