package dev.latchkey;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Random JSON of every shape, in the types that {@link Json#read} returns, and the many spellings of each value. */
final class Shapes {

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "alice",
            "null",
            "true",
            "0",
            "\"",
            "\\",
            "/",
            "\u0000",
            "\u007f",
            "\u0085",
            "\u2028",
            "\ufeff",
            "\uffff",
            "ß",
            "日本",
            "😀",
            "\uD83D\uDC69\u200D\uD83D\uDCBB",
            "a.b.c",
            "__proto__",
            "e\u0301",
            "é",
            "İ");
    private static final List<Number> NUMBERS = List.of(
            0L,
            1L,
            -1L,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            1L + Integer.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            (1L << 53) + 1,
            BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE),
            BigInteger.TEN.pow(62).negate(),
            BigInteger.TEN.pow(63),
            new BigDecimal("0.1"),
            new BigDecimal("-0.0"),
            new BigDecimal("1.0"),
            new BigDecimal("1E+2"),
            new BigDecimal("-1.5E-300"),
            new BigDecimal("1.7976931348623157E+308"),
            new BigDecimal("0E-10"),
            new BigDecimal("0.1000000000000000055511151231257827"));

    private final SplittableRandom random;

    Shapes(SplittableRandom random) {
        this.random = random;
    }

    /** An object of up to so many members, nested up to a depth; names are none of the registered ones. */
    Map<String, Object> object(int members, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        int size = random.nextInt(members + 1);
        for (int i = 0; i < size; i++) {
            map.put("member-" + name(), value(depth - 1));
        }
        return map;
    }

    private String name() {
        return random.nextInt(3) == 0 ? text() : String.valueOf((char) ('a' + random.nextInt(26)));
    }

    Object value(int depth) {
        int kind = random.nextInt(depth > 0 ? 12 : 9);
        return switch (kind) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2, 3 -> number();
            case 4 -> random.nextLong();
            case 5 -> (long) random.nextInt(1000);
            case 6, 7, 8 -> text();
            case 9 -> list(depth);
            case 10 -> object(3, depth);
            default -> tower(random.nextInt(depth));
        };
    }

    private Number number() {
        return random.nextInt(3) > 0
                ? NUMBERS.get(random.nextInt(NUMBERS.size()))
                : new BigDecimal(
                        BigInteger.valueOf(random.nextLong()).multiply(BigInteger.valueOf(random.nextInt(9))),
                        random.nextInt(1, 30));
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(value(depth - 1));
        }
        return list;
    }

    /** So deep and no wider. */
    private Object tower(int depth) {
        Object value = random.nextBoolean() ? List.of() : Map.of();
        for (int i = 0; i < depth; i++) {
            value = random.nextBoolean() ? List.of(value) : Map.of("d", value);
        }
        return value;
    }

    String text() {
        if (random.nextInt(3) == 0) {
            return TEXTS.get(random.nextInt(TEXTS.size()));
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int point;
            do {
                point = random.nextInt(4) > 0 ? random.nextInt(' ', 127) : random.nextInt(0x110000);
            } while (point >= 0xd800 && point < 0xe000);
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    /** One of the many texts for a value: white space and escapes as they fall. */
    String spell(Object value) {
        StringBuilder out = new StringBuilder();
        spell(value, out);
        return out.toString();
    }

    private void spell(Object value, StringBuilder out) {
        space(out);
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.append(separator);
                space(out);
                quote((String) member.getKey(), out);
                space(out);
                out.append(':');
                spell(member.getValue(), out);
                separator = ",";
            }
            out.append(map.isEmpty() ? "{" : "");
            space(out);
            out.append('}');
        } else if (value instanceof Collection<?> list) {
            String separator = "[";
            for (Object item : list) {
                out.append(separator);
                spell(item, out);
                separator = ",";
            }
            out.append(list.isEmpty() ? "[" : "").append(']');
        } else if (value instanceof String text) {
            quote(text, out);
        } else {
            out.append(value);
        }
        space(out);
    }

    private void space(StringBuilder out) {
        if (random.nextInt(16) == 0) {
            out.append(" \t\n\r".charAt(random.nextInt(4)));
        }
    }

    private void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (point < ' ' || point == '"' || point == '\\' || random.nextInt(12) == 0) {
                for (char c : Character.toChars(point)) {
                    out.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
                }
            } else {
                out.appendCodePoint(point);
            }
        }
        out.append('"');
    }

    /** Whether two values are the same JSON: numbers by value, and by their nearest double where one side has only that. */
    static boolean same(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            boolean doubles = a instanceof Double || b instanceof Double || a instanceof Float || b instanceof Float;
            return doubles
                    ? x.doubleValue() == y.doubleValue()
                    : new BigDecimal(x.toString()).compareTo(new BigDecimal(y.toString())) == 0;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.keySet().equals(y.keySet())
                    && x.keySet().stream().allMatch(name -> same(x.get(name), y.get(name)));
        }
        if (a instanceof Collection<?> x && b instanceof Collection<?> y) {
            List<?> left = new ArrayList<>(x);
            List<?> right = new ArrayList<>(y);
            boolean same = left.size() == right.size();
            for (int i = 0; same && i < left.size(); i++) {
                same = same(left.get(i), right.get(i));
            }
            return same;
        }
        return Objects.equals(a, b);
    }
}
