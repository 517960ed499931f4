package dev.latchkey;

import static dev.latchkey.AuthError.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** From start to close, with a store that notes what it is told. */
class LifecycleTest {

    private static final class Noting implements TokenStore {

        private final List<String> told = new ArrayList<>();
        private boolean down;

        @Override
        public boolean isRevoked(Claims token) {
            return false;
        }

        @Override
        public void revoke(String issuer, String subject, String id, Instant until) {
            told.add("revoke " + issuer + " " + subject + " " + id + " " + until);
        }

        @Override
        public void revokeAll(String issuer, String subject, Instant cutOff, Instant until) {
            told.add("revokeAll " + issuer + " " + subject + " " + cutOff + " " + until);
        }

        @Override
        public Instant cutOff(String issuer, String subject) {
            return Instant.EPOCH;
        }

        @Override
        public void ping() {
            if (down) {
                throw new IllegalStateException("no route to host");
            }
        }

        @Override
        public void close() {
            told.add("close");
        }
    }

    private final Noting store = new Noting();
    private final StandingClock clock = new StandingClock();
    private final Latchkey auth = Forge.latchkey(clock).store(store).build();

    @Test
    void tellsTheStoreHowLongToRemember() {
        String alone = auth.accessToken("alice", Grant.create().lifetime(Duration.ofMinutes(1)));
        VerifiedToken verified = auth.verify(alone);
        auth.revoke(verified);
        auth.logout(alone);
        String ofASession = auth.issue("alice").accessToken();
        auth.logout(ofASession);
        auth.revokeAll("alice");

        Instant now = StandingClock.START;
        String session = auth.verify(ofASession).claims().sessionId().orElseThrow();
        String one = "revoke notes alice " + verified.id() + " " + now.plusSeconds(60 + 5 + 1);
        assertThat(store.told)
                .containsExactly(
                        one,
                        one,
                        "revoke notes alice " + session + " "
                                + now.plus(Duration.ofDays(30)).plusSeconds(6),
                        "revokeAll notes alice " + now + " "
                                + now.plus(Duration.ofDays(400)).plusSeconds(6));
    }

    @Test
    void remembersACutOffForEverWhereTokensMayLiveForEver() {
        Latchkey unlimited =
                Forge.latchkey(clock).store(store).allowTokensThatNeverExpire().build();

        unlimited.revokeAll("alice");

        assertThat(store.told).singleElement().asString().endsWith(" +10000-01-01T00:00:05Z");
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
        store.down = true;
        assertThat(auth.health()).isEqualTo(new Latchkey.Health(false, List.of("store: no route to host")));
        auth.close();
        assertThat(auth.health()).isEqualTo(new Latchkey.Health(false, List.of("closed")));
    }

    @Test
    void closedLatchkeyRefusesEverything() {
        Tokens tokens = auth.issue("alice");
        VerifiedToken verified = auth.verify(tokens.accessToken());
        auth.close();
        assertThat(store.told).containsExactly("close");

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
        assertThat(store.told).containsExactly("close");
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

        String session = auth.verify(tokens.accessToken()).claims().sessionId().orElseThrow();
        assertThat(lines)
                .containsExactly(
                        "revoked id=" + session,
                        "revoked all tokens of subject=alice",
                        "refused claims_rejected",
                        "refused token_malformed method=POST path=/auth/logout address=192.0.2.1");
    }
}
