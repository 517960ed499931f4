package dev.latchkey;

import static dev.latchkey.AuthError.REFRESH_TOKEN_REUSED;
import static dev.latchkey.AuthError.TOKEN_EXPIRED;
import static dev.latchkey.AuthError.TOKEN_REVOKED;
import static dev.latchkey.AuthError.TOKEN_TYPE_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A refresh token works once: tabs, lost answers and thieves. */
class RotationTest {

    private final StandingClock clock = new StandingClock();
    private final NotingStore store = new NotingStore(clock);
    private final NotingListener listener = new NotingListener();
    private final List<String> events = listener.events;
    private final Set<String> people = new HashSet<>(Set.of("alice", "bob"));
    private final Latchkey auth = settings().build();

    private LatchkeyBuilder settings() {
        return Forge.latchkey(clock)
                .store(store)
                .userLoader(claims -> Optional.of(claims.subject()).filter(people::contains))
                .listener(listener);
    }

    private static String refreshToken(Tokens tokens) {
        return tokens.refreshToken().orElseThrow();
    }

    private String id(String refreshToken) {
        return (String) auth.parseUnverified(refreshToken).claims().get("jti");
    }

    @Test
    void aRefreshTokenWorksOnce_andItsSuccessorGoesOn() {
        String first = refreshToken(auth.issue("alice"));
        String second = refreshToken(auth.refresh(first));
        String third = refreshToken(auth.refresh(second));

        assertThat(Set.of(id(first), id(second), id(third))).hasSize(3);
        assertThat(events).containsExactly("opened alice", "refreshed alice", "refreshed alice");
    }

    @Test
    void twoTabsGetTheSameSuccessor() {
        String first = refreshToken(auth.issue("alice"));
        Tokens oneTab = auth.refresh(first);
        clock.advance(Duration.ofSeconds(30));
        Tokens otherTab = auth.refresh(first);

        assertThat(auth.parseUnverified(refreshToken(otherTab)).claims())
                .isEqualTo(auth.parseUnverified(refreshToken(oneTab)).claims());
        assertThat(events).containsExactly("opened alice", "refreshed alice", "refreshed alice again");
        assertThat(auth.verify(oneTab.accessToken()).subject()).isEqualTo("alice");
        assertThat(auth.verify(otherTab.accessToken()).subject()).isEqualTo("alice");
    }

    @Test
    void afterTheGrace_aCopyEndsTheSession() {
        Tokens tokens = auth.issue("alice");
        Tokens next = auth.refresh(refreshToken(tokens));
        clock.advance(Duration.ofSeconds(30).plusNanos(1));

        List<LogBook.Line> lines = LogBook.during(() -> Refusal.expect(
                REFRESH_TOKEN_REUSED, "Token has been revoked", () -> auth.refresh(refreshToken(tokens))));

        assertThat(lines.get(0).text())
                .isEqualTo("refresh token reused, session ended: id="
                        + tokens.sessionId().orElseThrow() + " subject=alice");
        assertThat(events).contains("reuse alice");
        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(next.accessToken()));
        Refusal.expect(TOKEN_REVOKED, () -> auth.refresh(refreshToken(next)));
    }

    @Test
    void onceTheSuccessorWasUsed_aCopyEndsTheSessionWithinTheGrace() {
        Tokens tokens = auth.issue("alice");
        Tokens last = auth.refresh(refreshToken(auth.refresh(refreshToken(tokens))));

        Refusal.expect(REFRESH_TOKEN_REUSED, () -> auth.refresh(refreshToken(tokens)));
        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(last.accessToken()));
    }

    @Test
    void withoutGrace_aSecondUseIsTheft() {
        Latchkey strict = settings().refreshGrace(Duration.ZERO).build();
        String first = refreshToken(strict.issue("alice"));
        strict.refresh(first);
        clock.advance(Duration.ofNanos(1));

        Refusal.expect(REFRESH_TOKEN_REUSED, () -> strict.refresh(first));
    }

    @Test
    void anExpiredRefreshTokenIsExpired_neverTheft() {
        Tokens tokens = auth.issue("alice");
        clock.advance(Duration.ofDays(29));
        Tokens next = auth.refresh(refreshToken(tokens));
        clock.advance(Duration.ofDays(1).plusSeconds(5));

        Refusal.expect(TOKEN_EXPIRED, () -> auth.refresh(refreshToken(tokens)));
        assertThat(auth.refresh(refreshToken(next)).subject()).isEqualTo("alice");
    }

    /** A route that takes refresh tokens without exchanging them is no way around the rotation. */
    @Test
    void aReplacedTokenOpensNoRouteThatTakesRefreshTokens() {
        Tokens first = auth.issue("alice");
        Tokens second = auth.refresh(refreshToken(first));
        assertThat(auth.verify(refreshToken(first), Access.refresh()).subject()).isEqualTo("alice");
        assertThat(auth.verify(refreshToken(second), Access.anyType()).subject())
                .isEqualTo("alice");
        Tokens third = auth.refresh(refreshToken(second));

        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(refreshToken(first), Access.refresh()));
        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(refreshToken(first), Access.anyType()));
        assertThat(auth.verify(refreshToken(second), Access.refresh()).subject())
                .isEqualTo("alice");
        auth.logout(third.accessToken());
        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(refreshToken(third), Access.refresh()));
    }

    @Test
    void eachTypeOpensItsOwnDoorOnly() {
        Tokens tokens = auth.issue("alice");

        Refusal.expect(TOKEN_TYPE_INVALID, () -> auth.verify(refreshToken(tokens)));
        Refusal.expect(TOKEN_TYPE_INVALID, () -> auth.refresh(tokens.accessToken()));
        assertThat(auth.refresh(refreshToken(tokens)).subject()).isEqualTo("alice");
    }

    @Test
    void refusesRefreshTokensOfSessionsThatAreNotTheirs() {
        Tokens alices = auth.issue("alice");
        for (String session : List.of("no-such-session", alices.sessionId().orElseThrow(), "*", "{a}:b'--")) {
            Map<String, String> claims = Forge.claims();
            claims.put("sub", "\"bob\"");
            claims.put("type", "\"refresh\"");
            claims.put("sid", '"' + session + '"');
            Refusal.expect(TOKEN_REVOKED, () -> auth.refresh(Forge.token(Forge.HEADER, Forge.payload(claims))));
        }
        assertThat(auth.refresh(refreshToken(alices)).subject()).isEqualTo("alice");
    }

    /** Nothing is lost when the answer to a refresh never arrives: the client tries again with what it has. */
    @Test
    void aHookThatFailsAtARefreshLeavesTheTokenAsItWas() {
        boolean[] broken = {true};
        Latchkey hooked = settings()
                .claims(String.class, user -> {
                    if (broken[0]) {
                        throw new IllegalStateException("database down");
                    }
                    return Map.of();
                })
                .build();
        broken[0] = false;
        String first = refreshToken(hooked.issue("alice"));
        broken[0] = true;
        assertThat(hooked.serve(Request.post("/auth/refresh").header("Authorization", "Bearer " + first))
                        .status())
                .isEqualTo(503);
        broken[0] = false;
        assertThat(hooked.refresh(first).subject()).isEqualTo("alice");
        assertThat(events).doesNotContain("refreshed alice again");
    }
}
