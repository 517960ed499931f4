package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LatchkeyTest {

    private final Latchkey auth =
            Latchkey.builder().issuer("notes").key(JwtKey.generate()).build();

    @Test
    void verifiesWhatItIssued() {
        Tokens tokens = auth.issue("alice");

        VerifiedToken token = auth.verify(tokens.accessToken());

        assertThat(token.subject()).isEqualTo("alice");
        assertThat(token.type()).isEqualTo("access");
        assertThat(token.isFresh()).isTrue();
        assertThat(token.claims().issuer()).isEqualTo("notes");
        assertThat(token.claims().audience()).containsExactly("notes");
        assertThat(token.claims().sessionId()).isPresent();
    }

    @Test
    void refreshesToATokenThatIsNotFresh() {
        Tokens first = auth.issue("alice");

        Tokens second = auth.refresh(first.refreshToken().orElseThrow());

        VerifiedToken token = auth.verify(second.accessToken());
        assertThat(token.isFresh()).isFalse();
        assertThat(token.claims().sessionId())
                .isEqualTo(auth.verify(first.accessToken()).claims().sessionId());
        assertThat(second.refreshToken()).isPresent().isNotEqualTo(first.refreshToken());
        assertThat(second.sessionId()).isEqualTo(first.sessionId());
    }

    @Test
    void logoutEndsTheWholeSession() {
        Tokens tokens = auth.issue("alice");
        Tokens other = auth.issue("alice");

        auth.logout(tokens.accessToken());

        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(tokens.accessToken()));
        assertRefused(
                AuthError.TOKEN_REVOKED,
                () -> auth.refresh(tokens.refreshToken().orElseThrow()));
        assertThat(auth.verify(other.accessToken()).subject()).isEqualTo("alice");
    }

    @Test
    void revokeAllEndsEverySessionButNotTheNextOne() {
        Tokens before = auth.issue("alice");
        Tokens somebodyElse = auth.issue("bob");

        auth.revokeAll("alice");
        Tokens after = auth.issue("alice");

        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(before.accessToken()));
        assertThat(auth.verify(after.accessToken()).subject()).isEqualTo("alice");
        assertThat(auth.verify(somebodyElse.accessToken()).subject()).isEqualTo("bob");
    }

    @Test
    void revokeAllTwiceInOneSecondEndsWhatWasIssuedBetween() {
        auth.revokeAll("alice");
        Tokens between = auth.issue("alice");
        auth.revokeAll("alice");
        Tokens after = auth.issue("alice");

        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(between.accessToken()));
        assertThat(auth.verify(after.accessToken()).subject()).isEqualTo("alice");
    }

    @Test
    void datesATokenOfTheCutOffsSecondAfterIt() {
        Latchkey auth = Forge.latchkey(new StandingClock()).build();
        String before = auth.accessToken("alice");
        auth.revokeAll("alice");
        String after = auth.accessToken("alice");
        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(before));
        assertThat(auth.verify(after).claims().issuedAt()).isEqualTo(StandingClock.START.plusSeconds(1));
        Tokens session = auth.issue("alice");
        assertThat(session.issuedAt()).isEqualTo(StandingClock.START);
        assertThat(auth.verify(session.accessToken()).subject()).isEqualTo("alice");
    }

    @Test
    void loadsTheUserLast() {
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.generate())
                .userLoader(
                        claims -> claims.subject().equals("alice") ? Optional.of("Alice Example") : Optional.empty())
                .build();

        assertThat(auth.verify(auth.accessToken("alice")).user(String.class)).isEqualTo("Alice Example");
        String gone = auth.accessToken("bob");
        assertRefused(AuthError.USER_NOT_FOUND, () -> auth.verify(gone));
        assertThat(auth.verify(gone, Access.required().withoutUser()).subject()).isEqualTo("bob");
    }

    @Test
    void revokesOneTokenAndLeavesTheSession() {
        Tokens tokens = auth.issue("alice");
        auth.revoke(auth.verify(tokens.accessToken()));
        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(tokens.accessToken()));
        Tokens next = auth.refresh(tokens.refreshToken().orElseThrow());
        assertThat(auth.verify(next.accessToken()).subject()).isEqualTo("alice");
    }

    @Test
    void logoutOfATokenWithoutSessionRevokesItself() {
        String token = auth.accessToken("alice");
        String other = auth.accessToken("alice");
        auth.logout(token);
        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(token));
        assertThat(auth.verify(other).subject()).isEqualTo("alice");
        assertRefused(AuthError.TOKEN_MALFORMED, () -> auth.logout("garbage"));
    }

    /** It is not exchanged, so nothing but this check stands between its end and a new access token. */
    @Test
    void aRefreshTokenWithoutSessionRefreshesUntilItIsRevoked() {
        String one = auth.refreshToken("alice");
        String other = auth.refreshToken("alice");
        assertThat(auth.refresh(one).subject()).isEqualTo("alice");
        auth.revoke(auth.verify(one, Access.refresh()));
        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.refresh(one));
        assertThat(auth.refresh(other).subject()).isEqualTo("alice");
        auth.revokeAll("alice");
        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.refresh(other));
    }

    /** What the memory store forgot with the process must not come back to life. */
    @Test
    void aRestartLogsOutAndNeverLogsIn() {
        StandingClock clock = new StandingClock();
        Latchkey before = Forge.latchkey(clock).build();
        Tokens tokens = before.issue("alice");
        before.logout(tokens.accessToken());
        clock.advance(Duration.ofSeconds(1));
        Latchkey after = Forge.latchkey(clock).build();
        assertRefused(AuthError.TOKEN_REVOKED, () -> after.verify(tokens.accessToken()));
        assertThat(after.verify(after.accessToken("alice")).subject()).isEqualTo("alice");
    }

    @Test
    void twoApplicationsWithOneKeyStayApart() {
        StandingClock clock = new StandingClock();
        Latchkey notes = Forge.latchkey(clock).build();
        Latchkey shop = Forge.latchkey(clock).issuer("shop").build();
        assertRefused(AuthError.ISSUER_INVALID, () -> shop.verify(notes.accessToken("alice")));
    }

    @Test
    void readsATokenWithoutCheckingIt() {
        String token = Forge.withClaim("exp", "1").replaceFirst("\\.[^.]*$", ".AAAA");
        UnverifiedToken unverified = auth.parseUnverified(token);
        assertThat(unverified.header()).containsEntry("alg", "HS256");
        assertThat(unverified.claims()).containsEntry("sub", "alice");
        assertRefused(AuthError.TOKEN_MALFORMED, () -> auth.parseUnverified("garbage"));
        assertRefused(AuthError.TOKEN_MALFORMED, () -> auth.parseUnverified(Forge.token("[]", "{}")));
        assertRefused(AuthError.TOKEN_MALFORMED, () -> auth.parseUnverified(Forge.token("{}", "[]")));
    }

    @Test
    void statelessKeepsNothing() {
        Latchkey stateless = Forge.latchkey(new StandingClock()).stateless().build();
        Tokens tokens = stateless.issue("alice");
        VerifiedToken token = stateless.verify(tokens.accessToken());
        assertThat(token.subject()).isEqualTo("alice");
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> stateless.revoke(token),
                () -> stateless.revokeAll("alice"),
                () -> stateless.logout(tokens.accessToken()))) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("stateless() gave up sessions and revocation: leave it out");
        }
    }

    @Test
    void refusalOfACheckKeepsTheResponseOfThatCheck() {
        Latchkey other = Latchkey.builder()
                .issuer("other")
                .key(JwtKey.generate())
                .errorStyle(ErrorStyle.PROBLEM)
                .build();
        Outcome outcome = other.check(Request.get("/x"), Access.required());

        assertThat(auth.respond(outcome.refusal().orElseThrow()))
                .isSameAs(outcome.response().orElseThrow());
    }

    @Test
    void givesAHandlersRefusalItsResponse() {
        AuthResponse response = auth.respond(AuthException.of(AuthError.TOKEN_REVOKED));
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"msg\":\"Token has been revoked\",\"code\":\"token_revoked\"}");
        assertThat(AuthException.of(AuthError.TOKEN_REVOKED).getStackTrace()).isEmpty();
    }

    @Test
    void tellsItsHealth() {
        assertThat(auth.health()).isEqualTo(new Latchkey.Health(true, List.of()));
        auth.close();
        assertThat(auth.health()).isEqualTo(new Latchkey.Health(false, List.of("closed")));
        assertRefused(AuthError.UNAVAILABLE, () -> auth.issue("alice"));
        assertRefused(AuthError.UNAVAILABLE, () -> auth.verify(Forge.good()));
    }

    private static void assertRefused(AuthError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
