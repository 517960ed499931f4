package dev.latchkey;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names and values as queries and forms have them ({@code application/x-www-form-urlencoded}, URL standard section 5). */
final class Parameters {

    private Parameters() {}

    /** Every value of a name, each empty where it cannot be decoded; what else cannot be decoded is not ours. */
    static List<Optional<String>> values(String encoded, String name) {
        List<Optional<String>> values = new ArrayList<>();
        int from = 0;
        while (from <= encoded.length()) {
            int end = encoded.indexOf('&', from);
            end = end < 0 ? encoded.length() : end;
            int equals = encoded.indexOf('=', from);
            boolean hasValue = equals >= 0 && equals < end;
            if (decoded(encoded.substring(from, hasValue ? equals : end))
                    .filter(name::equals)
                    .isPresent()) {
                values.add(hasValue ? decoded(encoded.substring(equals + 1, end)) : Optional.of(""));
            }
            from = end + 1;
        }
        return values;
    }

    /** Strictly: two readers must not disagree about what a broken escape or bad UTF-8 stands for. */
    private static Optional<String> decoded(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? digit(text.charAt(i + 1)) : -1;
                int low = i + 2 < text.length() ? digit(text.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else if (c > 0xff) {
                return Optional.empty();
            } else {
                bytes[length++] = (byte) (c == '+' ? ' ' : c);
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static int digit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }
}
