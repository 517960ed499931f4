package dev.latchkey.docs;

import java.util.ArrayList;
import java.util.List;

/** A piece of Java with the place where it stands: a block of a page, or a region of a source file. */
record Snippet(String file, int line, String name, String text) {

    private static final String START = "// region ";
    private static final String END = "// endregion";

    /**
     * The regions of a source file.
     *
     * @throws IllegalArgumentException if a region is not closed, or lies in another one
     */
    static List<Snippet> regions(String file, String source) {
        List<Snippet> regions = new ArrayList<>();
        List<String> lines = source.lines().toList();
        int start = -1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith(START)) {
                if (start >= 0) {
                    throw new IllegalArgumentException(file + ":" + (i + 1) + ": a region inside a region");
                }
                start = i;
            } else if (line.equals(END)) {
                if (start < 0) {
                    throw new IllegalArgumentException(file + ":" + (i + 1) + ": endregion without a region");
                }
                String name = lines.get(start).strip().substring(START.length());
                regions.add(new Snippet(file, start + 1, name, flush(lines.subList(start + 1, i))));
                start = -1;
            }
        }
        if (start >= 0) {
            throw new IllegalArgumentException(file + ":" + (start + 1) + ": the region has no end");
        }
        return regions;
    }

    /** Lines without the indentation that all of them share, and without blank ones at either end. */
    static String flush(List<String> lines) {
        return String.join("\n", lines).stripIndent().strip();
    }

    String place() {
        return file + ":" + line;
    }

    /** How many lines of the other stand in this one too. */
    long likeness(Snippet other) {
        List<String> own = stripped();
        return other.stripped().stream().filter(own::contains).count();
    }

    /** The first line in which the two differ, for the eye. */
    String firstDifference(Snippet other) {
        List<String> own = text.lines().toList();
        List<String> others = other.text.lines().toList();
        for (int i = 0; i < Math.max(own.size(), others.size()); i++) {
            String mine = i < own.size() ? own.get(i) : "(nothing)";
            String theirs = i < others.size() ? others.get(i) : "(nothing)";
            if (!mine.equals(theirs)) {
                return "line " + (i + 1) + " is\n      " + mine + "\n    there\n      " + theirs;
            }
        }
        return "nothing";
    }

    private List<String> stripped() {
        return text.lines().map(String::strip).filter(line -> line.length() > 2).toList();
    }
}
