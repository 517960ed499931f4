package dev.latchkey.example;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.APIRequest;
import com.microsoft.playwright.APIRequestContext;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A running example, Chromium, and what people do with both. */
abstract class InBrowser {

    static final String ACCESS = "access_token_cookie";
    static final String REFRESH = "refresh_token_cookie";
    static final String CSRF = "csrf_access_token";

    private static Chromium chromium;

    @TempDir
    private Path home;

    private App app;
    private BrowserContext context;

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stopBrowser() {
        chromium.close();
    }

    @AfterEach
    void stop() {
        try {
            if (context != null) {
                context.close();
            }
        } finally {
            app.close();
        }
    }

    /** With these variables of the environment: name, value, name, value. */
    void startApp(String... more) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "LATCHKEY_PORT",
                app == null ? "0" : String.valueOf(app.port()),
                "LATCHKEY_HOME",
                home.resolve("data").toString()));
        for (int i = 0; i < more.length; i += 2) {
            variables.put(more[i], more[i + 1]);
        }
        app = App.start(ExampleSettings.from(variables));
    }

    /** On the same port, as after an update; sessions in memory are gone. */
    void restartApp() {
        int port = app.port();
        app.close();
        startApp("LATCHKEY_PORT", String.valueOf(port));
    }

    App app() {
        return app;
    }

    String url() {
        return app.url();
    }

    /** What one person's browser holds; the first is made on demand. */
    BrowserContext context() {
        if (context == null) {
            context = firstContext();
        }
        return context;
    }

    /** A private window, unless a test wants another. */
    BrowserContext firstContext() {
        return newContext();
    }

    BrowserContext permissiveProfile() {
        return chromium.permissiveProfile(home.resolve("profile"));
    }

    BrowserContext newContext() {
        return newContext(new Browser.NewContextOptions());
    }

    BrowserContext newContext(Browser.NewContextOptions options) {
        BrowserContext fresh = chromium.browser().newContext(options);
        fresh.setDefaultTimeout(15_000);
        return fresh;
    }

    /** The start page in a new tab. */
    Page open() {
        return open(context());
    }

    Page open(BrowserContext in) {
        Page page = in.newPage();
        page.navigate(url());
        return page;
    }

    Page openAsAlice() {
        Page page = open();
        logIn(page, "alice", "correct-horse");
        return page;
    }

    static void logIn(Page page, String name, String password) {
        fillIn(page, name, password);
        assertLoggedIn(page, name);
    }

    static void fillIn(Page page, String name, String password) {
        page.getByLabel("Name").fill(name);
        page.locator("#login").getByLabel("Password").fill(password);
        button(page, "Log in").click();
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static void addNote(Page page, String text) {
        page.getByLabel("Text").fill(text);
        button(page, "Add").click();
        assertThat(page.locator("#notes li span").first()).hasText(text);
    }

    static void assertLoggedIn(Page page, String name) {
        assertThat(page.locator("#name")).hasText(name);
        assertThat(page.locator("#session")).isVisible();
        assertThat(page.locator("#login")).isHidden();
    }

    /** The login form is there, and whether a notice says why. */
    static void assertLoggedOut(Page page, boolean told) {
        assertThat(page.locator("#login")).isVisible();
        assertThat(page.locator("#session")).isHidden();
        if (told) {
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("Your session has expired");
            assertThat(page.getByLabel("Name")).isFocused();
        } else {
            assertThat(page.locator("#notice")).isHidden();
        }
    }

    /** Waits for the answer that the page shows, such as {@code GET /api/me → 200}. */
    static void assertLast(Page page, String line) {
        assertThat(page.locator("#history li").first()).hasText(line);
    }

    /** Clicks and waits for the answer of this path. */
    static int click(Page page, String button, String path) {
        return page.waitForResponse(
                        response -> response.url().endsWith(path),
                        () -> button(page, button).click())
                .status();
    }

    Cookie cookie(String name) {
        return context().cookies().stream()
                .filter(cookie -> cookie.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    List<String> cookies() {
        return cookies(context());
    }

    /** Their names, of all paths. */
    static List<String> cookies(BrowserContext of) {
        return of.cookies().stream().map(cookie -> cookie.name + cookie.path).toList();
    }

    /** A client that is no browser: it sends neither Origin nor Sec-Fetch-Site, and has cookies of its own. */
    APIRequestContext program(Playwright playwright) {
        return playwright.request().newContext(new APIRequest.NewContextOptions().setBaseURL(url()));
    }
}
