package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TestTokensTest {

    private final TestTokens tokens = TestTokens.of("notes");
    private final Latchkey auth = tokens.settings().build();

    @Test
    void validTokensAreAccepted() {
        assertThat(auth.verify(tokens.access("alice")).subject()).isEqualTo("alice");
        assertThat(auth.verify(tokens.access("alice", Grant.create().claim("tenant", 7)))
                        .claims()
                        .number("tenant"))
                .hasValue(7);
        assertThat(auth.verify(tokens.fresh("alice"), Access.fresh()).isFresh()).isTrue();
        assertThat(auth.verify(tokens.refresh("alice"), Access.refresh()).type())
                .isEqualTo("refresh");
    }

    @Test
    void everyOtherShapeIsRefusedForItsOwnReason() {
        assertRefused(tokens.expired("alice"), AuthError.TOKEN_EXPIRED);
        assertRefused(tokens.wrongKey("alice"), AuthError.SIGNATURE_INVALID);
        assertRefused(tokens.wrongIssuer("alice"), AuthError.ISSUER_INVALID);
        assertRefused(tokens.wrongAudience("alice"), AuthError.AUDIENCE_INVALID);
        assertRefused(tokens.refresh("alice"), AuthError.TOKEN_TYPE_INVALID);
    }

    @Test
    void timePassesOnlyWhenTheTestSaysSo() {
        String token = tokens.access("alice");

        tokens.clock().advance(Duration.ofMinutes(15).plusSeconds(4));
        assertThat(auth.verify(token).subject()).isEqualTo("alice");

        tokens.clock().advance(Duration.ofSeconds(1));
        assertRefused(token, AuthError.TOKEN_EXPIRED);
    }

    private void assertRefused(String token, AuthError error) {
        assertThatThrownBy(() -> auth.verify(token))
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
