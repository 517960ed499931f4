package dev.latchkey;

import static dev.latchkey.AuthError.CREDENTIALS_INVALID;
import static dev.latchkey.AuthError.TOKEN_EXPIRED;
import static dev.latchkey.AuthError.TOKEN_REVOKED;
import static dev.latchkey.AuthError.UNAVAILABLE;
import static dev.latchkey.AuthError.USER_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The life of a session: from the login to its ends. */
class SessionsTest {

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

    @Test
    void aSessionEndsAtItsEnd_howeverOftenItIsRefreshed() {
        Tokens tokens = auth.issue("alice");
        for (int day = 20; day < 90; day += 20) {
            clock.advance(Duration.ofDays(20));
            tokens = auth.refresh(refreshToken(tokens));
        }
        clock.advance(Duration.ofDays(10).minusMinutes(5));
        Tokens last = auth.refresh(refreshToken(tokens));

        assertThat(last.accessExpiresAt()).isEqualTo(StandingClock.START.plus(Duration.ofDays(90)));
        clock.advance(Duration.ofMinutes(5).plusSeconds(5));
        Refusal.expect(TOKEN_EXPIRED, () -> auth.refresh(refreshToken(last)));
        Refusal.expect(TOKEN_EXPIRED, () -> auth.verify(last.accessToken()));
    }

    @Test
    void aLoginThatIsNotToBeRememberedEndsAfterTwelveHours() {
        Tokens tokens = auth.issue("alice", Grant.create().remember(false));
        clock.advance(Duration.ofHours(11).plusMinutes(55));
        Tokens last = auth.refresh(refreshToken(tokens));

        assertThat(last.accessExpiresAt()).isEqualTo(StandingClock.START.plus(Duration.ofHours(12)));
    }

    @Test
    void theNextRefreshTokenLivesAsLongAsTheOneBefore() {
        Tokens tokens = auth.issue("alice", Grant.create().refreshLifetime(Duration.ofHours(2)));
        clock.advance(Duration.ofHours(1));
        Tokens next = auth.refresh(refreshToken(tokens));

        assertThat(auth.verify(refreshToken(next), Access.refresh()).expiresAt())
                .isEqualTo(clock.instant().plus(Duration.ofHours(2)));
    }

    @Test
    void anAccessTokenNeverOutlivesItsRefreshToken() {
        Latchkey odd = settings()
                .accessLifetime(Duration.ofHours(3))
                .refreshLifetime(Duration.ofHours(1))
                .build();
        assertThat(odd.issue("alice").accessExpiresAt()).isEqualTo(StandingClock.START.plus(Duration.ofHours(1)));
    }

    @Test
    void aLoginBeyondTheBoundEndsTheLongestUnused() {
        Latchkey two = settings().maxSessions(2).build();
        Tokens first = two.issue("alice");
        clock.advance(Duration.ofSeconds(1));
        Tokens second = two.issue("alice");
        clock.advance(Duration.ofSeconds(1));
        Tokens refreshed = two.refresh(refreshToken(first));
        Tokens third = two.issue("alice");

        Refusal.expect(TOKEN_REVOKED, () -> two.verify(second.accessToken()));
        assertThat(two.verify(refreshed.accessToken()).subject()).isEqualTo("alice");
        assertThat(two.sessions("alice"))
                .extracting(Session::id)
                .containsExactlyInAnyOrder(
                        first.sessionId().orElseThrow(), third.sessionId().orElseThrow());
        assertThat(events).last().isEqualTo("ended alice");
    }

    @Test
    void aUserWhoIsGoneLosesTheSessionAtARefresh() {
        Tokens tokens = auth.issue("alice");
        people.remove("alice");
        Refusal.expect(USER_NOT_FOUND, () -> auth.refresh(refreshToken(tokens)));
        people.add("alice");

        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(tokens.accessToken()));
        assertThat(auth.sessions("alice")).isEmpty();
    }

    @Test
    void revokingARefreshTokenEndsItsSession() {
        Tokens tokens = auth.issue("alice");
        auth.revoke(auth.verify(refreshToken(tokens), Access.refresh()));

        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(tokens.accessToken()));
        assertThat(events).containsExactly("opened alice", "ended alice");
    }

    @Test
    void aPasswordChangeEndsAllButThisSession() {
        Tokens here = auth.issue("alice");
        Tokens elsewhere = auth.issue("alice");
        String alone = auth.accessToken("alice");
        Tokens bobs = auth.issue("bob");

        assertThat(auth.revokeOthers(auth.verify(here.accessToken()))).isEqualTo(1);

        assertThat(auth.refresh(refreshToken(here)).subject()).isEqualTo("alice");
        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(elsewhere.accessToken()));
        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(alone));
        assertThat(auth.verify(bobs.accessToken()).subject()).isEqualTo("bob");
        assertThat(auth.verify(auth.accessToken("alice")).subject()).isEqualTo("alice");
    }

    /** The attacker who knows the old password is at the login while the user changes it. */
    @Test
    void aLoginUnderWayDoesNotSurviveLogOutEverywhere() {
        List<String> passwords = new ArrayList<>(List.of("old"));
        Latchkey[] late = new Latchkey[1];
        late[0] = settings()
                .login(Login.by((name, password) -> {
                    boolean right = password.equals(passwords.get(0));
                    if (passwords.set(0, "new").equals("old")) {
                        late[0].revokeAll("alice");
                    }
                    return Optional.of(name).filter(found -> right);
                }))
                .build();
        for (Duration later : List.of(Duration.ZERO, Duration.ofDays(1))) {
            clock.advance(later);
            passwords.set(0, "old");
            AuthResponse response =
                    late[0].serve(Request.json("/auth/login", "{\"username\":\"alice\",\"password\":\"old\"}"));

            assertThat(response.body()).contains(CREDENTIALS_INVALID.code());
            assertThat(late[0].sessions("alice")).isEmpty();
        }
        assertThat(late[0].serve(Request.json("/auth/login", "{\"username\":\"alice\",\"password\":\"new\"}"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void withoutAStore_noBodyGetsInUnlessTheRouteSaysSo() {
        VerifiedToken token = auth.verify(auth.issue("alice").accessToken());
        String text = auth.issue("alice").accessToken();
        Access tolerant = Access.required().withSignatureAloneInOutage(Duration.ofSeconds(10));
        store.broken = new IllegalStateException("connection refused");

        Refusal.expect(UNAVAILABLE, () -> auth.verify(text));
        clock.advance(Duration.ofSeconds(10));
        assertThat(auth.verify(text, tolerant).subject()).isEqualTo("alice");
        assertThat(events).last().isEqualTo("admitted alice without the store, gone for PT10S");
        clock.advance(Duration.ofSeconds(1));
        Refusal.expect(UNAVAILABLE, () -> auth.verify(text, tolerant));
        Refusal.expect(UNAVAILABLE, () -> auth.revoke(token));
        Refusal.expect(UNAVAILABLE, () -> auth.issue("alice"));

        store.broken = null;
        assertThat(auth.verify(text).subject()).isEqualTo("alice");
        store.broken = new IllegalStateException("connection refused");
        assertThat(auth.verify(text, tolerant).subject()).isEqualTo("alice");
    }

    @Test
    void aListenerThatThrowsChangesNothing() {
        Latchkey odd = settings()
                .listener(new AuthListener() {
                    @Override
                    public void opened(String subject, Session session) {
                        throw new IllegalStateException("no metrics today");
                    }
                })
                .build();
        assertThat(odd.issue("alice").subject()).isEqualTo("alice");
    }
}
