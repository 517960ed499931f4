package dev.latchkey.example;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.Cookie;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Access cookies that live for seconds: what the server renews, and what latchkey.js refreshes. */
class RenewalTest extends InBrowser {

    private static final String LIFE = "JWT_ACCESS_TOKEN_EXPIRES";
    private static final String SEND_FIVE =
            "window.five = import('/latchkey.js').then((latchkey) => Promise.all(Array.from({length: 5},"
                    + " () => latchkey.send('/api/me').then((answer) => answer.status)))); undefined";
    private static final String SEND = "window.%s = import('/latchkey.js').then((latchkey) => latchkey.send('%s'))"
            + ".then((answer) => answer.status); undefined";
    private static final String LATE = "/api/me?late";

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private Page start(String seconds) {
        startApp(LIFE, seconds);
        context().onRequest(this::note);
        return openAsAlice();
    }

    private void note(Request request) {
        if (request.url().matches(".*/(api|auth)/.*")) {
            requests.add(request.method() + " " + request.url().replaceFirst("https?://[^/]*", ""));
        }
    }

    /** What a promise of this name comes to: unlike evaluate, the wait for it has an end. */
    private static Object answer(Page page, String name) {
        return page.waitForFunction("window." + name).jsonValue();
    }

    private boolean isAccessCookieGone() {
        return cookie(ACCESS) == null;
    }

    /** As if its time were over, where the next one must outlive a slow machine. */
    private void loseAccessCookie() {
        context().clearCookies(new BrowserContext.ClearCookiesOptions().setName(ACCESS));
    }

    @Test
    void renewsWhileThePersonIsActive() {
        Page page = start("15"); // and renewal in the last 5
        Cookie first = cookie(ACCESS);
        button(page, "GET /api/me needs a session").click();
        assertLast(page, "GET /api/me → 200");
        assertThat(cookie(ACCESS).value).isEqualTo(first.value);

        // Of the token: the cookie's age is in whole seconds, so it goes up to one earlier.
        page.waitForCondition(() -> first.expires - Instant.now().toEpochMilli() / 1000.0 < 3.9);
        button(page, "GET /api/hello with or without a session").click();

        page.waitForCondition(
                () -> cookie(ACCESS) == null || !cookie(ACCESS).value.equals(first.value));
        assertThat(cookie(ACCESS)).isNotNull();
        assertThat(cookie(ACCESS).expires).isGreaterThan(first.expires);
        assertThat(page.locator("#fresh")).hasText("not fresh");
        assertThat(requests).doesNotContain("POST /auth/refresh");
    }

    @Test
    void refreshesOnceTheAccessCookieIsGone() {
        Page page = start("2");
        page.waitForCondition(this::isAccessCookieGone);
        assertThat(page.locator("#life")).containsText("over");
        String before = cookie(REFRESH).value;
        requests.clear();

        addNote(page, "after a pause");

        assertThat(requests).startsWith("POST /api/notes", "POST /auth/refresh", "POST /api/notes");
        assertThat(cookie(REFRESH).value).isNotEqualTo(before);
        assertThat(page.locator("#history")).containsText("POST /auth/refresh → 200");
        assertLoggedIn(page, "alice");
        assertThat(page.locator("#fresh")).hasText("not fresh");
        // By latchkey.js, as the new cookie does not live for long either.
        assertThat(page.evaluate("import('/latchkey.js').then((latchkey) => latchkey.send('/api/notes'))"
                        + ".then((answer) => answer.json()).then((notes) => notes.length)"))
                .isEqualTo(1);
    }

    @Test
    void comesBackByTheRefreshCookieAlone() {
        Page page = start("2");
        page.waitForCondition(this::isAccessCookieGone);

        page.reload();
        assertLoggedIn(page, "alice");
    }

    @Test
    void doesNotRefreshWhatARefreshCannotMend() {
        Page page = start("900");
        button(page, "Refresh").click();
        assertThat(page.locator("#fresh")).hasText("not fresh");
        requests.clear();

        page.getByLabel("Old").fill("correct-horse");
        page.getByLabel("New").fill("a new and longer one");
        button(page, "Change").click();

        assertLast(page, "POST /api/password → 401 fresh_token_required");
        assertThat(requests).containsExactly("POST /api/password");
    }

    /** Else each answer that takes longer than the refresh of another request would cost one more. */
    @Test
    void sparesARequestRefusedAfterItsTabsRefreshAnother() {
        Page page = start("900");
        List<Route> late = new ArrayList<>();
        context().route(url -> url.endsWith(LATE), route -> {
            if (late.isEmpty()) {
                late.add(route);
            } else {
                route.resume();
            }
        });
        loseAccessCookie();
        requests.clear();

        page.evaluate(SEND.formatted("late", LATE));
        page.waitForCondition(() -> !late.isEmpty());
        APIResponse refused = late.get(0).fetch();
        assertThat(refused.status()).isEqualTo(401);
        page.evaluate(SEND.formatted("early", "/api/me"));
        assertThat(answer(page, "early")).isEqualTo(200);
        late.get(0).fulfill(new Route.FulfillOptions().setResponse(refused));

        assertThat(answer(page, "late")).isEqualTo(200);
        assertThat(requests)
                .containsExactly("GET " + LATE, "GET /api/me", "POST /auth/refresh", "GET /api/me", "GET " + LATE);
        assertLoggedIn(page, "alice");
    }

    @Test
    void refreshesOneTabAtATime() {
        Page one = start("900");
        Page two = open();
        assertLoggedIn(two, "alice");
        loseAccessCookie();
        List<Route> arrived = new ArrayList<>();
        context().route("**/auth/refresh", route -> {
            arrived.add(route);
            if (arrived.size() > 1) {
                route.resume();
            }
        });

        one.evaluate(SEND_FIVE);
        two.evaluate(SEND_FIVE);
        one.waitForFunction("navigator.locks.query().then((locks) => locks.held.length + locks.pending.length === 2)");
        one.waitForCondition(() -> !arrived.isEmpty());
        assertThat(arrived).hasSize(1); // the other tab waits
        arrived.get(0).resume();

        assertBothStayIn(one, two);
        assertThat(arrived).hasSize(2); // not one for each of ten requests
    }

    @Test
    void letsTwoTabsThatMeetWithoutLocksStayIn() {
        context().addInitScript("Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})");
        Page one = start("900");
        Page two = open();
        assertLoggedIn(two, "alice");
        assertThat(one.evaluate("navigator.locks === undefined")).isEqualTo(true);
        loseAccessCookie();
        List<Route> held = new ArrayList<>();
        context().route("**/auth/refresh", route -> {
            held.add(route);
            if (held.size() == 2) {
                held.forEach(Route::resume);
            } else if (held.size() > 2) {
                route.resume(); // is one too many, for the last line to tell
            }
        });

        one.evaluate(SEND_FIVE);
        two.evaluate(SEND_FIVE);
        assertBothStayIn(one, two);
        assertThat(held).hasSize(2);
    }

    private void assertBothStayIn(Page one, Page two) {
        List<Integer> allAdmitted = List.of(200, 200, 200, 200, 200);
        assertThat(answer(two, "five")).isEqualTo(allAdmitted);
        assertThat(answer(one, "five")).isEqualTo(allAdmitted);
        assertLoggedIn(one, "alice");
        assertLoggedIn(two, "alice");
        context().unrouteAll();
        button(one, "Log out the others").click(); // of other devices: both tabs are one
        assertThat(one.locator("#devices li")).hasCount(1);
        button(two, "Refresh").click();
        assertLast(two, "POST /auth/refresh → 200");
    }

    @Test
    void opensTheTickerAnewAfterItsToken() {
        Page page = start("2");
        assertThat(page.locator("#count")).hasText("0");
        assertThat(page.locator("#count"))
                .hasText("", new LocatorAssertions.HasTextOptions().setTimeout(20_000)); // ended with its token

        button(page, "GET /api/me needs a session").click();
        assertThat(page.locator("#count")).hasText("0");
    }
}
