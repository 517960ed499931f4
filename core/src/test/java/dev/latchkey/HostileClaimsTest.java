package dev.latchkey;

import static dev.latchkey.AuthError.AUDIENCE_INVALID;
import static dev.latchkey.AuthError.CLAIM_MALFORMED;
import static dev.latchkey.AuthError.CLAIM_MISSING;
import static dev.latchkey.AuthError.ISSUER_INVALID;
import static dev.latchkey.AuthError.TOKEN_EXPIRED;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_NOT_YET_VALID;
import static dev.latchkey.AuthError.TOKEN_TYPE_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Well-signed tokens with claims of every wrong shape: somebody's bug, or a stolen key used carelessly. */
class HostileClaimsTest {

    private static final Map<String, String> WRONG_TIME = Map.of(
            "exp", "Expiration Time claim (exp) must be an integer.",
            "iat", "Issued At claim (iat) must be an integer.",
            "nbf", "Not Before claim (nbf) must be an integer.",
            "auth_time", "Authentication time (auth_time) must be an integer.");

    private static final Map<String, String> WRONG_TEXT = Map.of(
            "sub", "Subject must be a string",
            "jti", "JWT ID must be a string",
            "type", "Token type must be a string",
            "iss", "Payload Issuer (iss) must be a string",
            "sid", "Session ID (sid) must be a string");

    private final Latchkey auth = Forge.latchkey(new StandingClock()).build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "\"banana\"",
                "\"1795262400\"",
                "[1795262400]",
                "{}",
                "1795262400.5",
                "1795262400.0",
                "1.7952624e9",
                "-1",
                "-9223372036854775808",
                "-9223372036854775809",
                "9223372036854775807",
                "9223372036854775808",
                "253402300800",
                "\"\""
            })
    void refusesTimesThatAreNotWholeSeconds(String value) {
        WRONG_TIME.forEach((claim, message) -> refuses(CLAIM_MALFORMED, message, Forge.withClaim(claim, value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "false", "1", "1.5", "[\"alice\"]", "[]", "{\"a\":1}", "{}", "\"\""})
    void refusesTextsThatAreNotText(String value) {
        WRONG_TEXT.forEach((claim, message) -> refuses(CLAIM_MALFORMED, message, Forge.withClaim(claim, value)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "iss;Token is missing the \"iss\" claim",
                "aud;Token is missing the \"aud\" claim",
                "exp;Token is missing the \"exp\" claim",
                "iat;Token is missing the \"iat\" claim",
                "jti;Token is missing the \"jti\" claim",
                "type;Token is missing the \"type\" claim",
                "sub;Missing claim: sub"
            })
    void refusesMissingClaims(String claim, String message) {
        refuses(CLAIM_MISSING, message, Forge.withoutClaim(claim));
    }

    @Test
    void treatsMissingFreshnessAsNotFresh() {
        String token = Forge.withoutClaim("fresh");
        assertThat(auth.verify(token).isFresh()).isFalse();
        Refusal.expect(AuthError.FRESH_TOKEN_REQUIRED, () -> auth.verify(token, Access.fresh()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1e999", "1e999999999999"})
    void refusesNumbersThatNoDoubleHolds(String value) {
        WRONG_TIME.forEach(
                (claim, message) -> refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.withClaim(claim, value)));
        refuses(TOKEN_MALFORMED, "Invalid payload string", Forge.withClaim("fresh", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"true\"", "\"1795262400\"", "[]", "[true]", "{}", "1.5", "1e9", "-1"})
    void refusesFreshnessOfEveryWrongShape(String fresh) {
        String token = Forge.withClaim("fresh", fresh);
        refuses(CLAIM_MALFORMED, "Freshness (fresh) must be a boolean or an integer.", token);
        Refusal.expect(CLAIM_MALFORMED, () -> auth.verify(token, Access.fresh()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Notes\"", "\"notes \"", "\"\\u0000notes\"", "\"https://notes\"", "\"alice\""})
    void refusesOtherIssuers(String issuer) {
        refuses(ISSUER_INVALID, "Invalid issuer", Forge.withClaim("iss", issuer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]"})
    void refusesEmptyAudiences(String audience) {
        refuses(CLAIM_MISSING, "Token is missing the \"aud\" claim", Forge.withClaim("aud", audience));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "true", "{}", "{\"notes\":1}", "[1]", "[null]", "[\"notes\",1]", "[[\"notes\"]]", "[{}]"})
    void refusesAudiencesOfEveryWrongShape(String audience) {
        refuses(CLAIM_MALFORMED, "Invalid claim format in token", Forge.withClaim("aud", audience));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"other\"", "\"Notes\"", "[\"\"]", "[\"a\",\"b\"]", "\"notes,other\""})
    void refusesOtherAudiences(String audience) {
        refuses(AUDIENCE_INVALID, "Audience doesn't match", Forge.withClaim("aud", audience));
    }

    @Test
    void admitsAListThatNamesOurAudience() {
        assertThat(auth.verify(Forge.withClaim("aud", "[\"other\",\"notes\"]")).subject())
                .isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REFRESH", "Access", "app", "access ", "invite"})
    void refusesOtherTypesOnAccessRoutes(String type) {
        String token = Forge.withClaim("type", "\"" + type + "\"");
        refuses(TOKEN_TYPE_INVALID, "Only access tokens are allowed", token);
        Refusal.expect(
                TOKEN_TYPE_INVALID, "Only refresh tokens are allowed", () -> auth.verify(token, Access.refresh()));
        assertThat(auth.verify(token, Access.anyType()).type()).isEqualTo(type);
    }

    @Test
    void refusesRefreshTokenOnAccessRoute() {
        refuses(TOKEN_TYPE_INVALID, "Only non-refresh tokens are allowed", Forge.withClaim("type", "\"refresh\""));
    }

    @Test
    void refusesAccessTokenOnRefreshRoute() {
        Refusal.expect(
                TOKEN_TYPE_INVALID,
                "Only refresh tokens are allowed",
                () -> auth.verify(Forge.good(), Access.refresh()));
    }

    @Test
    void refusesFarFutureTokens() {
        refuses(
                TOKEN_NOT_YET_VALID,
                "The token is not yet valid (iat)",
                Forge.withClaim("iat", Long.toString(ClaimRules.LATEST)));
        refuses(
                TOKEN_NOT_YET_VALID,
                "The token is not yet valid (nbf)",
                Forge.withClaim("nbf", Long.toString(ClaimRules.LATEST)));
    }

    @Test
    void refusesTheBeginningOfTime() {
        refuses(TOKEN_EXPIRED, "Token has expired", Forge.withClaim("exp", "0"));
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(Forge.withClaim("iat", "0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00", "\\ud800x", "x\\udfff\\ud800", "\\udc00\\ud800"})
    void refusesLoneSurrogatesAnywhere(String text) {
        for (String token : List.of(
                Forge.withClaim("sub", "\"" + text + "\""),
                Forge.withClaim("x", "[{\"y\":\"" + text + "\"}]"),
                Forge.withClaim("x", "{\"" + text + "\":1}"))) {
            refuses(TOKEN_MALFORMED, "Invalid payload string", token);
        }
    }

    /** Ids are compared as they are: no trimming, no folding, no normal form. */
    @ParameterizedTest
    @ValueSource(strings = {" alice", "ALICE", "a\\u0000b", "\\ud83d\\ude00", "../alice", "<script>", "%00"})
    void keepsStrangeSubjectsAsTheyAre(String subject) {
        VerifiedToken token = auth.verify(Forge.withClaim("sub", "\"" + subject + "\""));
        assertThat(Json.write(Map.of("s", token.subject())))
                .isEqualToIgnoringCase(Json.write(Map.of("s", unescape(subject))));
        assertThat(token.subject()).isNotEqualTo("alice");
    }

    private static String unescape(String json) {
        return json.replace("\\u0000", "\0").replace("\\ud83d\\ude00", "\ud83d\ude00");
    }

    /** A mistyped application claim is absent, not an exception. */
    @Test
    void readsClaimsOfAnotherTypeAsEmpty() {
        Claims claims = auth.verify(Forge.withClaim("x", "[1,null]")).claims();
        assertThat(claims.string("x")).isEmpty();
        assertThat(claims.number("x")).isEmpty();
        assertThat(claims.instant("x")).isEmpty();
        assertThat(claims.strings("x")).isEmpty();
        assertThat(claims.isTrue("x")).isFalse();
        assertThat(claims.string("absent")).isEqualTo(Optional.empty());
        assertThat(claims.asMap()).containsEntry("x", Arrays.asList(1L, null));
    }

    private void refuses(AuthError error, String message, String token) {
        Refusal.expect(error, message, () -> auth.verify(token));
    }
}
