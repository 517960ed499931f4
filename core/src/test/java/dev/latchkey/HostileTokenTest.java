package dev.latchkey;

import static dev.latchkey.AuthError.SIGNATURE_INVALID;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;
import static dev.latchkey.Forge.HEADER;
import static dev.latchkey.Forge.claims;
import static dev.latchkey.Forge.encode;
import static dev.latchkey.Forge.payload;
import static dev.latchkey.Forge.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings that are no token, or almost one. Whatever is sent, the answer is an {@link AuthException}. */
class HostileTokenTest {

    private static final String PAYLOAD = payload(claims());

    private final Latchkey auth = Forge.latchkey(new StandingClock()).build();

    @Test
    void admitsTheTokenThatAllOthersHereAreMadeFrom() {
        assertThat(auth.verify(Forge.good()).subject()).isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", ".", "a.b", "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.e30"})
    void refusesTooFewSegments(String token) {
        refuses(TOKEN_MALFORMED, "Not enough segments", token);
    }

    @ParameterizedTest
    @ValueSource(strings = {".x", "..", ".x.y.z"})
    void refusesTooManySegments(String more) {
        refuses(TOKEN_MALFORMED, "Invalid payload padding", Forge.good() + more);
    }

    @Test
    void refusesEncryptedTokensOfFiveSegments() {
        String header = encode(utf8("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}"));
        refuses(TOKEN_MALFORMED, "Invalid payload padding", header + "..aXY.dGV4dA.dGFn");
    }

    @Test
    void refusesEachSegmentEmpty() {
        String[] parts = Forge.good().split("\\.");
        refuses(TOKEN_MALFORMED, "Invalid header string", Forge.signed("." + parts[1]));
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.signed(parts[0] + "."));
        refuses(SIGNATURE_INVALID, "Signature verification failed", parts[0] + "." + parts[1] + ".");
        refuses(TOKEN_MALFORMED, "Invalid header string", "..");
    }

    /** Standard base64, padding, white space, controls, Unicode look-alikes, a length that no bytes have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "e30=",
                "e30==",
                "e3+0",
                "e3/0",
                " e30",
                "e30 ",
                "e3\n0",
                "e3\u00000",
                "e30%",
                "e3\u00e90",
                "e3\u20ac0",
                "\uff45\uff13\uff10\uff10",
                "e\ud83d\ude000",
                "\ud800e30",
                "e30\udc00",
                "e3*0",
                "eeeee"
            })
    void refusesWhatIsNotBase64UrlInAnySegment(String segment) {
        String[] parts = Forge.good().split("\\.");
        refuses(TOKEN_MALFORMED, "Invalid header padding", Forge.signed(segment + "." + parts[1]));
        refuses(TOKEN_MALFORMED, "Invalid payload padding", Forge.signed(parts[0] + "." + segment));
        refuses(TOKEN_MALFORMED, "Invalid crypto padding", parts[0] + "." + parts[1] + "." + segment);
    }

    /** The last character of 32 bytes has two spare bits: three more spellings that a lenient decoder accepts. */
    @Test
    void refusesNonCanonicalLastCharacterOfTheSignature() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String token = Forge.good();
        String start = token.substring(0, token.length() - 1);
        int last = alphabet.indexOf(token.charAt(token.length() - 1));
        for (int spare = 1; spare < 4; spare++) {
            refuses(TOKEN_MALFORMED, "Invalid crypto padding", start + alphabet.charAt(last | spare));
        }
    }

    @Test
    void refusesNonCanonicalLastCharacterOfHeaderAndPayload() {
        String[] parts = Forge.good().split("\\.");
        refuses(TOKEN_MALFORMED, "Invalid header padding", Forge.signed("e31." + parts[1]));
        refuses(TOKEN_MALFORMED, "Invalid payload padding", Forge.signed(parts[0] + ".e31"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "{",
                "}",
                "{\"alg\":\"HS256\"",
                "{\"alg\":\"HS256\"}x",
                "{\"alg\":\"HS256\"}{}",
                "{'a':1}",
                "{\"alg\":\"HS256\",}",
                "{alg:1}",
                "{\"alg\":NaN}",
                "{\"alg\":Infinity}",
                "{\"alg\":01}",
                "{\"alg\":+1}",
                "{\"alg\":.5}",
                "/**/{}",
                "{\"alg\":\"a\u0001\"}",
                "{\"alg\":\"\\x\"}",
                "{\"alg\":\"\\ud800\"}",
                "{\"\\udc00\":1}",
                "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}"
            })
    void refusesWhatIsNotStrictJsonInHeaderAndPayload(String json) {
        refuses(TOKEN_MALFORMED, "Invalid header string", Forge.token(json, PAYLOAD));
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.token(HEADER, json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "[1]", "\"text\"", "1", "1.5", "true", "false"})
    void refusesJsonThatIsNotAnObject(String json) {
        refuses(TOKEN_MALFORMED, "Invalid header string: must be a json object", Forge.token(json, PAYLOAD));
        refuses(TOKEN_MALFORMED, "Invalid payload string: must be a json object", Forge.token(HEADER, json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "iat", "jti", "type", "fresh"})
    void refusesDuplicateClaims(String name) {
        String twice = PAYLOAD.replaceFirst("\\{", "{\"" + name + "\":" + claims().get(name) + ",");
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.token(HEADER, twice));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void refusesNestingTenThousandDeep(String open) {
        String close = open.equals("[") ? "]" : "}";
        String deep = "{\"a\":" + open.repeat(800) + "1" + close.repeat(800) + "}";
        refuses(TOKEN_MALFORMED, "Invalid header string", Forge.token(deep, PAYLOAD));
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.token(HEADER, deep));
        String deeper = "{\"a\":" + open.repeat(10_000) + "1" + close.repeat(10_000) + "}";
        refuses(TOKEN_MALFORMED, "Token is longer than 8192 characters", Forge.token(HEADER, deeper));
    }

    @Test
    void admitsNestingUpToItsBoundOnly() {
        String within = "[".repeat(Json.MAX_DEPTH - 1) + "]".repeat(Json.MAX_DEPTH - 1);
        assertThat(auth.verify(Forge.withClaim("deep", within)).subject()).isEqualTo("alice");
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.withClaim("deep", "[" + within + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
    void refusesOtherEncodings(String charset) {
        Charset other = Charset.forName(charset);
        refuses(TOKEN_MALFORMED, "Invalid header string", signed(HEADER.getBytes(other), utf8(PAYLOAD)));
        refuses(TOKEN_MALFORMED, "Invalid payload string", signed(utf8(HEADER), PAYLOAD.getBytes(other)));
    }

    @Test
    void refusesByteOrderMarks() {
        refuses(TOKEN_MALFORMED, "Invalid header string", Forge.token("\ufeff" + HEADER, PAYLOAD));
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.token(HEADER, "\ufeff" + PAYLOAD));
    }

    /** Overlong forms, cut and stray bytes, encoded surrogates, beyond U+10FFFF. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00c0\u00af",
                "\u00e2\u0082",
                "\u0080",
                "\u00ff",
                "\u00ed\u00a0\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00e9"
            })
    void refusesInvalidUtf8(String bytes) {
        byte[] json = ("{\"alg\":\"HS256\",\"x\":\"" + bytes + "\"}").getBytes(StandardCharsets.ISO_8859_1);
        refuses(TOKEN_MALFORMED, "Invalid header string", signed(json, utf8(PAYLOAD)));
        refuses(TOKEN_MALFORMED, "Invalid payload string", signed(utf8(HEADER), json));
    }

    /** No BigDecimal has such an exponent: reading one must not throw anything of its own, least before the signature. */
    @ParameterizedTest
    @ValueSource(strings = {"1e999999999999", "-1e999999999999", "1e-999999999999", "1e2147483649", "1.0e-2147483649"})
    void refusesExponentsBeyondAnyNumber(String number) {
        refuses(TOKEN_MALFORMED, "Invalid header string", Forge.withHeader("{\"alg\":" + number + "}"));
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.withClaim("exp", number));
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.withClaim("x", number));
    }

    @Test
    void refusesNumbersOfThousandsOfDigits() {
        String digits = "9".repeat(5000);
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.withClaim("x", digits));
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.withClaim("x", "0." + digits));
        refuses(TOKEN_MALFORMED, "Invalid header string", Forge.token("{\"alg\":" + digits + "}", PAYLOAD));
    }

    @Test
    void refusesTooLongTokens() {
        String longest = withLength(Jws.MAX_LENGTH);
        assertThat(auth.verify(longest).subject()).isEqualTo("alice");
        refuses(TOKEN_MALFORMED, "Token is longer than 8192 characters", withLength(Jws.MAX_LENGTH + 2));
        refuses(TOKEN_MALFORMED, "Token is longer than 8192 characters", "a.".repeat(5_000_000));
    }

    private static String withLength(int length) {
        String token = "";
        for (int padding = length * 3 / 4 - 400; token.length() < length; padding++) {
            token = Forge.withClaim("x", "\"" + "x".repeat(padding) + "\"");
        }
        return token;
    }

    @Test
    void refusesOneFlippedBitOfTheSignatureAtEveryPosition() {
        String token = Forge.good();
        String segments = token.substring(0, token.lastIndexOf('.') + 1);
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(segments.length()));
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refuses(SIGNATURE_INVALID, "Signature verification failed", segments + encode(flipped));
        }
    }

    @Test
    void refusesShortenedAndLengthenedSignatures() {
        String token = Forge.good();
        String segments = token.substring(0, token.lastIndexOf('.') + 1);
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(segments.length()));
        for (int length : new int[] {1, 16, 31, 33, 64}) {
            String other = encode(Arrays.copyOf(signature, length));
            refuses(SIGNATURE_INVALID, "Signature verification failed", segments + other);
        }
    }

    @Test
    void refusesAnyChangedCharacterOfHeaderAndPayload() {
        String token = Forge.good();
        int signature = token.lastIndexOf('.');
        for (int at = 0; at < signature; at++) {
            char other = token.charAt(at) == 'A' ? 'B' : 'A';
            assertThat(refusal(token.substring(0, at) + other + token.substring(at + 1)))
                    .isNotNull();
        }
    }

    @Test
    void refusesSignatureOfAnotherKey() {
        byte[] other = "another key with thirty-two bytes".getBytes(StandardCharsets.US_ASCII);
        String token = Forge.token(utf8(HEADER), utf8(PAYLOAD), "HmacSHA256", other);
        refuses(SIGNATURE_INVALID, "Signature verification failed", token);
    }

    /** The key confusion of 2015: whatever the header says, the bytes of a public text are no key here. */
    @Test
    void refusesSignatureMadeWithPublicText() {
        for (String guess : List.of("notes", "secret", "HS256", String.join("", Collections.nCopies(32, "\0")))) {
            String token = Forge.token(utf8(HEADER), utf8(PAYLOAD), "HmacSHA256", utf8(guess));
            refuses(SIGNATURE_INVALID, "Signature verification failed", token);
        }
    }

    /** What is wrong inside is never told to somebody who could not sign it. */
    @Test
    void reportsTheSignatureBeforeTheClaims() {
        String forged = Forge.token(HEADER, "[not even json");
        refuses(SIGNATURE_INVALID, "Signature verification failed", forged.substring(0, forged.length() - 4) + "AAAA");
    }

    private static String signed(byte[] header, byte[] payload) {
        return Forge.token(header, payload, "HmacSHA256", Forge.SECRET);
    }

    private void refuses(AuthError error, String message, String token) {
        Refusal.expect(error, message, () -> auth.verify(token));
        assertThat(auth.check(Request.json("/x", "{}").header("Authorization", "Bearer " + token), Access.optional())
                        .admitted())
                .isFalse();
    }

    private AuthException refusal(String token) {
        return catchThrowableOfType(AuthException.class, () -> auth.verify(token));
    }
}
