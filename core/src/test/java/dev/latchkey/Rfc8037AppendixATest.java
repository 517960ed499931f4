package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RFC 8037 appendix A: Ed25519. A.6 and A.7 are key agreements, which sign nothing. */
class Rfc8037AppendixATest {

    private static final String PAIR = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
            + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
            + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
    private static final String PUBLIC =
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
    private static final String SIGNATURE =
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    private static final String TOKEN = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc." + SIGNATURE;

    @Test
    void a1_thePrivateKeySigns() {
        assertThat(JwtKey.of("EdDSA", PublishedKeys.pair(PAIR)).canSign()).isTrue();
    }

    @Test
    void a2_thePublicKeyIsFoundFromThePrivateOne() {
        assertThat(PublicKeys.of(Algorithm.EDDSA, PublishedKeys.pair(PAIR).getPrivate()))
                .isEqualTo(PublishedKeys.pair(PUBLIC).getPublic());
    }

    @Test
    void a4_theSignatureIsMade() {
        for (String name : new String[] {"EdDSA", "Ed25519"}) {
            assertThat(PublishedKeys.sign(JwtKey.of(name, PublishedKeys.pair(PAIR)), TOKEN))
                    .isEqualTo(SIGNATURE);
        }
    }

    @Test
    void a5_theTokenIsVerified() {
        KeyPair published = PublishedKeys.pair(PUBLIC);
        Jws jws = PublishedKeys.assertVerifies("EdDSA", published.getPublic(), TOKEN);
        assertThat(jws.header()).isEqualTo(Map.of("alg", "EdDSA"));
        Refusal.expect(AuthError.TOKEN_MALFORMED, jws::payload); // a text, which is no JSON
    }
}
