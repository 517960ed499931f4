package dev.latchkey.example;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No script of the page ever gets hold of a token. */
class SecrecyTest extends InBrowser {

    private static final String LOGIN = "{method: 'POST', headers: {'Content-Type': 'application/json'}, body:"
            + " JSON.stringify({username: 'alice', password: 'correct-horse', cookies: %s})}";

    private Recorder recorder;

    @BeforeEach
    void start() {
        startApp();
        recorder = new Recorder(context());
    }

    @Test
    void showsNoTokenToAnyScript() {
        Page page = open();
        fillIn(page, "alice", "a wrong guess");
        assertLast(page, "POST /auth/login → 401 credentials_invalid");
        logIn(page, "alice", "correct-horse");
        recorder.look(page);
        addNote(page, "buy milk");
        page.locator("[data-do=devices]").click();
        assertThat(page.locator("#devices li")).hasCount(1);
        recorder.look(page);
        button(page, "Refresh").click();
        assertThat(page.locator("#fresh")).hasText("not fresh");
        recorder.look(page);
        page.reload();
        assertLoggedIn(page, "alice");
        recorder.look(page);
        button(page, "Log in again").click();
        logIn(page, "alice", "correct-horse");
        recorder.look(page);
        page.getByLabel("Old").fill("correct-horse");
        page.getByLabel("New").fill("a new and longer one");
        button(page, "Change").click();
        assertThat(page.locator("#explain")).containsText("Changed.");
        recorder.look(page);
        button(page, "Log out").click();
        assertLoggedOut(page, false);
        recorder.look(page);

        assertThat(recorder.secrets())
                .hasSize(8)
                .allMatch(value -> Recorder.TOKEN
                        .matcher(value)
                        .find()); // two of each login, of the refresh, and of the new password
        assertThat(recorder.kinds()).contains("fetch", "socket", "response");
        assertThat(String.join("\n", recorder.seen())).contains("\"expires_in\":900", "buy milk", CSRF + "=");
        assertThat(recorder.leaks()).isEmpty();
    }

    /** Else the test above could pass because nobody looks. */
    @Test
    void wouldSeeATokenWhereverItIs() {
        Page page = open();
        for (String way : new String[] {
            "fetch('/auth/login', " + LOGIN.formatted("false") + ").then((answer) => answer.text())",
            "new Promise((done) => { const xhr = new XMLHttpRequest(); xhr.onloadend = done;"
                    + " xhr.open('POST', '/auth/login'); xhr.setRequestHeader('Content-Type', 'application/json');"
                    + " xhr.send(" + LOGIN.formatted("false") + ".body); })",
        }) {
            int before = recorder.leaks().size();
            page.evaluate("async () => { await " + way + "; }");
            recorder.look(page);
            assertThat(recorder.leaks()).hasSize(before + 2); // by the hook, and by Playwright
        }
        String token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.";
        for (String place : new String[] {
            "localStorage.x = '%s'",
            "sessionStorage.x = '%s'",
            "window.x = '%s'",
            "document.cookie = 'x=%s'",
            "document.body.dataset.x = '%s'",
            "document.querySelector('input').value = '%s'",
            "new Promise((done) => { indexedDB.open('%s').onsuccess = done; }).then(() => 1)",
        }) {
            int before = recorder.leaks().size();
            page.evaluate("async () => { await (" + place.formatted(token) + "); }");
            recorder.look(page);
            assertThat(recorder.leaks()).as(place).hasSizeGreaterThan(before);
            page.evaluate("localStorage.clear(); sessionStorage.clear(); delete window.x;"
                    + " document.cookie = 'x=; Max-Age=0'; delete document.body.dataset.x;"
                    + " document.querySelector('input').value = ''");
        }
    }
}
