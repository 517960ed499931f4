package dev.latchkey;

import java.util.SplittableRandom;

/** Small damage to a text: what attackers, proxies and copy-and-paste do to a token. */
final class Mutations {

    private static final String CHARACTERS =
            "ABCXYZabcxyz0189-_+/=. \t\r\n,;:\"'{}[]\\%&#\u0000\u007f\u0080\u00a0\u00ff"
                    + "\u0100\u0141\u2028\u212a\uff21\uff0e\ud83d\ude00";

    private final SplittableRandom random;

    Mutations(SplittableRandom random) {
        this.random = random;
    }

    /** One to four changes; the outcome may by chance be the text itself. */
    String mutate(String text) {
        String mutant = text;
        for (int i = random.nextInt(4) == 0 ? random.nextInt(2, 5) : 1; i > 0; i--) {
            mutant = once(mutant);
        }
        return mutant;
    }

    private String once(String text) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 3));
        boolean end = at == text.length();
        String head = text.substring(0, at);
        String tail = text.substring(at);
        return switch (random.nextInt(17)) {
            case 0, 1 -> end ? text + character() : head + (char) (text.charAt(at) ^ bit()) + text.substring(at + 1);
            case 2 -> head + character() + tail;
            case 3 -> head + text.substring(to);
            case 4 -> head + text.substring(at, to) + tail;
            case 5 -> end ? text : head + character() + text.substring(at + 1);
            case 6 -> swapSegments(text);
            case 7 -> head;
            case 8 -> tail;
            case 9 -> end ? text : head + flipCase(text.charAt(at)) + text.substring(at + 1);
            case 10 -> text + "=".repeat(1 + random.nextInt(3));
            case 11 -> padSegment(text);
            case 12 -> random.nextBoolean() ? " " + text : text + "\n";
            case 13 -> lastCharacter(text);
            case 14 -> dropOrRepeatSegment(text);
            case 15 -> random.nextBoolean() ? text.replace('-', '+').replace('_', '/') : text.replace(".", "%2E");
            default -> transpose(text, at);
        };
    }

    private int bit() {
        return 1 << random.nextInt(random.nextInt(4) == 0 ? 16 : 7);
    }

    private char character() {
        return random.nextInt(4) == 0
                ? (char) random.nextInt(0x10000)
                : CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
    }

    private static char flipCase(char c) {
        return Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
    }

    private String swapSegments(String text) {
        String[] parts = text.split("\\.", -1);
        int a = random.nextInt(parts.length);
        int b = random.nextInt(parts.length);
        String kept = parts[a];
        parts[a] = parts[b];
        parts[b] = kept;
        return String.join(".", parts);
    }

    private String padSegment(String text) {
        String[] parts = text.split("\\.", -1);
        parts[random.nextInt(parts.length)] += "=";
        return String.join(".", parts);
    }

    private String dropOrRepeatSegment(String text) {
        String[] parts = text.split("\\.", -1);
        int a = random.nextInt(parts.length);
        parts[a] = random.nextBoolean() ? "" : parts[a] + '.' + parts[a];
        return String.join(".", parts);
    }

    /** The last character of a segment has bits that a careless decoder drops. */
    private String lastCharacter(String text) {
        String[] parts = text.split("\\.", -1);
        int a = random.nextInt(parts.length);
        if (!parts[a].isEmpty()) {
            parts[a] = parts[a].substring(0, parts[a].length() - 1) + CHARACTERS.charAt(random.nextInt(20));
        }
        return String.join(".", parts);
    }

    private static String transpose(String text, int at) {
        return at + 1 >= text.length()
                ? text
                : text.substring(0, at) + text.charAt(at + 1) + text.charAt(at) + text.substring(at + 2);
    }
}
