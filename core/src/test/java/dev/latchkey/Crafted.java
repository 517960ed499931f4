package dev.latchkey;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens that Latchkey would never write, each with a good signature: what a holder of the key could do. */
final class Crafted {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private Crafted() {}

    static String token(String header, String payload, String algorithm, byte[] secret) {
        return token(
                header.getBytes(StandardCharsets.UTF_8), payload.getBytes(StandardCharsets.UTF_8), algorithm, secret);
    }

    static String token(byte[] header, byte[] payload, String algorithm, byte[] secret) {
        return signed(BASE64URL.encodeToString(header) + '.' + BASE64URL.encodeToString(payload), algorithm, secret);
    }

    /** Signs any text, well-formed or not. */
    static String signed(String input, String algorithm, byte[] secret) {
        return input + '.' + BASE64URL.encodeToString(mac(input.getBytes(StandardCharsets.UTF_8), algorithm, secret));
    }

    static String signed(String input, JwtKey key) {
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        return input + '.' + BASE64URL.encodeToString(key.sign(bytes, bytes.length));
    }

    static byte[] mac(byte[] input, String algorithm, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
            mac.init(new SecretKeySpec(secret, "RAW"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
