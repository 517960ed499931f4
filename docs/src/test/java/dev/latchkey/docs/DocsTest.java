package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of this repository pass every one of {@link DocsChecks}. */
class DocsTest {

    static final Path ROOT = Path.of(System.getProperty("latchkey.root"));

    private final List<Page> pages = pages("README.md", "docs");

    @Test
    void everyJavaBlockIsRunAndEveryRegionIsShown() {
        List<Snippet> regions = shown().entrySet().stream()
                .flatMap(source -> Snippet.regions(source.getKey(), source.getValue()).stream())
                .toList();

        assertThat(regions).isNotEmpty();
        assertThat(DocsChecks.snippets(pages, regions)).isEmpty();
    }

    @Test
    void everyRegionIsRunByATest() {
        assertThat(DocsChecks.regionsRun(shown())).isEmpty();
    }

    @Test
    void everyLinkLeadsSomewhere() {
        List<Page> all = pages("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs");

        assertThat(DocsChecks.links(all, path -> Files.exists(ROOT.resolve(path))))
                .isEmpty();
    }

    @Test
    void everyPublicTypeIsMentioned() {
        List<String> types = Stream.of("core", "testkit", "adapters", "stores")
                .filter(folder -> Files.isDirectory(ROOT.resolve(folder)))
                .flatMap(folder -> sources(folder).entrySet().stream())
                .filter(source -> source.getKey().contains("/src/main/java/"))
                .map(Map.Entry::getValue)
                .flatMap(source -> DocsChecks.publicTypes(source).stream())
                .toList();

        assertThat(types).contains("Latchkey", "Latchkey.Health", "LatchkeyPlugin", "LatchkeyFilter", "TestClock");
        assertThat(DocsChecks.types(types, pages)).isEmpty();
    }

    @Test
    void everyErrorHasItsRow() {
        assertThat(DocsChecks.errors(page("docs/errors.md"))).isEmpty();
    }

    @Test
    void everyVariableOfTheEnvironmentIsListed() {
        String source = read("core/src/main/java/dev/latchkey/Environment.java");

        assertThat(DocsChecks.environment(page("docs/quickstart.md"), DocsChecks.variables(source)))
                .isEmpty();
    }

    @Test
    void readmeIsShort() {
        assertThat(DocsChecks.length(page("README.md"))).isEmpty();
    }

    /** The tests whose regions pages show. */
    private static Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>(sources("docs/src/test/java"));
        shown.putAll(sources("testkit/src/test/java"));
        shown.putAll(sources("adapters/javalin/src/test/java"));
        shown.putAll(sources("adapters/servlet/src/test/java"));
        shown.putAll(sources("stores/postgres/src/test/java"));
        shown.putAll(sources("stores/redis/src/test/java"));
        return shown;
    }

    static Page page(String path) {
        return new Page(path, read(path));
    }

    private static List<Page> pages(String... paths) {
        return Stream.of(paths)
                .flatMap(path -> Files.isDirectory(ROOT.resolve(path)) ? list(path, 1, ".md") : Stream.of(path))
                .map(DocsTest::page)
                .toList();
    }

    private static Map<String, String> sources(String folder) {
        Map<String, String> sources = new TreeMap<>();
        list(folder, Integer.MAX_VALUE, ".java").forEach(path -> sources.put(path, read(path)));
        return sources;
    }

    private static Stream<String> list(String folder, int depth, String suffix) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder), depth)) {
            return files
                    .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
                    .filter(path -> path.endsWith(suffix))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new AssertionError(folder, e);
        }
    }

    static String read(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new AssertionError(path, e);
        }
    }
}
