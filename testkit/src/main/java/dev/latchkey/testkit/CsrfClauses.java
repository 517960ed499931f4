package dev.latchkey.testkit;

import static dev.latchkey.testkit.Browser.ACCESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import dev.latchkey.Cookies;
import dev.latchkey.Latchkey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What another page can make a browser do that sends its cookies along: nothing. */
abstract class CsrfClauses extends CookieClauses {

    /** A page that may read responses, but not act for the user. */
    private static final String FOREIGN = "Origin: " + AdapterContract.ORIGIN;

    @Test
    void unsafeMethodNeedsTheValueThatOnlyOwnPagesKnow() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);
        String cookie = alice.cookie();

        RawHttp.Reply missing = http.post("/required", "note", cookie);
        assertRefused(missing, AuthError.CSRF_MISSING);
        assertThat(missing.body()).contains("X-CSRF-TOKEN");
        assertThat(missing.cookies(ACCESS)).isEmpty();
        assertRefused(http.post("/required", "note", cookie, "X-CSRF-TOKEN:"), AuthError.CSRF_MISSING);
        for (String wrong : List.of(
                "X-CSRF-TOKEN: x",
                alice.value() + "x",
                "X-CSRF-TOKEN: " + alice.csrf().substring(1))) {
            assertRefused(http.post("/required", "note", cookie, wrong), AuthError.CSRF_MISMATCH);
        }
        assertRefused(http.post("/required", "note", cookie, alice.value(), alice.value()), AuthError.CSRF_MISMATCH);
        assertRefused(
                http.post("/required", "note", cookie, "X-CSRF-TOKEN: x", alice.value()), AuthError.CSRF_MISMATCH);
        assertThat(http.post("/required", "note", cookie, "X-CSRF-TOKEN: é").status())
                .isIn(400, 403);
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
        assertAnswered(http.post("/required", "note", cookie, alice.value()), "alice note");
        assertAnswered(http.post("/required", "note", bearer(alice.access())), "alice note");
    }

    @Test
    void routeMayWantTheValueForEveryMethodOrForNone() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);

        assertRefused(http.get("/csrf", alice.cookie()), AuthError.CSRF_MISSING);
        assertThat(http.send("HEAD", "/csrf", List.of(alice.cookie()), "").status())
                .isEqualTo(403);
        assertAnswered(http.get("/csrf", alice.cookie(), alice.value()), "alice");
        assertAnswered(http.post("/without-csrf", "", alice.cookie(), FOREIGN), "alice");
    }

    @Test
    void everyMethodThatMayChangeSomethingNeedsTheValue() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);

        assertRefused(http.send("PROPFIND", "/propfind", List.of(alice.cookie()), ""), AuthError.CSRF_MISSING);
        RawHttp.Reply reply = http.send("get", "/required", List.of(alice.cookie()), "");
        assertThat(reply.status() + reply.body()).matches("(?s)403.*csrf_missing.*|(400|404|405|501).*");
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
        assertAnswered(http.send("PROPFIND", "/propfind", List.of(alice.cookie(), alice.value()), ""), "alice");
        for (String safe : List.of("GET", "HEAD")) {
            assertThat(http.send(safe, "/required", List.of(alice.cookie(), FOREIGN), "")
                            .status())
                    .isEqualTo(200);
        }
        assertAnswered(http.send("OPTIONS", "/default", List.of(alice.cookie()), ""), "alice");
    }

    @Test
    void pageOfAnotherOriginIsRejectedWhateverItKnows() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);

        for (String other : List.of(FOREIGN, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site")) {
            assertRefused(http.post("/required", "x", alice.cookie(), alice.value(), other), AuthError.ORIGIN_REJECTED);
        }
        assertRefused(
                http.post(
                        "/required",
                        "x",
                        alice.cookie(),
                        alice.value(),
                        "Sec-Fetch-Site: same-origin",
                        "Sec-Fetch-Site: cross-site"),
                AuthError.ORIGIN_REJECTED);
        assertRefused(
                http.post("/required", "x", alice.cookie(), alice.value(), FOREIGN, "Host: app.example:8080"),
                AuthError.ORIGIN_REJECTED);
        // The framework's CORS may be faster.
        assertThat(http.post("/required", "x", alice.cookie(), alice.value(), "Origin: null")
                        .status())
                .isIn(400, 403);
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
    }

    @Test
    void ownPageIsKnownByItsHostOrByTheBrowsersWord() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);

        for (List<String> own : List.of(
                List.of(FOREIGN, "Host: app.example"),
                List.of(FOREIGN, "Host: APP.example:443"),
                List.of(FOREIGN, "Sec-Fetch-Site: same-origin"),
                List.of("Sec-Fetch-Site: none"))) {
            List<String> lines =
                    List.of(alice.cookie(), alice.value(), own.get(0), own.size() > 1 ? own.get(1) : "Accept: */*");
            assertAnswered(http.send("POST", "/required", lines, "note"), "alice note");
        }
        Latchkey trusting = settings()
                .cookies(Cookies.create().trustedOrigins(AdapterContract.ORIGIN))
                .build();
        RawHttp trusted = run(trusting);
        Browser bob = Browser.of(trusting);
        assertAnswered(trusted.post("/required", "x", bob.cookie(), bob.value(), FOREIGN), "alice x");
        assertThat(trusted.post("/required", "x", bob.cookie(), FOREIGN).body()).contains("csrf_missing");
    }

    @Test
    void anotherPageCanNeitherLogInNorRefreshNorLogOut() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);

        for (String other : List.of(FOREIGN, "Sec-Fetch-Site: cross-site")) {
            for (RawHttp.Reply reply : List.of(
                    http.post("/auth/login", LOGIN, JSON, other),
                    http.post("/auth/refresh", "", alice.all(), other),
                    http.post("/auth/logout", "", alice.all(), other))) {
                assertRefused(reply, AuthError.ORIGIN_REJECTED);
                assertThat(reply.cookies())
                        .containsExactly(reply.cookies("seen").get(0));
            }
        }
        assertRefused(http.post("/auth/refresh", "", alice.all()), AuthError.CSRF_MISSING);
        assertRefused(http.post("/auth/logout", "", alice.all()), AuthError.CSRF_MISSING);
        assertThat(auth.sessions("alice")).hasSize(1);
        assertAnswered(http.get("/required", alice.cookie()), "alice");
    }

    @Test
    void fieldOfAFormMayHoldTheValueAndTheHandlerReadsTheForm() {
        Latchkey auth = withCookies().build();
        RawHttp http = run(auth);
        Browser alice = Browser.of(auth);
        String field = "csrf_token=" + alice.csrf();

        for (String missing : List.of("note=1", "csrf_token=&note=1", "Csrf_token=" + alice.csrf(), "")) {
            assertRefused(http.post("/form", missing, FORM, alice.cookie()), AuthError.CSRF_MISSING);
        }
        assertRefused(http.post("/form", field, alice.cookie(), "Content-Type: text/plain"), AuthError.CSRF_MISSING);
        for (String wrong : List.of("csrf_token=x", field + "&" + field, field + "x")) {
            assertRefused(http.post("/form", wrong, FORM, alice.cookie()), AuthError.CSRF_MISMATCH);
        }
        // The framework may read the form first.
        assertThat(http.post("/form", "csrf_token=%zz", FORM, alice.cookie()).status())
                .isIn(400, 403);
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
        assertRefused(http.post("/form", field, FORM, alice.cookie(), "X-CSRF-TOKEN: x"), AuthError.CSRF_MISMATCH);
        String body = "note=%C3%A9+%2B&" + field + "&note=2";
        assertAnswered(http.post("/form", body, FORM + ";charset=UTF-8", alice.cookie()), "alice é +");
        assertAnswered(http.post("/form", body, FORM, alice.cookie()), "alice é +");
        assertAnswered(http.post("/form-body", body, FORM, alice.cookie()), "alice " + body);
    }
}
