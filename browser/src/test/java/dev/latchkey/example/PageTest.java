package dev.latchkey.example;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person does with the example's page. */
class PageTest extends InBrowser {

    @BeforeEach
    void start() {
        startApp();
    }

    @Test
    void logsInByTheForm() {
        Page page = open();
        assertLoggedOut(page, false);

        logIn(page, "alice", "correct-horse");

        assertThat(page.locator("#role")).hasText("user");
        assertThat(page.locator("#fresh")).hasText("fresh");
        assertThat(page.locator("#life")).containsText(" left");
        assertThat(page.locator("#response")).containsText("expires_in");
        assertThat(button(page, "GET /api/me needs a session")).isFocused();
        for (String name : new String[] {ACCESS, REFRESH}) {
            Cookie cookie = cookie(name);
            assertThat(cookie.httpOnly).isTrue();
            assertThat(cookie.secure).isTrue();
            assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.LAX);
        }
        assertThat(cookie(REFRESH).path).isEqualTo("/auth");
        assertThat(page.evaluate("document.cookie")).isEqualTo(CSRF + "=" + cookie(CSRF).value);
    }

    @Test
    void tellsAWrongPassword() {
        Page page = open();
        fillIn(page, "alice", "guess");

        assertLast(page, "POST /auth/login → 401 credentials_invalid");
        assertLoggedOut(page, false);
        assertThat(cookies()).isEmpty();
    }

    @Test
    void writesAndDeletesNotesWithTheCsrfValue() {
        Page page = openAsAlice();

        String sent = page.waitForRequest(
                        request -> request.url().endsWith("/api/notes")
                                && request.method().equals("POST"),
                        () -> addNote(page, "buy milk"))
                .headerValue("X-CSRF-TOKEN");
        assertThat(sent).isEqualTo(cookie(CSRF).value);
        assertThat(page.locator("#count")).hasText("1");

        Page other = open();
        assertLoggedIn(other, "alice");
        button(page, "Delete note: buy milk").click();
        assertThat(page.locator("#notes li")).hasCount(0);
        assertThat(other.locator("#count")).hasText("0"); // live
    }

    @Test
    void isRefusedWithoutTheCsrfValue() {
        Page page = openAsAlice();

        assertThat(page.evaluate("fetch('/api/notes', {method: 'POST', body: '{\"text\": \"x\"}',"
                        + " headers: {'Content-Type': 'application/json'}}).then(async (a) => (await a.json()).code)"))
                .isEqualTo("csrf_missing");
        assertThat(page.locator("#count")).hasText("0");
    }

    @Test
    void comesBackAfterReloadAndInANewTab() {
        Page page = openAsAlice();

        page.reload();
        assertLoggedIn(page, "alice");
        assertLast(page, "GET /api/me → 200");
        assertLoggedIn(open(), "alice");
    }

    @Test
    void logsOutInEveryTab() {
        Page page = openAsAlice();
        Page other = open();
        assertLoggedIn(other, "alice");

        button(page, "Log out").click();

        assertLoggedOut(page, false);
        assertThat(cookies()).isEmpty();
        button(other, "GET /api/me needs a session").click();
        assertLoggedOut(other, true);
        page.reload();
        assertLoggedOut(page, false);
    }

    @Test
    void remembersAsLongAsThePersonChose() {
        Page page = openAsAlice();
        assertThat(lifeOf(REFRESH)).isBetween(Duration.ofDays(29), Duration.ofDays(31));
        button(page, "Log out").click();
        assertLoggedOut(page, false);

        page.getByLabel("Remember me").uncheck();
        logIn(page, "alice", "correct-horse");
        assertThat(lifeOf(REFRESH)).isBetween(Duration.ofHours(11), Duration.ofHours(13));
        assertThat(lifeOf(CSRF)).isBetween(Duration.ofHours(11), Duration.ofHours(13));
        assertThat(lifeOf(ACCESS)).isBetween(Duration.ofMinutes(14), Duration.ofMinutes(16));
    }

    private Duration lifeOf(String name) {
        return Duration.ofSeconds(
                cookie(name).expires.longValue() - Instant.now().getEpochSecond());
    }

    @Test
    void endsAnotherDeviceWhichIsTold() {
        BrowserContext elsewhere = newContext();
        Page other = open(elsewhere);
        logIn(other, "alice", "correct-horse");
        Page page = openAsAlice();

        page.locator("[data-do=devices]").click();
        Locator devices = page.locator("#devices li");
        assertThat(devices).hasCount(2);
        assertThat(devices.filter(new Locator.FilterOptions().setHasText("Chrome on Linux")))
                .hasCount(2);
        devices.filter(new Locator.FilterOptions().setHasNotText("this one"))
                .getByText("End")
                .last()
                .click();
        assertThat(devices).hasCount(1);

        assertLoggedIn(page, "alice");
        button(other, "GET /api/me needs a session").click();
        assertLoggedOut(other, true);
        assertThat(cookies(elsewhere)).isEmpty();
        logIn(other, "alice", "correct-horse");
        elsewhere.close();
    }

    @Test
    void logsOutTheOthers() {
        BrowserContext elsewhere = newContext();
        Page other = open(elsewhere);
        logIn(other, "alice", "correct-horse");
        Page page = openAsAlice();

        button(page, "Log out the others").click();
        assertThat(page.locator("#devices li")).hasCount(1);
        other.reload();
        assertLoggedOut(other, true);
        elsewhere.close();
    }

    @Test
    void logsOutEverywhere() {
        Page page = openAsAlice();
        button(page, "Log out everywhere").click();

        assertLoggedOut(page, false);
        assertThat(cookies()).isEmpty();
    }

    @Test
    void leadsToTheLoginFormWhereTheCookieIsStale() {
        Page page = openAsAlice();
        restartApp();

        page.reload();
        assertLoggedOut(page, true);
        assertThat(cookies()).isEmpty();
        page.reload();
        assertLoggedOut(page, false);
        logIn(page, "alice", "correct-horse");
    }

    @Test
    void changesThePasswordAndStaysIn() {
        BrowserContext elsewhere = newContext();
        Page other = open(elsewhere);
        logIn(other, "alice", "correct-horse");
        Page page = open();
        page.getByLabel("Remember me").uncheck();
        logIn(page, "alice", "correct-horse");

        changePassword(page, "correct-horse", "a new and longer one");
        assertLast(page, "POST /api/password → 200");
        assertLoggedIn(page, "alice");
        addNote(page, "still here");
        assertThat(lifeOf(REFRESH)).isBetween(Duration.ofHours(11), Duration.ofHours(13));

        button(other, "GET /api/me needs a session").click();
        assertLoggedOut(other, true);
        fillIn(other, "alice", "correct-horse");
        assertLast(other, "POST /auth/login → 401 credentials_invalid");
        logIn(other, "alice", "a new and longer one");
        elsewhere.close();
    }

    @Test
    void demandsAFreshLoginForThePassword() {
        Page page = openAsAlice();
        button(page, "Refresh").click();
        assertThat(page.locator("#fresh")).hasText("not fresh");

        changePassword(page, "correct-horse", "a new and longer one");
        assertLast(page, "POST /api/password → 401 fresh_token_required");
        assertLoggedIn(page, "alice");

        button(page, "Log in again").click();
        logIn(page, "alice", "correct-horse");
        assertThat(page.locator("#fresh")).hasText("fresh");
        changePassword(page, "correct-horse", "a new and longer one");
        assertLast(page, "POST /api/password → 200");
    }

    private static void changePassword(Page page, String from, String to) {
        page.getByLabel("Old").fill(from);
        page.getByLabel("New").fill(to);
        button(page, "Change").click();
    }

    @Test
    void worksByKeyboardAlone() {
        Page page = open();
        page.getByLabel("Name").focus();
        page.keyboard().type("alice");
        page.keyboard().press("Tab");
        page.keyboard().type("correct-horse");
        page.keyboard().press("Enter");

        assertLoggedIn(page, "alice");
        page.keyboard().press("Enter"); // the focus is on the first route that needs a session
        assertLast(page, "GET /api/me → 200");
    }
}
