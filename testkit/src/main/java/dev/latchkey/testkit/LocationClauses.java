package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens in queries and forms (RFC 6750 sections 2.2 and 2.3), of which handlers lose nothing. */
abstract class LocationClauses extends CsrfClauses {

    @Test
    void queryHoldsTheTokenWhereTheRouteSaysSo() {
        RawHttp http = run();
        String token = tokens.access("alice");

        for (String none : List.of("/query", "/query?", "/query?jwt", "/query?jwt=&x", "/query?JWT=" + token)) {
            assertRefused(http.get(none), AuthError.TOKEN_MISSING);
        }
        assertRefused(http.get("/query", bearer(token)), AuthError.TOKEN_MISSING);
        assertRefused(http.get("/query?jwt=x"), AuthError.TOKEN_MALFORMED);
        RawHttp.Reply reply = http.get("/query?a=%26jwt%3Dx&jwt=" + token + "&b=?");
        assertAnswered(reply, "alice");
        assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(reply.header("Cache-Control")).isEqualTo("private");
    }

    @Test
    void queryIsReadAsItWasSent() {
        RawHttp http = run(settings().queryParameter("jwt", "a+b %26 "));
        String token = tokens.access("alice");

        for (String otherwise : List.of("a+b+%26+", "a%2Bb+&+", "a%2Bb+%26+", "a%252Bb+%2526+")) {
            assertThat(http.get("/query?jwt=" + otherwise + token).status()).isEqualTo(401);
        }
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
        assertAnswered(http.get("/query?j%77t=a%2Bb+%2526%20" + token), "alice");
    }

    @Test
    void queryOfTwoTokensOrBrokenEscapesIsRefused() {
        RawHttp http = run();
        String good = "jwt=" + tokens.access("alice");

        for (String two : List.of(good + "&" + good, good + "&jwt=x", "jwt=x&" + good, "%6Awt=x&" + good)) {
            assertRefused(http.get("/query?" + two), AuthError.TOKEN_AMBIGUOUS);
        }
        for (String broken : List.of("%zz", "%", "%2", "%C3%28", good.substring(4) + "%00")) {
            assertThat(http.get("/query?jwt=" + broken).status()).as(broken).isIn(400, 401);
        }
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
        assertAnswered(http.get("/query?jwt=&" + good), "alice");
    }

    @Test
    void formHoldsTheTokenAndTheHandlerReadsTheForm() {
        RawHttp http = run();
        String field = "access_token=" + tokens.access("alice");
        String body = "note=%C3%A9&" + field + "&note=2";

        assertRefused(http.post("/form", "note=1", FORM), AuthError.TOKEN_MISSING);
        assertRefused(http.post("/form", field + "&" + field, FORM), AuthError.TOKEN_AMBIGUOUS);
        assertRefused(http.post("/form", field, FORM, bearer(tokens.access("bob"))), AuthError.TOKEN_AMBIGUOUS);
        assertAnswered(http.post("/form", body, FORM), "alice é");
        assertAnswered(http.post("/form", field, FORM + "; charset=utf-8"), "alice null");
        assertAnswered(http.post("/form-body", body, FORM), "alice " + body);
        assertAnswered(http.post("/form-body", "x", bearer(tokens.access("bob"))), "bob x");
    }

    @Test
    void formHoldsNoTokenWhereTheRfcForbidsIt() {
        RawHttp http = run();
        String field = "access_token=" + tokens.access("alice");

        assertRefused(http.send("GET", "/form", List.of(FORM), field), AuthError.TOKEN_MISSING);
        assertRefused(http.post("/form?" + field, "", FORM), AuthError.TOKEN_MISSING);
        assertRefused(http.post("/form", field, JSON), AuthError.TOKEN_MISSING);
        assertRefused(http.post("/required", field, FORM), AuthError.TOKEN_MISSING);
        String parts = "--x\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\n"
                + field.substring("access_token=".length()) + "\r\n--x--\r\n";
        assertRefused(
                http.post("/form", parts, "Content-Type: multipart/form-data; boundary=x"), AuthError.TOKEN_MISSING);
    }

    @Test
    void formThatIsCutShortIsNotAdmitted() {
        RawHttp http = run();

        for (String path : List.of("/form", "/form-body")) {
            assertThat(http.cut(path, "note=1&access_token=" + tokens.access("alice") + "&", FORM))
                    .isBetween(400, 499);
        }
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
        assertAnswered(http.get("/open"), "open");
    }

    @Test
    void largeFormReachesTheHandlerWhole() {
        RawHttp http = run();
        String token = "access_token=" + tokens.access("alice");
        String large = ("n=" + "x".repeat(500) + "&").repeat(200) + "note=last";

        assertRefused(http.post("/form", large + "&" + token, FORM), AuthError.BODY_TOO_LARGE);
        assertAnswered(http.post("/form", large, FORM, bearer(tokens.access("alice"))), "alice last");
        assertAnswered(http.post("/form-body", large, FORM, bearer(tokens.access("alice"))), "alice " + large);
    }
}
