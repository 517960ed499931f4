package dev.latchkey.example;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright = Playwright.create();
    private final Path executable;
    private final Browser browser;

    private Chromium(Path executable) {
        this.executable = executable;
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(ARGUMENTS));
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

    /** A profile that lets third-party cookies through, as private windows and some distributions' browsers do not. */
    BrowserContext permissiveProfile(Path folder) {
        Path preferences = folder.resolve("Default").resolve("Preferences");
        try {
            Files.createDirectories(preferences.getParent());
            Files.writeString(
                    preferences, "{\"profile\":{\"cookie_controls_mode\":0,\"block_third_party_cookies\":false}}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return playwright
                .chromium()
                .launchPersistentContext(
                        folder,
                        new BrowserType.LaunchPersistentContextOptions()
                                .setExecutablePath(executable)
                                .setArgs(ARGUMENTS));
    }

    @Override
    public void close() {
        playwright.close();
    }
}
