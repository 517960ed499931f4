package dev.latchkey;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the paths of an application demand, for frameworks in which a filter decides by path. Of several rules that
 * cover a path the longest counts; a path that none covers demands a valid access token.
 *
 * <pre>{@code
 * AccessRules.create().open("/health", "/assets/*").require("/admin/*", Access.role("admin"))
 * }</pre>
 *
 * <p>An open or optional rule covers the literal path alone. Any other rule also covers whatever a router might take
 * for it: another case, doubled slashes, parameters after a semicolon, dots, percent-encoding.
 */
public final class AccessRules {

    /**
     * What routers read differently: empty and dotted segments, parameters, backslashes, and any percent-encoding but
     * that of non-ASCII characters and of those without a meaning in a path.
     */
    private static final Pattern DIFFERENT = Pattern.compile("[;\\\\*\\p{Cntrl}]|//|/\\.{1,2}(?:/|$)"
            + "|%(?!2[0-246-9B-Db-d]|3[0-9ACDEacde]|[46][0-9A-Fa-f]|5[0-9ABD-Fabd-f]|7[0-9A-Ea-e]"
            + "|[89ABDEFabdef][0-9A-Fa-f]|[Cc][2-9A-Fa-f])");

    private record Rule(String path, String lower, boolean below, Access access) {

        boolean covers(String candidate) {
            return covers(path, candidate);
        }

        /** In the most lenient reading of both. */
        boolean coversLoosely(String loose) {
            return covers(lower, loose);
        }

        private boolean covers(String own, String candidate) {
            return candidate.equals(own) || (below && (own.isEmpty() || candidate.startsWith(own + "/")));
        }

        boolean admitsStrangers() {
            return access.isOpen() || access.isOptional();
        }
    }

    private final List<Rule> rules;

    private AccessRules(List<Rule> rules) {
        this.rules = rules;
    }

    /** No rule: every path demands a valid access token. */
    public static AccessRules create() {
        return new AccessRules(List.of());
    }

    /** A copy in which these paths are open to anybody: literal, or with {@code /*} at the end for all below. */
    public AccessRules open(String first, String... more) {
        AccessRules copy = require(first, Access.open());
        for (String path : more) {
            copy = copy.require(path, Access.open());
        }
        return copy;
    }

    /**
     * A copy in which a path demands this: literal, or with {@code /*} at the end for itself and all below.
     *
     * @throws IllegalArgumentException if the path does not start with a slash, has an empty or dotted segment, a
     *     percent sign, a semicolon or a star elsewhere, or has a rule already
     */
    public AccessRules require(String path, Access access) {
        boolean below = path.endsWith("/*");
        String literal = below ? path.substring(0, path.length() - 2) : path;
        if ((!literal.isEmpty() || !below) && (!isPlain(literal) || literal.contains("%"))) {
            throw new IllegalArgumentException("path '" + Log.escape(path) + "' must start with a slash, without empty "
                    + "or dotted segments, percent signs or semicolons; /* may stand at its end");
        }
        String own = literal.equals("/") && below ? "" : literal;
        Rule rule = new Rule(own, lower(own), below, access);
        for (Rule other : rules) {
            if (other.path().equals(rule.path()) && other.below() == rule.below()) {
                throw new IllegalArgumentException("path '" + path + "' has a rule already: " + other.access());
            }
        }
        List<Rule> copy = new ArrayList<>(rules);
        copy.add(rule);
        // The longest first; of a path and all below it, the path itself.
        copy.sort((a, b) -> a.path().length() != b.path().length()
                ? b.path().length() - a.path().length()
                : Boolean.compare(a.below(), b.below()));
        return new AccessRules(List.copyOf(copy));
    }

    /**
     * All that a request demands whose path has two readings, as a container dispatched it and as it was sent: whoever
     * routes by which, both are met. What a router finds by the end of a path, such as a servlet at {@code *.do}, lies
     * below every folder: there an open or optional folder counts for nothing, unless it is the whole application.
     */
    public List<Access> demands(String dispatched, String sent, boolean byExtension) {
        if (dispatched.equals(sent) && !byExtension) {
            return List.of(access(sent));
        }
        List<Access> demands = new ArrayList<>(List.of(access(dispatched), access(sent)));
        if (byExtension) {
            demands.addAll(List.of(access(dispatched, true), access(sent, true)));
        }
        return demands.stream().distinct().toList();
    }

    /** What a path demands, as the router saw it. */
    public Access access(String path) {
        return access(path, false);
    }

    private Access access(String path, boolean byExtension) {
        boolean plain = isPlain(path);
        String loose = null; // costs more than all else, and few need it
        for (Rule rule : rules) {
            boolean literally = plain && rule.covers(path);
            boolean tooFar = byExtension && rule.below() && !rule.path().isEmpty();
            if (rule.admitsStrangers()) {
                if (literally && !tooFar) {
                    return rule.access();
                }
                continue;
            }
            loose = loose == null ? loose(path) : loose;
            if (literally || rule.coversLoosely(loose)) {
                return rule.access();
            }
        }
        return Access.required();
    }

    private static String lower(String path) {
        return path.toLowerCase(Locale.ROOT);
    }

    /** A path that every router reads the same way. */
    private static boolean isPlain(String path) {
        return path.startsWith("/") && !DIFFERENT.matcher(path).find();
    }

    /** The most lenient reading of a path, for rules that close. */
    private static String loose(String path) {
        String decoded = path;
        for (int i = 0; i < 3 && decoded.contains("%"); i++) {
            decoded = decoded(decoded);
        }
        List<String> segments = new ArrayList<>();
        for (String segment : decoded.replace('\\', '/').split("/")) {
            String name = segment.replaceFirst("(?s);.*", "");
            if (name.equals("..")) {
                if (!segments.isEmpty()) {
                    segments.remove(segments.size() - 1);
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                segments.add(lower(name));
            }
        }
        return "/" + String.join("/", segments);
    }

    /** Percent-decoding of what can be decoded, byte by byte: only ASCII matters to a rule. */
    private static String decoded(String path) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' && path.substring(i).matches("(?s)%[0-9A-Fa-f]{2}.*")) {
                out.append((char) Integer.parseInt(path.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Says in words what each path demands, for the start-up report. */
    @Override
    public String toString() {
        return rules.stream()
                .map(rule -> rule.path() + (rule.below() ? "/* " : " ") + rule.access())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
