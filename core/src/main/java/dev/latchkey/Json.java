package dev.latchkey;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** JSON as RFC 7515 section 4 and RFC 8725 want it: strict UTF-8, no member twice, nothing after the value. */
final class Json {

    static final int MAX_DEPTH = 32;
    private static final int MAX_DIGITS = 64;
    private static final int MAX_SCALE = 9_999;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // The table of names breaks on a few hundred with one hash, and would keep those of strangers.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Json() {}

    /** Reads one value: a map, list, string, Long, BigInteger, BigDecimal, Boolean or null. */
    static @Nullable Object read(byte[] utf8) throws MalformedException {
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
        } catch (IOException e) {
            throw new MalformedException("not UTF-8");
        }
        if (text.hasRemaining() && text.get(0) == '\uFEFF') {
            throw new MalformedException("starts with a byte order mark");
        }
        if (!escapesAreHex(text)) {
            throw new MalformedException("an escape that is not hexadecimal");
        }
        try (JsonParser parser = FACTORY.createParser(text.array(), text.arrayOffset(), text.remaining())) {
            if (parser.nextToken() == null) {
                throw new MalformedException("empty");
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new MalformedException("more than one value");
            }
            return value;
        } catch (MalformedException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the latter, say, for an exponent that no BigDecimal holds
            throw new MalformedException("not JSON");
        }
    }

    /** The parser looks at the low byte of these four characters alone, and so would take U+0230 for a zero. */
    private static boolean escapesAreHex(CharSequence text) {
        for (int i = 0; i + 1 < text.length(); i++) {
            if (text.charAt(i) == '\\' && text.charAt(++i) == 'u') {
                for (int end = Math.min(i + 5, text.length()); i + 1 < end; i++) {
                    if (text.charAt(i + 1) > 127) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> text(parser.getText());
            case VALUE_NUMBER_INT -> integer(parser.getNumberValue());
            case VALUE_NUMBER_FLOAT -> decimal(parser.getDecimalValue());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new MalformedException("not JSON");
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = text(parser.currentName());
            parser.nextToken();
            map.put(name, value(parser));
        }
        return Collections.unmodifiableMap(map);
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser));
        }
        return Collections.unmodifiableList(list);
    }

    /** Long where it fits, so that callers have one type to ask for. */
    private static Number integer(Number number) {
        return number instanceof Integer ? (Number) number.longValue() : number;
    }

    /** Refuses what is no double (RFC 8259 section 6): others read it as infinity, or not at all. */
    private static BigDecimal decimal(BigDecimal number) throws MalformedException {
        if (Double.isInfinite(number.doubleValue())) {
            throw new MalformedException("a number beyond a double");
        }
        return number;
    }

    /** Refuses lone surrogates: they have no UTF-8, so two subjects could end up as one in a store. */
    private static String text(String text) throws MalformedException {
        if (!wellFormed(text)) {
            throw new MalformedException("lone surrogate");
        }
        return text;
    }

    static boolean wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || ++i == text.length()
                        || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    static String write(Map<String, ?> object) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            write(generator, object);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter never fails
        }
        return out.toString();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName((String) entry.getKey());
                write(out, entry.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                write(out, item);
            }
            out.writeEndArray();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof BigInteger number) {
            out.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else if (value instanceof Number number) {
            out.writeNumber(number.longValue());
        } else {
            out.writeNull();
        }
    }

    /**
     * Copies a value that an application wants in a token, deeply, into the types that {@link #read} returns.
     *
     * @throws IllegalArgumentException if JSON has no form for it, or two readers could disagree about it
     */
    static @Nullable Object copy(String name, @Nullable Object value) {
        return copy(name, value, 0);
    }

    private static @Nullable Object copy(String name, @Nullable Object value, int depth) {
        if (depth > MAX_DEPTH - 2) {
            throw new IllegalArgumentException("'" + name + "' is nested deeper than " + (MAX_DEPTH - 2) + " levels");
        } else if (value == null || value instanceof Boolean) {
            return value;
        } else if (value instanceof BigInteger number) {
            return readable(name, new BigDecimal(number));
        } else if (value instanceof CharSequence || value instanceof Enum<?> || value instanceof UUID) {
            if (!wellFormed(value.toString())) {
                throw new IllegalArgumentException("'" + name + "' holds a lone surrogate, which has no UTF-8");
            }
            return value.toString();
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return ((Number) value).longValue();
        } else if (value instanceof BigDecimal number) {
            return readable(name, new BigDecimal(number.unscaledValue(), number.scale()));
        } else if ((value instanceof Double d && Double.isFinite(d))
                || (value instanceof Float f && Float.isFinite(f))) {
            return readable(name, new BigDecimal(value.toString()));
        } else if (value instanceof Instant instant) {
            return instant.getEpochSecond();
        } else if (value instanceof Collection<?> items) {
            List<@Nullable Object> list = new ArrayList<>(items.size());
            for (Object item : items) {
                list.add(copy(name, item, depth + 1));
            }
            return Collections.unmodifiableList(list);
        } else if (value instanceof Map<?, ?> members) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                if (!(member.getKey() instanceof String key) || !wellFormed(key)) {
                    throw new IllegalArgumentException("'" + name + "' has a map key that is not text");
                }
                map.put(key, copy(name, member.getValue(), depth + 1));
            }
            return Collections.unmodifiableMap(map);
        }
        throw new IllegalArgumentException(
                "'" + name + "' is a " + value.getClass().getName()
                        + ": use text, a finite number, a boolean, a UUID, an Instant, or a list or map of these");
    }

    /** A token with a number that {@link #read} refuses would be refused by its own maker. */
    private static Number readable(String name, BigDecimal number) {
        if (number.precision() > MAX_DIGITS - 8
                || number.scale() > MAX_SCALE
                || Double.isInfinite(number.doubleValue())) {
            throw new IllegalArgumentException("'" + name + "' is a number of more than " + (MAX_DIGITS - 8)
                    + " digits or beyond a double: write it as text");
        }
        return number.scale() == 0 ? number.toBigIntegerExact() : number;
    }

    /** Why bytes are not the JSON we take; for the log only, never for a client. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String reason) {
            super(reason);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
