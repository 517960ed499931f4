package dev.latchkey;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Lines of the header that sets cookies. */
final class SetCookie {

    static final String NAME = "Set-Cookie";

    private SetCookie() {}

    /** What was to be set, but for cookies of the same names, then what is: one response says one thing of a cookie. */
    static List<String> merged(Collection<String> present, List<String> lines) {
        List<String> names = lines.stream().map(SetCookie::name).toList();
        List<String> all = new ArrayList<>(present);
        all.removeIf(line -> names.contains(name(line)));
        all.addAll(lines);
        return all;
    }

    /** The same, but for a renewal of what is set or taken back already: that is newer. */
    static List<String> besides(Collection<String> present, List<String> lines) {
        List<String> names = present.stream().map(SetCookie::name).toList();
        return merged(
                present,
                lines.stream()
                        .filter(line -> line.contains("=; ") || !names.contains(name(line)))
                        .toList());
    }

    private static String name(String line) {
        return line.split("=", 2)[0].strip();
    }
}
