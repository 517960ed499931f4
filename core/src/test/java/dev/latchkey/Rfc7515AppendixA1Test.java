package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RFC 7515 appendix A.1: a JWS with HMAC SHA-256, whose header and payload hold line breaks. */
class Rfc7515AppendixA1Test {

    private static final JwtKey KEY = JwtKey.hs256(Base64.getUrlDecoder()
            .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
    private static final String HEADER = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
    private static final String PAYLOAD =
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt" + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private static final String SIGNATURE = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String TOKEN = HEADER + "." + PAYLOAD + "." + SIGNATURE;

    @Test
    void verifiesThePublishedToken() {
        Jws jws = Jws.parse(TOKEN);

        jws.verify(KeySet.of(KEY));

        assertThat(jws.header()).isEqualTo(Map.of("typ", "JWT", "alg", "HS256"));
        assertThat(jws.payload())
                .isEqualTo(Map.of("iss", "joe", "exp", 1300819380L, "http://example.com/is_root", true));
    }

    @Test
    void makesThePublishedSignature() {
        byte[] input = (HEADER + "." + PAYLOAD).getBytes(java.nio.charset.StandardCharsets.US_ASCII);

        assertThat(Base64Url.encode(KEY.sign(input, input.length))).isEqualTo(SIGNATURE);
    }

    @Test
    void refusesThePublishedTokenWhereEveryClaimIsDemanded() {
        Latchkey auth = Latchkey.builder().issuer("joe").key(KEY).stateless().build();

        assertThatThrownBy(() -> auth.verify(TOKEN))
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(AuthError.CLAIM_MISSING));
    }

    @Test
    void refusesThePublishedTokenWithAnyOtherKeyOrAlgorithm() {
        assertThatThrownBy(() -> Jws.parse(TOKEN).verify(KeySet.of(JwtKey.generate())))
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(AuthError.SIGNATURE_INVALID));
        byte[] secret = Base64.getUrlDecoder()
                .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
        assertThatThrownBy(() -> Jws.parse(TOKEN).verify(KeySet.of(JwtKey.hs512(secret))))
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(AuthError.ALGORITHM_NOT_ALLOWED));
    }
}
