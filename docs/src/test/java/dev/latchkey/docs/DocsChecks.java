package dev.latchkey.docs;

import dev.latchkey.AuthError;
import dev.latchkey.ErrorStyle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold of the documentation; each check returns one line for everything that does not. */
final class DocsChecks {

    private static final int README_LINES = 120;

    private DocsChecks() {}

    /** Every Java block is a region, every region stands in a page. */
    static List<String> snippets(Collection<Page> pages, Collection<Snippet> regions) {
        List<String> problems = new ArrayList<>();
        List<Snippet> blocks =
                pages.stream().flatMap(page -> page.blocks("java").stream()).toList();
        for (Snippet block : blocks) {
            if (regions.stream().noneMatch(region -> region.text().equals(block.text()))) {
                problems.add(block.place() + ": no test runs this block" + hint(block, regions));
            }
        }
        Set<String> names = new HashSet<>();
        for (Snippet region : regions) {
            if (blocks.stream().noneMatch(block -> block.text().equals(region.text()))) {
                problems.add(region.place() + ": no page shows region '" + region.name() + "'" + hint(region, blocks));
            }
            if (!names.add(region.name())) {
                problems.add(region.place() + ": another region is called '" + region.name() + "' too");
            }
        }
        return problems;
    }

    private static String hint(Snippet lonely, Collection<Snippet> others) {
        return others.stream()
                .max(Comparator.comparingLong(lonely::likeness))
                .filter(other -> lonely.likeness(other) > 0)
                .map(other -> "; nearest is " + other.place() + " '" + other.name() + "', where "
                        + lonely.firstDifference(other))
                .orElse("; nothing is like it");
    }

    /** Every file with a region is a JUnit test, or one names its class. */
    static List<String> regionsRun(Map<String, String> sources) {
        List<String> problems = new ArrayList<>();
        sources.forEach((file, source) -> {
            String type = file.replaceFirst(".*/", "").replace(".java", "");
            boolean runs = isTest(source)
                    || sources.entrySet().stream()
                            .anyMatch(other -> !other.getKey().equals(file)
                                    && isTest(other.getValue())
                                    && hasWord(other.getValue(), type));
            if (!runs && !Snippet.regions(file, source).isEmpty()) {
                problems.add(file + ": holds regions, but is no test and none names " + type);
            }
        });
        return problems;
    }

    private static boolean isTest(String source) {
        return source.contains("@Test\n")
                || source.contains("@ParameterizedTest\n")
                || source.contains("extends AdapterContract {")
                || source.contains("extends StoreContract {");
    }

    /** Every relative link leads to a file, and every anchor to a heading of it. */
    static List<String> links(Collection<Page> pages, Predicate<String> exists) {
        Map<String, Page> byPath = pages.stream().collect(Collectors.toMap(Page::path, page -> page));
        List<String> problems = new ArrayList<>();
        for (Page page : pages) {
            for (Page.Link link : page.links()) {
                if (link.target().matches("[a-z]+:.*")) {
                    continue;
                }
                String[] parts = link.target().split("#", 2);
                String target = parts[0].isEmpty() ? page.path() : resolve(page.path(), parts[0]);
                String place = page.path() + ":" + link.line() + ": ";
                if (!exists.test(target)) {
                    problems.add(place + "no file " + target);
                } else if (parts.length == 2
                        && !Objects.requireNonNull(byPath.get(target), target)
                                .anchors()
                                .contains(parts[1])) {
                    problems.add(place + "no heading #" + parts[1] + " in " + target);
                }
            }
        }
        return problems;
    }

    private static String resolve(String from, String link) {
        return Path.of("/" + from)
                .resolveSibling(link)
                .normalize()
                .toString()
                .substring(1)
                .replace('\\', '/');
    }

    /** Every public type stands somewhere in code font, a nested one with the name of its owner. */
    static List<String> types(Collection<String> types, Collection<Page> pages) {
        String code = pages.stream().map(Page::code).collect(Collectors.joining("\n"));
        return types.stream()
                .filter(type -> !hasWord(code, type))
                .map(type -> "public type " + type + " is mentioned in no page")
                .toList();
    }

    /** The public types of one source file; nested ones as {@code Owner.Name}. */
    static List<String> publicTypes(String source) {
        String code = source.replaceAll("(?s)/\\*.*?\\*/", " ")
                .replaceAll("//[^\n]*", " ")
                .replaceAll("(?s)\"\"\".*?\"\"\"", "\"\"")
                .replaceAll("\"(\\\\.|[^\"\\\\\n])*\"", "\"\"");
        Matcher matcher = Pattern.compile("(?<owner>\\b(class|interface|enum|record) )(?<name>[A-Z]\\w*)|[;{}]")
                .matcher(code);
        List<String> types = new ArrayList<>();
        String owner = null;
        int statement = 0;
        while (matcher.find()) {
            if (matcher.group("name") == null) {
                statement = matcher.end();
                continue;
            }
            boolean isPublic = hasWord(code.substring(statement, matcher.start()), "public");
            String name = matcher.group("name");
            if (owner == null) {
                if (!isPublic) {
                    return List.of();
                }
                owner = name;
                types.add(name);
            } else if (isPublic) {
                types.add(owner + "." + name);
            }
        }
        return types;
    }

    /** Every error has one row, with its own code, statuses and message. */
    static List<String> errors(Page page) {
        List<String> problems = new ArrayList<>();
        Map<String, Page.Row> rows = new HashMap<>();
        for (Page.Row row : page.rows()) {
            String code = row.cells().get(0);
            boolean isCode = row.cells().size() > 4 && row.cells().get(1).matches("[0-9]+");
            if (isCode && rows.put(code, row) != null) {
                problems.add(page.path() + ":" + row.line() + ": a second row for " + code);
            }
        }
        for (AuthError error : AuthError.values()) {
            List<String> expected = Stream.concat(
                            Stream.concat(
                                    Stream.of(error.code()),
                                    Stream.of(ErrorStyle.values()).map(style -> String.valueOf(error.status(style)))),
                            Stream.of(error.message()))
                    .toList();
            Page.Row row = rows.remove(error.code());
            if (row == null) {
                problems.add(page.path() + ": no row for " + error.code());
            } else if (!row.cells().subList(0, expected.size()).equals(expected)) {
                problems.add(page.path() + ":" + row.line() + ": should begin with " + String.join(" | ", expected));
            }
        }
        rows.forEach((code, row) -> problems.add(page.path() + ":" + row.line() + ": there is no error " + code));
        return problems;
    }

    /** The variables that a source file spells out. */
    static Set<String> variables(String source) {
        return Pattern.compile("\"(JWT_[A-Z_]+)\"")
                .matcher(source)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The table of a page lists the variables that the core knows, and no others. */
    static List<String> environment(Page page, Set<String> known) {
        Set<String> listed = page.rows().stream()
                .map(row -> row.cells().get(0))
                .filter(cell -> cell.startsWith("JWT_"))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return Stream.concat(
                        known.stream()
                                .filter(name -> !listed.contains(name))
                                .map(name -> page.path() + ": no row for " + name),
                        listed.stream()
                                .filter(name -> !known.contains(name))
                                .map(name -> page.path() + ": the core does not know " + name))
                .toList();
    }

    /** The README fits two screens. */
    static List<String> length(Page readme) {
        long lines = readme.text().lines().count();
        return lines <= README_LINES
                ? List.of()
                : List.of(readme.path() + " has " + lines + " lines, may have at most " + README_LINES);
    }

    private static boolean hasWord(String text, String word) {
        return Pattern.compile("(?<![\\w.])" + Pattern.quote(word) + "(?!\\w)")
                .matcher(text)
                .find();
    }
}
