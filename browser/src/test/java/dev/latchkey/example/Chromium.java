package dev.latchkey.example;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Chromium that is installed on this machine, driven by Playwright. */
final class Chromium implements AutoCloseable {

    /** {@code -Dlatchkey.chromium=…} names another than the one on the path. */
    private static final String PROPERTY = "latchkey.chromium";

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Playwright playwright = Playwright.create();
    private final Browser browser;

    private Chromium(Path executable) {
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    static Chromium start() {
        return new Chromium(executable(System.getProperty(PROPERTY, ""), String.valueOf(System.getenv("PATH"))));
    }

    /** Throws what fails a test: without a browser nothing is proved. */
    static Path executable(String named, String path) {
        Stream<Path> candidates = named.isBlank()
                ? Stream.of(path.split(File.pathSeparator))
                        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                : Stream.of(Path.of(named));
        return candidates
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no Chromium to test with: install one (apt-get install chromium), or name it by -D" + PROPERTY
                                + "=/path/to/chromium"));
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
