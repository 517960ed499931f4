package dev.latchkey;

import static dev.latchkey.AuthError.BODY_TOO_LARGE;
import static dev.latchkey.AuthError.REQUEST_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_AMBIGUOUS;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_MISSING;
import static dev.latchkey.TokenLocation.FORM;
import static dev.latchkey.TokenLocation.HEADER;
import static dev.latchkey.TokenLocation.JSON;
import static dev.latchkey.TokenLocation.QUERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens in a query or a form. */
class QueryAndFormTest {

    private static final String FORM_TYPE = "application/x-www-form-urlencoded";

    private final StandingClock clock = new StandingClock();
    private final String token = Forge.good();
    private final Latchkey query =
            Forge.latchkey(clock).locations(QUERY).stateless().build();
    private final Latchkey prefixed = Forge.latchkey(clock)
            .locations(QUERY)
            .queryParameter("auth", "Bearer ")
            .stateless()
            .build();
    private final Latchkey form =
            Forge.latchkey(clock).locations(FORM).stateless().build();

    private static void refuses(Latchkey by, AuthError error, String message, Request request) {
        AuthException refusal = by.check(request, Access.required()).refusal().orElseThrow();
        assertThat(refusal.error()).isEqualTo(error);
        assertThat(refusal).hasMessage(message);
    }

    private static void admits(Latchkey by, Request request) {
        assertThat(by.check(request, Access.required()).refusal()).isEmpty();
    }

    private static Request form(String body) {
        return Request.post("/x").header("Content-Type", FORM_TYPE).body(body);
    }

    @Test
    void readsAQuery_andTellsCachesAndBrowsers() {
        Outcome outcome = query.check(Request.get("/x?a=1&jwt=" + token + "&b"), Access.required());
        assertThat(outcome.token().flatMap(VerifiedToken::location)).contains(QUERY);
        assertThat(outcome.headers())
                .isEqualTo(Map.of("Cache-Control", List.of("private"), "Referrer-Policy", List.of("no-referrer")));
        admits(query, Request.post("/x?%6Awt=" + token.replace("e", "%65")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x",
                "/x?",
                "/x?jwt",
                "/x?jwt=",
                "/x?JWT=a",
                "/x?a=jwt=b",
                "/x?%6Awt",
                "/x?&&=&jwt=&",
                "/x?j%wt=a"
            })
    void refusesAQueryWithoutToken(String target) {
        refuses(query, TOKEN_MISSING, "Missing 'jwt' query parameter", Request.get(target));
    }

    @Test
    void theAncestorsMisspeltIt() {
        Latchkey ancestors = Forge.latchkey(clock)
                .locations(QUERY)
                .errorStyle(ErrorStyle.ANCESTORS)
                .build();
        refuses(ancestors, TOKEN_MISSING, "Missing 'jwt' query paramater", Request.get("/x"));
    }

    @Test
    void takesAPrefixLiterally() {
        admits(prefixed, Request.get("/x?auth=Bearer%20" + token));
        admits(prefixed, Request.get("/x?auth=Bearer+" + token));
        for (String value : List.of(token, "bearer%20" + token, "Bearer" + token, "%20Bearer%20" + token)) {
            refuses(
                    prefixed,
                    TOKEN_MALFORMED,
                    "Invalid value for query parameter 'auth'. Expected the value to start with 'Bearer '",
                    Request.get("/x?auth=" + value));
        }
        Outcome optional = prefixed.check(Request.get("/x?auth=x"), Access.optional());
        assertThat(optional.response().orElseThrow().status()).isEqualTo(401);
        assertThatThrownBy(() -> Forge.latchkey(clock).queryParameter("", "").build())
                .hasMessageContaining("queryParameter(…) needs a name");
    }

    @Test
    void refusesRepeatedTokens() {
        String message = "More than one token in the request";
        refuses(query, TOKEN_AMBIGUOUS, message, Request.get("/x?jwt=" + token + "&jwt=" + token));
        refuses(query, TOKEN_AMBIGUOUS, message, Request.get("/x?jwt=" + token + "&%6Awt=%ff"));
        refuses(form, TOKEN_AMBIGUOUS, message, form("access_token=" + token + "&access_token=x"));
        admits(query, Request.get("/x?jwt=&jwt=" + token + "&jwt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%4g", "%zz", "%ff", "%c3", "%C0%80", "%ed%a0%80", "\u20ac", "a%"})
    void refusesWhatCannotBeDecoded(String broken) {
        refuses(query, TOKEN_MALFORMED, "Malformed token", Request.get("/x?jwt=" + broken));
        refuses(form, TOKEN_MALFORMED, "Malformed token", form("access_token=" + broken.replace("\u20ac", "%ff")));
        // What stands beside it harms nobody.
        admits(query, Request.get("/x?" + broken + "=1&a=" + broken + "&jwt=" + token));
    }

    @Test
    void warnsOfQueries() {
        List<LogBook.Line> lines = LogBook.during(
                () -> Forge.latchkey(clock).locations(HEADER, QUERY).stateless().build());
        assertThat(lines).anyMatch(line -> line.text().startsWith("locations hold QUERY: logs, histories"));
    }

    @Test
    void neverLogsAQuery() {
        List<LogBook.Line> lines =
                LogBook.during(() -> query.check(Request.get("/x?jwt=" + token + "x"), Access.required()));
        assertThat(lines).isNotEmpty().noneMatch(line -> line.text().contains("jwt="));
    }

    @Test
    void readsAForm() {
        admits(form, form("a=1&access_token=" + token));
        admits(form, form("access%5Ftoken=" + token + "&=&").header("X", "y"));
        Request typed = Request.post("/x").header("Content-Type", " Application/X-WWW-Form-Urlencoded ; charset=x");
        admits(form, typed.body("access_token=" + token));
        String refresh = query.refreshToken("alice");
        assertThat(form.check(form("refresh_token=" + refresh), Access.refresh())
                        .admitted())
                .isTrue();
    }

    @Test
    void refusesAFormWithoutToken() {
        String message = "Missing 'access_token' form field";
        for (String body : List.of("", "access_token", "access_token=", "refresh_token=" + token, "&", "{}")) {
            refuses(form, TOKEN_MISSING, message, form(body));
        }
        refuses(form, TOKEN_MISSING, message, Request.post("/x?access_token=" + token));
        refuses(form, TOKEN_MISSING, message, Request.post("/x").body("access_token=" + token));
        refuses(form, TOKEN_MISSING, message, form("access_token=" + token).method("GET"));
        refuses(form, TOKEN_MISSING, message, form("access_token=" + token).method("HEAD"));
        refuses(form, TOKEN_MISSING, message, form("access_token=" + token).header("Content-Type", FORM_TYPE));
        Request multipart = Request.post("/x").header("Content-Type", "multipart/form-data; boundary=b");
        refuses(form, TOKEN_MISSING, message, multipart.body("access_token=" + token));
    }

    @Test
    void refusesAFormCutShort() {
        refuses(form, TOKEN_MALFORMED, "Not enough segments", form("access_token=" + token.substring(0, 30)));
        AuthException gone = form.check(OddRequest.brokenOff(form("")), Access.required())
                .refusal()
                .orElseThrow();
        assertThat(gone.error()).isEqualTo(REQUEST_MALFORMED);
    }

    @Test
    void readsNoMoreThanItWasTold() {
        Latchkey small = Forge.latchkey(clock)
                .locations(FORM, JSON)
                .maxBodySize(1000)
                .stateless()
                .build();
        String padding = "x".repeat(1000 - "access_token=&x=".length() - token.length());
        admits(small, form("access_token=" + token + "&x=" + padding));
        refuses(small, BODY_TOO_LARGE, "Request body too large", form("access_token=" + token + "&xx=" + padding));
        for (int wrong : new int[] {255, 65_537, 0, -1}) {
            assertThatThrownBy(() -> Forge.latchkey(clock).maxBodySize(wrong).build())
                    .hasMessageContaining("maxBodySize is " + wrong + ", needs 256 to 65536");
        }
    }

    @Test
    void twoPlacesMayHoldOneTokenButNotTwo() {
        Latchkey all =
                Forge.latchkey(clock).locations(HEADER, QUERY, FORM).stateless().build();
        Request same = Request.post("/x?jwt=" + token)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", FORM_TYPE)
                .body("access_token=" + token);
        admits(all, same);
        refuses(all, TOKEN_AMBIGUOUS, "More than one token in the request", same.body("access_token=x"));
        refuses(
                all,
                TOKEN_AMBIGUOUS,
                "More than one token in the request",
                Request.get("/x?jwt=x").header("Authorization", "Bearer " + token));
    }
}
