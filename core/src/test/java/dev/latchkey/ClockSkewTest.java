package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes over one store, whose clocks differ from that of the store and from each other. */
class ClockSkewTest {

    private final StandingClock clock = new StandingClock();
    private final TokenStore store = TokenStore.inMemory(clock);

    ClockSkewTest() {
        clock.advance(Duration.ofMinutes(1)); // a store in memory refuses what was issued before it was made
    }

    private Latchkey node(int seconds) {
        return Forge.latchkey(Clock.offset(clock, Duration.ofSeconds(seconds)))
                .store(store)
                .build();
    }

    @ParameterizedTest
    @CsvSource({"30,-30", "-30,30", "30,0", "-30,0", "0,30", "0,-30"})
    void sessionsGoOnAndEndOnEveryNode(int one, int other) {
        Latchkey here = node(one);
        Latchkey there = node(other);
        Tokens tokens = here.issue("alice");
        assertThat(there.verify(tokens.accessToken()).subject()).isEqualTo("alice");

        Tokens next = there.refresh(tokens.refreshToken().orElseThrow());
        Tokens again = here.refresh(tokens.refreshToken().orElseThrow());
        assertThat(again.refreshToken()).isEqualTo(next.refreshToken());
        assertThat(here.verify(next.accessToken()).subject()).isEqualTo("alice");

        there.revokeAll("alice");
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> here.verify(next.accessToken()));
        Refusal.expect(
                AuthError.TOKEN_REVOKED, () -> here.refresh(next.refreshToken().orElseThrow()));
        assertThat(there.verify(here.issue("alice").accessToken()).subject()).isEqualTo("alice");
    }

    /** What was revoked stays so until every node takes the token for expired. */
    @ParameterizedTest
    @CsvSource({"30,-30", "-30,30"})
    void revokedTokensStayRevokedUntilTheLastNodeTakesThemForExpired(int one, int other) {
        Latchkey here = node(one);
        Latchkey there = node(other);
        String token = here.accessToken("alice");
        here.revoke(here.verify(token));
        for (int second = 0; second < 1000; second += 5) {
            clock.advance(Duration.ofSeconds(5));
            store.revoke(new TokenStore.Subject("notes", "bob"), "any", clock.instant()); // sweeps
            assertThat(there.check(Request.bearer(token), Access.required()).admitted())
                    .isFalse();
        }
    }

    @Test
    void newTokensWithoutSessionPassEverywhere_afterAllWereEnded() {
        Latchkey behind = node(-30);
        Latchkey ahead = node(30);
        String before = behind.accessToken("alice");
        ahead.revokeAll("alice");
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> behind.verify(before));

        String after = behind.accessToken("alice");
        assertThat(ahead.verify(after).subject()).isEqualTo("alice");
        assertThat(behind.verify(after).subject()).isEqualTo("alice");
    }

    /** The limit that docs/sessions.md names: nothing but its own iat says when such a token was made. */
    @Test
    void aTokenWithoutSessionOfANodeThatIsAheadSurvives_aSessionDoesNot() {
        Latchkey ahead = node(30);
        String alone = ahead.accessToken("alice");
        String ofASession = ahead.issue("alice").accessToken();
        node(0).revokeAll("alice");

        assertThat(ahead.verify(alone).subject()).isEqualTo("alice");
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> ahead.verify(ofASession));
    }
}
