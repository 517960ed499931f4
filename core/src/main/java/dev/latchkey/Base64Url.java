package dev.latchkey;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64url without padding, RFC 7515 appendix C, where every byte sequence has exactly one spelling. */
final class Base64Url {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Base64Url() {}

    static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /** Decodes one segment of ASCII, or returns null unless it is the canonical spelling. */
    static byte @Nullable [] decode(byte[] ascii, int from, int to) {
        int length = to - from;
        int tail = length % 4;
        if (tail == 1) {
            return null;
        }
        byte[] out = new byte[length / 4 * 3 + (tail == 0 ? 0 : tail - 1)];
        int bits = 0;
        int held = 0;
        int at = 0;
        for (int i = from; i < to; i++) {
            int value = sextet(ascii[i]);
            if (value < 0) {
                return null;
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                out[at++] = (byte) (bits >> held);
            }
        }
        // Left-over bits that are not zero would be a second spelling of the same bytes: a way around any list of
        // revoked strings.
        return (bits & ((1 << held) - 1)) == 0 ? out : null;
    }

    private static int sextet(byte c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        } else if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        } else if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '-' ? 62 : c == '_' ? 63 : -1;
    }
}
