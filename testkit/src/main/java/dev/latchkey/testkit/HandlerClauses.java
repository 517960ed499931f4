package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What handlers find, what they may do themselves, and what becomes of their failures. */
abstract class HandlerClauses extends AccessClauses {

    @Test
    void frameworkKnowsTheUser() {
        RawHttp http = run();

        assertAnswered(http.get("/principal", bearer(tokens.access("alice"))), "the user is alice");
        assertAnswered(http.get("/principal"), "the user is null");
    }

    @Test
    void handlerThatTakesATokenForGrantedIsToldItsMistake() {
        RawHttp http = run();

        assertAnswered(http.get("/token", bearer(tokens.access("alice"))), "alice");
        assertThat(http.get("/token").body()).startsWith("mistake: ").contains("findToken");
    }

    @Test
    void handlerMayCheckForMore() {
        RawHttp http = run();

        RawHttp.Reply stale = http.get("/inside", bearer(tokens.access("alice")));
        assertThat(stale.status() + stale.body()).startsWith("401").contains("fresh_token_required");
        assertAnswered(http.get("/inside", bearer(tokens.fresh("alice"))), "alice inside");
        RawHttp.Reply missing = http.get("/open-inside");
        assertThat(missing.status() + missing.body()).startsWith("401").contains("token_missing");
        assertThat(missing.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertAnswered(http.get("/open-inside", bearer(tokens.access("alice"))), "alice inside");
    }

    @Test
    void handlerMayTakeATokenOrNone() {
        RawHttp http = run();

        assertAnswered(http.get("/inside-optional"), "null then nobody is null");
        RawHttp.Reply known = http.get("/inside-optional", bearer(tokens.access("alice")));
        assertAnswered(known, "null then alice is alice");
        assertThat(known.header("Vary")).containsIgnoringCase("Authorization");
        RawHttp.Reply refused = http.get("/inside-optional", bearer("garbage"));
        assertThat(refused.status() + refused.body()).startsWith("401").contains("token_malformed");
        assertThat(refused.header("Vary")).containsIgnoringCase("Authorization");
    }

    @Test
    void demandThatIsMetIsNotCheckedAgain() {
        AtomicInteger loads = new AtomicInteger();
        RawHttp http = run(settings().userLoader(claims -> Optional.of("user " + loads.incrementAndGet())));

        assertAnswered(http.get("/again", bearer(tokens.access("alice"))), "user 1");
        assertAnswered(http.get("/again", bearer(tokens.access("alice"))), "user 2");
        assertAnswered(http.get("/user", bearer(tokens.access("alice"))), "user 3");
    }

    @Test
    void handlerMayWriteAResponse() {
        RawHttp.Reply reply = run().get("/writes", "Origin: " + AdapterContract.ORIGIN);

        assertThat(reply.status() + " " + reply.body()).isEqualTo("203 écrit");
        assertThat(reply.header("Content-Type").replace(" ", "")).isEqualToIgnoringCase("text/plain;charset=utf-8");
        assertThat(reply.header("Link")).isEqualTo("</a>; rel=prev | </b>; rel=next");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(AdapterContract.ORIGIN);
    }

    @Test
    void refusalThatAHandlerLetsThroughIsTheResponse() {
        RawHttp http = run();

        for (String path : List.of("/refuses", "/refuses-late")) {
            RawHttp.Reply reply = http.get(path, "Origin: " + AdapterContract.ORIGIN);
            assertThat(reply.status() + reply.body()).startsWith("401").contains("claims_rejected");
            assertThat(reply.header("WWW-Authenticate")).contains("invalid_token");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(AdapterContract.ORIGIN);
        }
    }

    @Test
    void refusalThatComesTooLateAddsNothingToTheResponse() {
        RawHttp http = run();

        RawHttp.Reply reply = http.get("/refuses-too-late");
        assertThat(reply.status() + " " + reply.body()).startsWith("200 begun").doesNotContain("claims_rejected");
        assertAnswered(http.get("/open"), "open");
    }

    @Test
    void otherFailureIsTheFrameworksOwn() {
        RawHttp http = run();

        assertThat(http.get("/fails", bearer(tokens.access("alice"))).status()).isEqualTo(500);
        Route.HANDLED.set(0);
        assertRefused(http.get("/fails"), AuthError.TOKEN_MISSING);
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        RawHttp http = run();

        assertThat(http.get("/nowhere").status()).isIn(401, 404);
        assertThat(http.get("/nowhere", bearer(tokens.access("alice"))).status())
                .isEqualTo(404);
        assertThat(http.post("/fresh", "", bearer(tokens.fresh("alice"))).status())
                .isIn(404, 405);
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
    }
}
