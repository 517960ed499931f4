package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/coming-from-flask.md} has a row for everything the ancestors had, and a living test behind each claim. */
class ComingFromFlaskTest {

    private static final Path ROOT = Path.of(System.getProperty("latchkey.root"));
    private static final Pattern TEST = Pattern.compile(
            "@(?:Test|ParameterizedTest|TestFactory)\\b(?:(?!\\bvoid\\b|@Test\\b)[\\s\\S])*?\\bvoid (\\w+)\\(");
    private static final Pattern CITATION = Pattern.compile("`([A-Z]\\w+\\.\\w+)`");

    /** Counted in the ancestors' own documents. */
    private static final Map<String, Integer> ROWS = Map.ofEntries(
            Map.entry("Names of Flask-JWT-Extended", 17),
            Map.entry("Callbacks of Flask-JWT-Extended", 17),
            Map.entry("Options of Flask-JWT-Extended", 20),
            Map.entry("Options of cookies and queries", 17),
            Map.entry("Where a token may stand", 22),
            Map.entry("Which token counts", 11),
            Map.entry("Cookies", 8),
            Map.entry("Forged requests", 8),
            Map.entry("Messages of Flask-JWT-Extended", 43),
            Map.entry("Names of Flask-JWT", 13),
            Map.entry("Options of Flask-JWT", 14),
            Map.entry("Cases of Flask-JWT", 13),
            Map.entry("Names of flask_jwtlib", 16),
            Map.entry("Cases of flask_jwtlib", 15));

    private static final Map<String, List<Row>> SECTIONS = new LinkedHashMap<>();
    private static final List<String> TESTS = new ArrayList<>();

    private record Row(String ancestor, String latchkey, String proof) {

        boolean isHarm() {
            return proof.startsWith("harm: ");
        }
    }

    @BeforeAll
    static void read() throws IOException {
        String section = "";
        for (String line : Files.readAllLines(ROOT.resolve("docs/coming-from-flask.md"))) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            } else if (line.startsWith("| ") && !line.startsWith("| Ancestor |") && !section.isEmpty()) {
                String[] cells = line.split(" \\| |^\\| | \\|$", -1);
                assertThat(cells).as(line).hasSize(5);
                SECTIONS.computeIfAbsent(section, name -> new ArrayList<>()).add(new Row(cells[1], cells[2], cells[3]));
            }
        }
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(path -> path.toString().contains("/src/test/java/"))
                    .filter(path -> path.toString().endsWith(".java"))
                    .toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                Matcher tests = TEST.matcher(Files.readString(file));
                while (tests.find()) {
                    TESTS.add(name + "." + tests.group(1));
                }
            }
        }
    }

    @Test
    void hasEveryRow() {
        Map<String, Integer> rows = new LinkedHashMap<>();
        SECTIONS.forEach((section, all) -> rows.put(section, all.size()));
        assertThat(rows).containsExactlyInAnyOrderEntriesOf(ROWS);
    }

    @Test
    void citesATestThatExistsOrNamesTheHarm() {
        assertThat(rows()).allSatisfy(row -> {
            if (!row.isHarm()) {
                assertThat(row.proof()).matches("`\\w+\\.\\w+`(, `\\w+\\.\\w+`)*");
                Matcher citations = CITATION.matcher(row.proof());
                while (citations.find()) {
                    assertThat(TESTS).as(row.ancestor()).contains(citations.group(1));
                }
            }
        });
    }

    @Test
    void refusesToFollowTheAncestorsSeldom() {
        long harms = rows().stream().filter(Row::isHarm).count();
        assertThat(harms).isPositive().isLessThanOrEqualTo(rows().size() * 15 / 100);
    }

    @Test
    void saysSomethingInEveryCell() {
        assertThat(rows())
                .allSatisfy(row -> assertThat(List.of(row.ancestor(), row.latchkey(), row.proof()))
                        .noneMatch(String::isBlank));
    }

    private static List<Row> rows() {
        return SECTIONS.values().stream().flatMap(List::stream).toList();
    }
}
