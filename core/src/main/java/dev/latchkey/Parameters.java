package dev.latchkey;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Names and values as queries and forms have them ({@code application/x-www-form-urlencoded}, URL standard section 5). */
final class Parameters {

    /** What Tomcat reads of a form unless told otherwise. */
    private static final int LONGEST_FORM = 2 << 20;

    private Parameters() {}

    /** Every value of a name, each empty where it cannot be decoded; what else cannot be decoded is not ours. */
    static List<Optional<String>> values(String encoded, String name) {
        List<Optional<String>> values = new ArrayList<>();
        each(encoded, (key, value) -> {
            if (decoded(key, StandardCharsets.UTF_8).filter(name::equals).isPresent()) {
                values.add(decoded(value, StandardCharsets.UTF_8));
            }
        });
        return values;
    }

    /** Every name with its values, without what cannot be decoded; see {@link AuthRequest#fields}. */
    static Map<String, List<String>> all(InputStream form, @Nullable String encoding) {
        Charset charset = charset(encoding);
        Map<String, List<String>> all = new LinkedHashMap<>();
        each(read(form), (key, value) -> {
            Optional<String> name = decoded(key, charset);
            Optional<String> text = decoded(value, charset);
            if (!(key + value).isEmpty() && name.isPresent() && text.isPresent()) {
                all.computeIfAbsent(name.get(), none -> new ArrayList<>()).add(text.get());
            }
        });
        return all;
    }

    private static String read(InputStream form) {
        byte[] bytes;
        try {
            bytes = form.readNBytes(LONGEST_FORM + 1);
        } catch (IOException e) {
            throw AuthException.of(AuthError.REQUEST_MALFORMED);
        }
        if (bytes.length > LONGEST_FORM) {
            throw AuthException.of(AuthError.BODY_TOO_LARGE);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Charset charset(@Nullable String encoding) {
        try {
            return encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    private static void each(String encoded, BiConsumer<String, String> found) {
        int from = 0;
        while (from <= encoded.length()) {
            int end = encoded.indexOf('&', from);
            end = end < 0 ? encoded.length() : end;
            String pair = encoded.substring(from, end); // else a body of many & and no = takes quadratic time
            int equals = pair.indexOf('=');
            found.accept(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
            from = end + 1;
        }
    }

    /** Strictly: two readers must not disagree about what a broken escape or a bad byte stands for. */
    private static Optional<String> decoded(String text, Charset charset) {
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
            return Optional.of(charset.newDecoder()
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
