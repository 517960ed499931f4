package dev.latchkey;

import static dev.latchkey.AuthError.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** From start to close, with a store that notes what it is told. */
class LifecycleTest {

    private final StandingClock clock = new StandingClock();
    private final NotingStore store = new NotingStore(clock);
    private final Latchkey auth = Forge.latchkey(clock).store(store).build();

    @Test
    void tellsTheStoreHowLongToRemember() {
        String alone = auth.accessToken("alice", Grant.create().lifetime(Duration.ofMinutes(1)));
        VerifiedToken verified = auth.verify(alone);
        auth.revoke(verified);
        auth.logout(alone);
        Tokens tokens = auth.issue("alice");
        auth.issue("alice", Grant.create().remember(false));
        auth.logout(tokens.accessToken());
        auth.revokeAll("alice");

        Instant now = StandingClock.START;
        String one = "revoke alice " + verified.id() + " " + now.plusSeconds(60);
        assertThat(store.told("revoke")).containsExactly(one, one);
        Instant shortly = now.plus(Duration.ofHours(12));
        assertThat(store.told("open"))
                .containsExactly(
                        "open alice " + now.plus(Duration.ofDays(90)) + " " + now.plus(Duration.ofDays(30)),
                        "open alice " + shortly + " " + shortly);
        assertThat(store.told("end"))
                .containsExactly("end alice " + tokens.sessionId().orElseThrow());
        assertThat(store.told("endAll")).containsExactly("endAll alice null " + now.plus(Duration.ofDays(400)));
    }

    @Test
    void remembersAGenerationForEverWhereTokensMayLiveForEver() {
        Latchkey unlimited =
                Forge.latchkey(clock).store(store).allowTokensThatNeverExpire().build();

        unlimited.revokeAll("alice");

        assertThat(store.told).singleElement().asString().endsWith(" +9999-12-31T23:59:59Z".substring(2));
    }

    @Test
    void takesLifetimesUpToTheLongest() {
        Grant longest = Grant.create().lifetime(Duration.ofDays(400));
        assertThat(auth.verify(auth.accessToken("alice", longest)).expiresAt())
                .isEqualTo(StandingClock.START.plus(Duration.ofDays(400)));
    }

    @Test
    void healthAsksTheStore() {
        assertThat(auth.health()).isEqualTo(new Latchkey.Health(true, List.of()));
        store.broken = new IllegalStateException("no route to host");
        assertThat(auth.health()).isEqualTo(new Latchkey.Health(false, List.of("store: no route to host")));
        auth.close();
        assertThat(auth.health()).isEqualTo(new Latchkey.Health(false, List.of("closed")));
    }

    @Test
    void closedLatchkeyRefusesEverything() {
        Tokens tokens = auth.issue("alice");
        VerifiedToken verified = auth.verify(tokens.accessToken());
        auth.close();
        assertThat(store.told).last().isEqualTo("close ");

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> auth.issue("alice"),
                () -> auth.accessToken("alice"),
                () -> auth.refresh(tokens.refreshToken().orElseThrow()),
                () -> auth.verify(tokens.accessToken()),
                () -> auth.revoke(verified),
                () -> auth.revokeAll("alice"),
                () -> auth.logout(tokens.accessToken()))) {
            Refusal.expect(UNAVAILABLE, call);
        }
        assertThat(auth.check(Request.bearer(tokens.accessToken()), Access.required())
                        .refusal())
                .hasValueSatisfying(refusal -> assertThat(refusal.error()).isEqualTo(UNAVAILABLE));
        for (String path : auth.endpoints()) {
            assertThat(auth.serve(Request.post(path)).status()).isEqualTo(503);
        }
        assertThat(store.told).last().isEqualTo("close ");
    }

    @Test
    void logsWhatOperatorsLookFor() {
        Tokens tokens = auth.issue("alice");
        assertThat(tokens.subject()).isEqualTo("alice");
        List<String> lines = LogBook.during(() -> {
                    auth.logout(tokens.accessToken());
                    auth.revokeAll("alice");
                    auth.respond(AuthException.of(AuthError.CLAIMS_REJECTED));
                    auth.serve(Request.post("/auth/logout").header("Authorization", "Bearer garbage"));
                })
                .stream()
                .map(LogBook.Line::text)
                .filter(line -> !line.contains("token_missing"))
                .toList();

        assertThat(lines)
                .containsExactly(
                        "session ended id=" + tokens.sessionId().orElseThrow(),
                        "ended 0 sessions of subject=alice",
                        "refused claims_rejected",
                        "refused token_malformed method=POST path=/auth/logout address=192.0.2.1");
    }
}
