package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys that the application chooses: by the user when it signs, by the token when it verifies. */
class SigningKeyTest {

    private record Member(String id, String tenant) {}

    private final StandingClock clock = new StandingClock();
    private final JwtKey red = JwtKey.generate().withId("red");
    private final JwtKey blue = JwtKey.generate("EdDSA").withId("blue");

    private Latchkey latchkey(KeySet keys) {
        return Latchkey.builder()
                .issuer("notes")
                .clock(clock)
                .identity(Member.class, Member::id)
                .userLoader(claims -> Optional.of(new Member(claims.subject(), "blue")))
                .keys(keys)
                .build();
    }

    private static Object kid(Latchkey auth, String token) {
        return auth.parseUnverified(token).header().get("kid");
    }

    @Test
    void theUserDecidesWhichKeySigns() {
        Map<String, JwtKey> tenants = Map.of("red", red, "blue", blue);
        Latchkey auth =
                latchkey(KeySet.of(red, blue).withSigningKey(Member.class, member -> tenants.get(member.tenant())));
        Tokens tokens = auth.issue(new Member("alice", "blue"));
        assertThat(kid(auth, tokens.accessToken())).isEqualTo("blue");
        assertThat(kid(auth, tokens.refreshToken().orElseThrow())).isEqualTo("blue");
        assertThat(kid(auth, auth.accessToken(new Member("bob", "red")))).isEqualTo("red");
        Tokens refreshed = auth.refresh(tokens.refreshToken().orElseThrow());
        assertThat(kid(auth, refreshed.accessToken())).isEqualTo("blue");
        assertThat(auth.verify(refreshed.accessToken()).subject()).isEqualTo("alice");
    }

    @Test
    void aKeyThatNobodyWouldAcceptSignsNothing() {
        JwtKey stranger = JwtKey.generate().withId("red");
        Latchkey auth = latchkey(KeySet.of(red).withSigningKey(Member.class, member -> stranger));
        assertThatThrownBy(() -> auth.issue(new Member("alice", "red")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("withSigningKey(…) chose JwtKey[HS256, red]");
    }

    @Test
    void theTokenDecidesWhichOfTheApplicationsKeysVerifies() {
        Map<String, JwtKey> tenants = Map.of("red", red, "blue", blue);
        KeySet keys = KeySet.lookup(token -> Optional.ofNullable(
                        tenants.get(String.valueOf(token.header().get("kid")))))
                .withSigningKey(Member.class, member -> tenants.get(member.tenant()));
        Latchkey auth = latchkey(keys);
        assertThat(auth.verify(auth.accessToken(new Member("alice", "red"))).subject())
                .isEqualTo("alice");
        assertThat(auth.verify(auth.accessToken(new Member("bob", "blue"))).subject())
                .isEqualTo("bob");
        String strange = Forge.latchkey(clock)
                .key(JwtKey.generate().withId("green"))
                .build()
                .accessToken("eve");
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(strange));
        String crossed = Forge.latchkey(clock)
                .key(JwtKey.generate().withId("blue"))
                .build()
                .accessToken("eve");
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.verify(crossed));
    }

    @Test
    void aSetThatOnlyLooksUpMustSayWhoSigns() {
        assertThatThrownBy(() -> latchkey(KeySet.lookup(token -> Optional.of(red))))
                .hasMessageContaining("keys hold none that signs");
    }
}
