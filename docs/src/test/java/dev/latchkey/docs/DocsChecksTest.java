package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.AuthError;
import dev.latchkey.ErrorStyle;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every check can fail, and says where. */
class DocsChecksTest {

    private static final String TEST = "class ATest {\n    @Test\n    void runs() {\n";

    @Test
    void takesABlockThatIsARegionWhateverTheIndentation() {
        List<Snippet> regions = Snippet.regions(
                "ATest.java",
                TEST + "        // region one\n        int a =\n                1;\n        // endregion\n");

        assertThat(DocsChecks.snippets(List.of(page("```java\nint a =\n        1;\n```")), regions))
                .isEmpty();
    }

    @Test
    void findsABlockThatNoTestRuns() {
        Page page = page("# Title\n\n```java\nint a = 1;\nint b = 3;\n```\n");
        List<Snippet> regions =
                Snippet.regions("ATest.java", TEST + "// region one\nint a = 1;\nint b = 2;\n// endregion\n");

        assertThat(DocsChecks.snippets(List.of(page), regions))
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("docs/page.md:3: no test runs this block; nearest is ATest.java:4 'one', where "
                                + "line 2 is")
                        .contains("int b = 3;", "int b = 2;"))
                .anySatisfy(problem -> assertThat(problem).startsWith("ATest.java:4: no page shows region 'one'"));
    }

    @Test
    void findsABlockThatResemblesNothing() {
        assertThat(DocsChecks.snippets(List.of(page("```java\nint a = 1;\n```")), List.of()))
                .containsExactly("docs/page.md:1: no test runs this block; nothing is like it");
    }

    @Test
    void looksAtJavaBlocksOnly() {
        assertThat(DocsChecks.snippets(List.of(page("```sh\nls\n```\n```json\n{}\n```")), List.of()))
                .isEmpty();
    }

    @Test
    void findsTwoRegionsOfOneName() {
        String source = "// region a\nint a;\n// endregion\n// region a\nint b;\n// endregion\n";

        assertThat(DocsChecks.snippets(
                        List.of(page("```java\nint a;\n```\n```java\nint b;\n```")), Snippet.regions("A.java", source)))
                .containsExactly("A.java:4: another region is called 'a' too");
    }

    @Test
    void refusesRegionsThatDoNotPair() {
        assertThatThrownBy(() -> Snippet.regions("A.java", "// region a\nint a;\n"))
                .hasMessage("A.java:1: the region has no end");
        assertThatThrownBy(() -> Snippet.regions("A.java", "// region a\n// region b\n// endregion\n"))
                .hasMessage("A.java:2: a region inside a region");
        assertThatThrownBy(() -> Snippet.regions("A.java", "\n// endregion\n"))
                .hasMessage("A.java:2: endregion without a region");
    }

    @Test
    void findsARegionThatNoTestRuns() {
        String source = "class A {\n// region a\nint a;\n// endregion\n}";

        assertThat(DocsChecks.regionsRun(Map.of("x/A.java", source)))
                .containsExactly("x/A.java: holds regions, but is no test and none names A");
        assertThat(DocsChecks.regionsRun(Map.of("x/A.java", source, "x/BTest.java", "@Test\nvoid b() { A.main(); }")))
                .isEmpty();
        assertThat(DocsChecks.regionsRun(Map.of("x/A.java", "@Test\n" + source)))
                .isEmpty();
    }

    @Test
    void findsLinksThatLeadNowhere() {
        Page page = page("""
                # A title

                [a](gone.md) [b](#a-title) [c](#gone)
                [d](../README.md#gone) [e](https://x.y)
                `[f](gone.md)`
                ```sh
                [g](gone.md)
                ```
                """);
        Page readme = new Page("README.md", "# Latchkey\n[docs](docs/page.md#a-title)\n");

        assertThat(DocsChecks.links(List.of(page, readme), Set.of("README.md", "docs/page.md")::contains))
                .containsExactly(
                        "docs/page.md:3: no file docs/gone.md",
                        "docs/page.md:3: no heading #gone in docs/page.md",
                        "docs/page.md:4: no heading #gone in README.md");
    }

    @Test
    void spellsAnchorsAsGitHubDoes() {
        assertThat(page("# `Access` and 2 more: how?\n## Two\n## Two\n").anchors())
                .containsExactly("access-and-2-more-how", "two", "two-1");
    }

    @Test
    void findsPublicTypesThatNoPageMentions() {
        List<Page> pages = List.of(page("Prose about Login does not count.\n`Access.open()`\n```java\nTokens t;\n```"));

        assertThat(DocsChecks.types(List.of("Login", "Access", "Tokens", "Tokens.Kind"), pages))
                .containsExactly(
                        "public type Login is mentioned in no page", "public type Tokens.Kind is mentioned in no page");
    }

    @Test
    void listsPublicTypesAndNestedOnes() {
        assertThat(DocsChecks.publicTypes("""
                        /** A public class X. */ @Deprecated
                        public final class A {
                            String s = "public class Y";
                            public record B(int i) {}
                            private enum C { D }
                            record E() {}
                            public interface F {}
                        }
                        """)).containsExactly("A", "A.B", "A.F");
        assertThat(DocsChecks.publicTypes("final class A { public enum B { C } }"))
                .isEmpty();
    }

    @Test
    void findsErrorsWithoutATrueRow() {
        String table = Stream.of(AuthError.values())
                .map(DocsChecksTest::row)
                .collect(Collectors.joining("\n", "| Code | S | P | A | Message |\n|---|---|---|---|---|\n", "\n"));

        assertThat(DocsChecks.errors(page(table))).isEmpty();
        assertThat(DocsChecks.errors(page(table.replace("Token has expired", "Expired"))))
                .singleElement()
                .asString()
                .endsWith("should begin with token_expired | 401 | 401 | 401 | Token has expired");
        assertThat(DocsChecks.errors(page(table.replace("| 405 | 405 | 405 |", "| 405 | 405 | 404 |"))))
                .singleElement()
                .asString()
                .contains("method_not_allowed");
        assertThat(DocsChecks.errors(page(table.replace(row(AuthError.KEY_UNKNOWN), ""))))
                .containsExactly("docs/page.md: no row for key_unknown");
        assertThat(DocsChecks.errors(page(table + row(AuthError.KEY_UNKNOWN))))
                .singleElement()
                .asString()
                .contains("a second row for key_unknown");
        assertThat(DocsChecks.errors(page(table + "| `key_lost` | 401 | 401 | 401 | Lost |")))
                .singleElement()
                .asString()
                .contains("there is no error key_lost");
    }

    private static String row(AuthError error) {
        return Stream.<Function<AuthError, Object>>of(
                        e -> "`" + e.code() + "`",
                        e -> e.status(ErrorStyle.STANDARD),
                        e -> e.status(ErrorStyle.PROBLEM),
                        e -> e.status(ErrorStyle.ANCESTORS),
                        AuthError::message)
                .map(cell -> String.valueOf(cell.apply(error)))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    @Test
    void findsVariablesThatAreNotListedAndListedOnesThatAreNotKnown() {
        Set<String> known = DocsChecks.variables("Set.of(\"JWT_A\", \"JWT_B\"); // JWT_C");

        assertThat(DocsChecks.environment(page("| `JWT_A` | one |\n| `JWT_D` | four |"), known))
                .containsExactly("docs/page.md: no row for JWT_B", "docs/page.md: the core does not know JWT_D");
    }

    @Test
    void findsAReadmeThatIsTooLong() {
        assertThat(DocsChecks.length(page("line\n".repeat(120)))).isEmpty();
        assertThat(DocsChecks.length(page("line\n".repeat(121))))
                .containsExactly("docs/page.md has 121 lines, may have at most 120");
    }

    private static Page page(String text) {
        return new Page("docs/page.md", text);
    }
}
