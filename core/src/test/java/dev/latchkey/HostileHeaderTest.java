package dev.latchkey;

import static dev.latchkey.AuthError.ALGORITHM_NOT_ALLOWED;
import static dev.latchkey.AuthError.CRITICAL_EXTENSION_UNSUPPORTED;
import static dev.latchkey.AuthError.KEY_UNKNOWN;
import static dev.latchkey.AuthError.SIGNATURE_INVALID;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;
import static dev.latchkey.Forge.claims;
import static dev.latchkey.Forge.encode;
import static dev.latchkey.Forge.payload;
import static dev.latchkey.Forge.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that want to choose the algorithm, the key or the rules. All tokens here but the forged bear a good signature. */
class HostileHeaderTest {

    private static final String FORBIDDEN = "The specified alg value is not allowed";
    private static final byte[] ATTACKERS = "the attacker's own key of 32 byte".getBytes(StandardCharsets.US_ASCII);

    private final Latchkey auth = Forge.latchkey(new StandingClock()).build();

    @Test
    void refusesMissingAlgorithm() {
        refuses(ALGORITHM_NOT_ALLOWED, "Algorithm not specified", "{}");
        refuses(ALGORITHM_NOT_ALLOWED, "Algorithm not specified", "{\"typ\":\"JWT\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", " none", "none ", "none\\u0000", ""})
    void refusesNoneInAnyCase(String none) {
        String header = "{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}";
        refuses(ALGORITHM_NOT_ALLOWED, FORBIDDEN, header);
        String unsigned = encode(utf8(header)) + "." + encode(utf8(payload(claims()))) + ".";
        Refusal.expect(ALGORITHM_NOT_ALLOWED, FORBIDDEN, () -> auth.verify(unsigned));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hs256", "Hs256", "HS256 ", "HS384", "HS512", "HS1", "RS256", "PS256", "ES256", "EdDSA", "dir"})
    void refusesOtherAlgorithms(String algorithm) {
        refuses(ALGORITHM_NOT_ALLOWED, FORBIDDEN, "{\"alg\":\"" + algorithm + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "256", "1.5", "true", "[\"HS256\"]", "[]", "{\"HS256\":1}"})
    void refusesAlgorithmsThatAreNotText(String algorithm) {
        refuses(ALGORITHM_NOT_ALLOWED, FORBIDDEN, "{\"alg\":" + algorithm + "}");
    }

    /** A good HMAC with a longer hash over the same secret: the algorithm is the key's, never the header's. */
    @Test
    void refusesTheSameSecretUnderAnotherAlgorithm() {
        byte[] header = utf8("{\"alg\":\"HS512\",\"typ\":\"JWT\"}");
        String token = Forge.token(header, utf8(payload(claims())), "HmacSHA512", Forge.SECRET);
        Refusal.expect(ALGORITHM_NOT_ALLOWED, FORBIDDEN, () -> auth.verify(token));
        String mislabelled = Forge.token(utf8(Forge.HEADER), utf8(payload(claims())), "HmacSHA512", Forge.SECRET);
        Refusal.expect(SIGNATURE_INVALID, () -> auth.verify(mislabelled));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"foo\"]", "[\"b64\"]", "[\"exp\"]", "[]", "null", "\"foo\"", "{}", "[1]"})
    void refusesAnyCriticalExtension(String critical) {
        refuses(
                CRITICAL_EXTENSION_UNSUPPORTED,
                "Unsupported critical extension",
                "{\"alg\":\"HS256\",\"foo\":1,\"crit\":" + critical + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true", "null", "0"})
    void refusesUnencodedPayloads(String b64) {
        refuses(
                CRITICAL_EXTENSION_UNSUPPORTED,
                "Unsupported critical extension",
                "{\"alg\":\"HS256\",\"b64\":" + b64 + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "[\"a\"]", "{}", "true"})
    void refusesKeyIdsThatAreNotText(String kid) {
        refuses(TOKEN_MALFORMED, "Key ID header parameter must be a string", "{\"alg\":\"HS256\",\"kid\":" + kid + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "unknown", "../../../../dev/null", "' OR 1=1 --", "a\\u0000b", "\\n", "https://evil.example/"
            })
    void refusesUnknownKeyIds(String kid) {
        refuses(KEY_UNKNOWN, "Signature verification failed", "{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"at+jwt\"", "\"JWE\"", "\"dpop+jwt\"", "\"\"", "null", "1", "[\"JWT\"]"})
    void refusesOtherTypesOfToken(String typ) {
        refuses(TOKEN_MALFORMED, "Type header parameter must be JWT", "{\"alg\":\"HS256\",\"typ\":" + typ + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\",\"typ\":\"jwt\"}",
                "{\"cty\":\"text\",\"alg\":\"HS256\"}"
            })
    void admitsHeadersThatChangeNothing(String header) {
        assertThat(auth.verify(Forge.withHeader(header)).subject()).isEqualTo("alice");
    }

    /** Keys that a token brings along are an attacker's: the signature is good by them, and by none of ours. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"jwk\":{\"kty\":\"oct\",\"k\":\"dGhlIGF0dGFja2VyJ3Mgb3duIGtleSBvZiAzMiBieXRl\"}",
                "\"jku\":\"http://127.0.0.1:1/jwks.json\"",
                "\"x5u\":\"http://127.0.0.1:1/cert.pem\"",
                "\"x5c\":[\"MIIB\"]",
                "\"x5t\":\"abc\"",
                "\"jku\":\"file:///etc/passwd\""
            })
    void ignoresKeysThatTheTokenBrings(String member) {
        byte[] header = utf8("{\"alg\":\"HS256\"," + member + "}");
        String forged = Forge.token(header, utf8(payload(claims())), "HmacSHA256", ATTACKERS);
        Refusal.expect(SIGNATURE_INVALID, "Signature verification failed", () -> auth.verify(forged));
        String own = Forge.token(header, utf8(payload(claims())), "HmacSHA256", Forge.SECRET);
        assertThat(auth.verify(own).subject()).isEqualTo("alice");
    }

    @Test
    void looksAtTheHeaderBeforeTheSignature() {
        byte[] header = utf8("{\"alg\":\"none\",\"crit\":[\"x\"]}");
        String forged = Forge.token(header, utf8("{}"), "HmacSHA256", ATTACKERS);
        Refusal.expect(ALGORITHM_NOT_ALLOWED, () -> auth.verify(forged));
    }

    private void refuses(AuthError error, String message, String header) {
        Refusal.expect(error, message, () -> auth.verify(Forge.withHeader(header)));
    }
}
