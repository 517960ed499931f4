package dev.latchkey;

import static dev.latchkey.AuthError.HEADER_MALFORMED;
import static dev.latchkey.AuthError.REQUEST_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_AMBIGUOUS;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_MISSING;
import static dev.latchkey.TokenLocation.HEADER;
import static dev.latchkey.TokenLocation.JSON;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a token may stand in a request, and where it is not looked for. */
class LocationsTest {

    private static final String BAD_HEADER = "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'";
    private static final String NO_BEARER =
            "Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'";
    private static final String NOT_JSON = "Invalid content-type. Must be application/json.";

    private final String token = Forge.good();
    private final StandingClock clock = new StandingClock();
    private final Latchkey header = Forge.latchkey(clock).build();
    private final Latchkey json = Forge.latchkey(clock).locations(JSON).build();
    private final Latchkey both = Forge.latchkey(clock).locations(HEADER, JSON).build();

    @Test
    void refusesARequestWithoutHeader() {
        refuses(header, TOKEN_MISSING, "Missing Authorization Header", Request.get("/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "  \t "})
    void countsABlankHeaderAsNone(String value) {
        refuses(header, TOKEN_MISSING, "Missing Authorization Header", authorization(value));
    }

    /** Somebody else's scheme may be meant for a proxy: no token of ours, and no fault. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic dXNlcjpwYXNz",
                "Basic x, Bearer tok",
                ",Bearer tok",
                ",",
                ",,",
                "Bearer,tok",
                "Bearertok",
                "JWT x",
                "abc"
            })
    void countsAnotherSchemeAsNone(String value) {
        refuses(header, TOKEN_MISSING, NO_BEARER, authorization(value));
    }

    @Test
    void countsTheBareTokenAsNone() {
        refuses(header, TOKEN_MISSING, NO_BEARER, authorization(token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "bearer\t",
                "Bearer a b",
                "Bearer a, Bearer b",
                "Bearer a,",
                "Bearer ,a",
                "Bearer a, Basic b",
                "Bearer a\tb",
                "Bearer a\0b"
            })
    void refusesASchemeWithoutExactlyOneToken(String value) {
        refuses(header, HEADER_MALFORMED, BAD_HEADER, authorization(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer %s", "bearer %s", "BEARER %s", "Bearer  %s", "Bearer\t%s", "  Bearer \t %s  "})
    void admitsTheSchemeInAnyCaseWithAnyWhiteSpace(String value) {
        admits(header, authorization(value.formatted(token)), HEADER);
    }

    @Test
    void admitsTheTokenBesideAnotherScheme() {
        admits(header, authorization("Basic dXNlcjpwYXNz").header("authorization", "Bearer " + token), HEADER);
        admits(header, authorization("Bearer " + token).header("AUTHORIZATION", "Negotiate x"), HEADER);
        admits(header, authorization("").header("Authorization", "Bearer " + token), HEADER);
    }

    /** Proxies disagree on which of two lines counts, so neither does, not even of two that are equal. */
    @Test
    void refusesTwoTokensInTheHeader() {
        Request twice = authorization("Bearer " + token).header("Authorization", "bearer " + token);
        refuses(header, TOKEN_AMBIGUOUS, "More than one token in the request", twice);
    }

    @Test
    void readsAHeaderAndSchemeOfAnotherName() {
        Latchkey other =
                Forge.latchkey(clock).headerName("X-Token").headerScheme("JWT").build();
        admits(other, Request.get("/x").header("x-token", "jwt " + token), HEADER);
        refuses(other, TOKEN_MISSING, "Missing X-Token Header", Request.bearer(token));
        refuses(
                other,
                TOKEN_MISSING,
                "Missing 'JWT' type in 'X-Token' header. Expected 'X-Token: JWT <JWT>'",
                Request.get("/x").header("X-Token", "Bearer " + token));
        refuses(
                other,
                HEADER_MALFORMED,
                "Bad X-Token header. Expected 'X-Token: JWT <JWT>'",
                Request.get("/x").header("X-Token", "JWT a b"));
    }

    @Test
    void readsABareTokenWhereTheSchemeIsEmpty() {
        Latchkey bare = Forge.latchkey(clock).headerScheme("").build();
        admits(bare, authorization(token), HEADER);
        refuses(
                bare,
                HEADER_MALFORMED,
                "Bad Authorization header. Expected 'Authorization: <JWT>'",
                Request.bearer(token));
        refuses(bare, TOKEN_AMBIGUOUS, null, authorization(token).header("Authorization", token));
    }

    /** None of these is looked at, so none of them needs a defence against forged requests. */
    @Test
    void ignoresCookieQueryAndForm() {
        Request elsewhere = Request.post("/x?jwt=" + token + "&access_token=" + token)
                .header("Cookie", "access_token_cookie=" + token + "; access_token=" + token)
                .header("X-Access-Token", token)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("access_token=" + token);
        refuses(header, TOKEN_MISSING, "Missing Authorization Header", elsewhere);
        refuses(json, TOKEN_MISSING, NOT_JSON, elsewhere);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "APPLICATION/JSON",
                "application/json;charset=utf-8",
                " application/json ; x=y",
                "application/vnd.api+json"
            })
    void readsJsonByItsMediaType(String type) {
        Request request = Request.post("/x").header("Content-Type", type).body("{\"access_token\":\"" + token + "\"}");
        admits(json, request, JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/json",
                "application/jsonp",
                "application/json, text/plain",
                "",
                "json",
                "multipart/form-data"
            })
    void readsNoOtherMediaType(String type) {
        Request request = Request.post("/x").header("Content-Type", type).body("{\"access_token\":\"" + token + "\"}");
        refuses(json, TOKEN_MISSING, NOT_JSON, request);
        refuses(json, TOKEN_MISSING, NOT_JSON, Request.post("/x").body("{\"access_token\":\"" + token + "\"}"));
        Request two = Request.json("/x", "{}").header("Content-Type", "text/plain");
        refuses(json, TOKEN_MISSING, NOT_JSON, two);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"access_token\":null}",
                "{\"access_token\":\"\"}",
                "{\"refresh_token\":\"x\"}",
                "{\"ACCESS_TOKEN\":\"x\"}"
            })
    void refusesJsonWithoutToken(String body) {
        refuses(json, TOKEN_MISSING, "Missing \"access_token\" key in json data.", Request.json("/x", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "[\"x\"]", "{\"a\":1}", "[]"})
    void refusesJsonTokensThatAreNotText(String value) {
        refuses(
                json,
                TOKEN_MALFORMED,
                "Invalid token type. Token must be a string",
                Request.json("/x", "{\"access_token\":" + value + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "[1]",
                "\"x\"",
                "1",
                "0",
                "true",
                "{",
                "x",
                "{}{}",
                "{\"access_token\":\"a\",\"access_token\":\"b\"}"
            })
    void refusesBodiesThatAreNoObject(String body) {
        refuses(json, REQUEST_MALFORMED, "Request body must be a JSON object", Request.json("/x", body));
    }

    @Test
    void refusesBodiesInOtherCharsetsOrTenThousandDeep() {
        String body = "{\"access_token\":\"" + token + "\",\"é\":1}";
        for (Charset charset : List.of(UTF_16, UTF_16LE, ISO_8859_1)) {
            Request request = Request.json("/x", "").body(body.getBytes(charset));
            refuses(json, REQUEST_MALFORMED, "Request body must be a JSON object", request);
        }
        admits(json, Request.json("/x", body), JSON);
        String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
        refuses(json, REQUEST_MALFORMED, "Request body must be a JSON object", Request.json("/x", deep));
        refuses(json, REQUEST_MALFORMED, "Request body must be a JSON object", Request.json("/x", "[".repeat(10_000)));
    }

    @Test
    void takesTheJsonTokenAsItStands() {
        for (String value : List.of("Bearer " + token, " " + token, token + " ")) {
            assertThat(outcome(json, Request.json("/x", "{\"access_token\":\"" + value + "\"}"))
                            .refusal()
                            .orElseThrow()
                            .error())
                    .isEqualTo(TOKEN_MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void readsNoBodyWhereTheMethodHasNone(String method) {
        Request request =
                Request.json("/x", "{\"access_token\":\"" + token + "\"}").method(method);
        refuses(json, TOKEN_MISSING, "Missing \"access_token\" key in json data.", request);
    }

    @Test
    void readsTheRefreshTokenUnderItsOwnName() {
        String refresh = Forge.withClaim("type", "\"refresh\"");
        Outcome outcome = json.check(
                Request.json("/x", "{\"access_token\":\"x\",\"refresh_token\":\"" + refresh + "\"}"), Access.refresh());
        assertThat(outcome.admitted()).isTrue();
        Latchkey named =
                Forge.latchkey(clock).locations(JSON).jsonKeys("jwt", "rt").build();
        admits(named, Request.json("/x", "{\"jwt\":\"" + token + "\"}"), JSON);
        assertThat(named.check(Request.json("/x", "{\"rt\":\"" + refresh + "\"}"), Access.refresh())
                        .admitted())
                .isTrue();
    }

    @Test
    void namesEveryPlaceThatItLookedIn() {
        refuses(
                both,
                TOKEN_MISSING,
                "Missing JWT in headers or json (Missing Authorization Header; " + NOT_JSON + ")",
                Request.get("/x"));
    }

    @Test
    void admitsTheSameTokenTwiceButNoTwoThatDiffer() {
        Request request = Request.bearer(token).method("POST").header("Content-Type", "application/json");
        admits(both, request.body("{\"access_token\":\"" + token + "\"}"), HEADER);
        refuses(both, TOKEN_AMBIGUOUS, null, request.body("{\"access_token\":\"" + Forge.withClaim("x", "1") + "\"}"));
        refuses(both, TOKEN_AMBIGUOUS, null, request.body("{\"access_token\":\"garbage\"}"));
    }

    @Test
    void aBodyThatIsNoPlaceForATokenDoesNotSpoilTheHeader() {
        Request request = Request.bearer(token).method("POST").header("Content-Type", "application/json");
        for (String body : List.of("", "{}", "[1]", "not json", "x".repeat((AuthRequest.MAX_BODY - 1) + 1))) {
            admits(both, request.body(body), HEADER);
        }
    }

    @Test
    void refusesABodyTooLargeToHoldAToken() {
        Request request = Request.json("/x", "x".repeat((AuthRequest.MAX_BODY - 1) + 1));
        refuses(both, AuthError.BODY_TOO_LARGE, "Request body too large", request);
        String padded = "{\"access_token\":\"" + token + "\"}";
        admits(both, Request.json("/x", padded + " ".repeat((AuthRequest.MAX_BODY - 1) - padded.length())), JSON);
    }

    @Test
    void aRouteMayLookElsewhere() {
        Access body = Access.required().withLocations(JSON);
        assertThat(header.check(Request.bearer(token), body).admitted()).isFalse();
        assertThat(header.check(Request.json("/x", "{\"access_token\":\"" + token + "\"}"), body)
                        .admitted())
                .isTrue();
    }

    @Test
    void refusesABodyThatBrokeOff() {
        AuthRequest broken = OddRequest.brokenOff(Request.json("/x", "{}"));
        assertThat(both.check(broken, Access.required()).refusal().orElseThrow())
                .hasMessage("Request body ended early");
    }

    @Test
    void isUnavailableWhereTheApplicationReadsNoBodies() {
        AuthRequest unread = OddRequest.unread(Request.json("/x", "{}"));

        List<LogBook.Line> lines = LogBook.during(
                () -> assertThat(both.check(unread, Access.required()).refusal().orElseThrow())
                        .extracting(AuthException::error)
                        .isEqualTo(AuthError.UNAVAILABLE));

        assertThat(lines).extracting(LogBook.Line::text).anyMatch(line -> line.endsWith(": read it before"));
    }

    private static Request authorization(String value) {
        return Request.get("/x").header("Authorization", value);
    }

    private static Outcome outcome(Latchkey auth, Request request) {
        return auth.check(request, Access.required());
    }

    private static void admits(Latchkey auth, Request request, TokenLocation location) {
        assertThat(outcome(auth, request).token().flatMap(VerifiedToken::location))
                .hasValue(location);
    }

    private static void refuses(Latchkey auth, AuthError error, String message, Request request) {
        AuthException refusal = outcome(auth, request).refusal().orElseThrow();
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(error);
        assertThat(refusal).hasMessage(message == null ? error.message() : message);
    }
}
