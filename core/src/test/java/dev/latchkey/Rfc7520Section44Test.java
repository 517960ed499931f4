package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RFC 7520 section 4.4: HMAC SHA-256 over a text that is no JSON. */
class Rfc7520Section44Test {

    private static final String KID = "018c0ae5-4d9b-471b-bfd6-eef314bc7037";
    private static final JwtKey KEY = JwtKey.hs256(
                    Base64.getUrlDecoder().decode("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"))
            .withId(KID);
    private static final String HEADER =
            "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJj" + "NzAzNyJ9";
    private static final String PAYLOAD = "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIg"
            + "ZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXi"
            + "gJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";
    private static final String TOKEN = HEADER + "." + PAYLOAD + "." + "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";

    @Test
    void verifiesThePublishedSignature() {
        Jws jws = Jws.parse(TOKEN);

        jws.verify(KeySet.of(KEY));

        assertThat(jws.header()).isEqualTo(Map.of("alg", "HS256", "kid", KID));
    }

    @Test
    void refusesAPayloadThatIsNoJsonHoweverWellSigned() {
        Jws jws = Jws.parse(TOKEN);
        jws.verify(KeySet.of(KEY));

        assertThatThrownBy(jws::payload)
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(AuthError.TOKEN_MALFORMED));
    }

    @Test
    void looksForTheKeyByItsIdOnly() {
        assertThatThrownBy(() -> Jws.parse(TOKEN).verify(KeySet.of(KEY.withId("another"))))
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(AuthError.KEY_UNKNOWN));
    }
}
