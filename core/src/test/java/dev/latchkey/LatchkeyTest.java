package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
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
        assertThat(second.refreshToken()).isEmpty();
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
    void buildNamesEverythingThatIsWrongAtOnce() {
        LatchkeyBuilder builder = Latchkey.builder()
                .leeway(Duration.ofHours(1))
                .accessLifetime(Duration.ZERO)
                .endpoints("auth");

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("issuer is not set")
                .hasMessageContaining("key is not set")
                .hasMessageContaining("leeway is PT1H, may be at most PT2M")
                .hasMessageContaining("accessLifetime is PT0S")
                .hasMessageContaining("endpoint path 'auth/login'");
    }

    private static void assertRefused(AuthError error, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
