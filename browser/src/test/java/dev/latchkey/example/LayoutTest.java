package dev.latchkey.example;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest extends InBrowser {

    @BeforeEach
    void start() {
        startApp();
    }

    /** {@code -Dlatchkey.screenshots=folder} keeps pictures. */
    @ParameterizedTest
    @CsvSource({"360, 740", "1280, 800"})
    void fitsItsWidthWithoutAWordOnTheConsole(int width, int height) {
        try (BrowserContext context = newContext(new Browser.NewContextOptions().setViewportSize(width, height))) {
            List<String> complaints = new ArrayList<>();
            context.onConsoleMessage(message -> {
                if (!message.text().contains("status of 401")) {
                    complaints.add(message.text());
                }
            });
            context.onWebError(error -> complaints.add(error.error()));
            Page page = open(context);
            assertFits(page, "before");

            logIn(page, "alice", "correct-horse");
            addNote(page, "x".repeat(300));
            page.locator("[data-do=devices]").click();
            assertThat(page.locator("#devices li")).hasCount(1);
            assertFits(page, "after");

            context.clearCookies();
            button(page, "GET /api/me needs a session").click();
            assertLoggedOut(page, true);
            assertFits(page, "expired");
            assertThat(complaints).isEmpty();
        }
    }

    private static void assertFits(Page page, String name) {
        int width = page.viewportSize().width;
        String folder = System.getProperty("latchkey.screenshots");
        if (folder != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(Path.of(folder, name + "-" + width + ".png")));
        }
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        assertThat(page.evaluate("[...document.querySelectorAll('button, input, h2, p, li')].filter((element) =>"
                        + " element.getBoundingClientRect().right > innerWidth).length"))
                .isEqualTo(0);
    }
}
