package dev.latchkey.docs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown page, as far as the checks need to understand it. */
record Page(String path, String text) {

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A target of a link and the line that it stands in. */
    record Link(int line, String target) {}

    /** The cells of one row of a table, code marks taken off. */
    record Row(int line, List<String> cells) {}

    /** The fenced blocks of one language. */
    List<Snippet> blocks(String language) {
        List<Snippet> blocks = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (isFence(lines.get(i))) {
                int start = i++;
                while (i < lines.size() && !isFence(lines.get(i))) {
                    i++;
                }
                if (lines.get(start).strip().equals("```" + language)) {
                    blocks.add(new Snippet(
                            path,
                            start + 1,
                            language,
                            Snippet.flush(lines.subList(start + 1, Math.min(i, lines.size())))));
                }
            }
        }
        return blocks;
    }

    /** The links outside of code. */
    List<Link> links() {
        List<Link> links = new ArrayList<>();
        prose((number, line) -> {
            Matcher matcher = LINK.matcher(CODE.matcher(line).replaceAll("code"));
            while (matcher.find()) {
                links.add(new Link(number, matcher.group(1)));
            }
        });
        return links;
    }

    /** The anchors of the headings, spelled as GitHub does. */
    List<String> anchors() {
        List<String> anchors = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        prose((number, line) -> {
            if (line.matches("#{1,6} .*")) {
                String slug = line.replaceFirst("#+ ", "")
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-');
                int before = seen.merge(slug, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? slug : slug + "-" + before);
            }
        });
        return anchors;
    }

    /** The rows of all tables. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        prose((number, line) -> {
            if (line.startsWith("|") && !line.matches("[|: -]+")) {
                rows.add(new Row(
                        number,
                        Stream.of(line.strip()
                                        .replaceAll("^\\||\\|$", "")
                                        .replace("`", "")
                                        .split("\\|"))
                                .map(String::strip)
                                .toList()));
            }
        });
        return rows;
    }

    /** Everything that is set as code, in a block or within a line. */
    String code() {
        StringBuilder code = new StringBuilder();
        boolean fenced = false;
        for (String line : text.lines().toList()) {
            if (isFence(line)) {
                fenced = !fenced;
            } else if (fenced) {
                code.append(line).append('\n');
            } else {
                CODE.matcher(line)
                        .results()
                        .forEach(m -> code.append(m.group(1)).append('\n'));
            }
        }
        return code.toString();
    }

    private interface Line {
        void take(int number, String line);
    }

    private void prose(Line each) {
        boolean fenced = false;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (isFence(line)) {
                fenced = !fenced;
            } else if (!fenced) {
                each.take(number, line);
            }
        }
    }

    private static boolean isFence(String line) {
        return line.strip().startsWith("```");
    }
}
