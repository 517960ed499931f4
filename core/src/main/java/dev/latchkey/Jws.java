package dev.latchkey;

import static dev.latchkey.AuthError.ALGORITHM_NOT_ALLOWED;
import static dev.latchkey.AuthError.CRITICAL_EXTENSION_UNSUPPORTED;
import static dev.latchkey.AuthError.KEY_UNKNOWN;
import static dev.latchkey.AuthError.SIGNATURE_INVALID;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The compact serialization (RFC 7515 section 7.1), stricter than the RFC where leniency has been abused. */
final class Jws {

    /** Longer strings are refused before anything of them is decoded. */
    static final int MAX_LENGTH = 8192;

    /**
     * What would change the meaning of the token: RFC 7797's {@code b64} what is signed, {@code zip} what the payload
     * is to those who heed it, and {@code enc} makes it a JWE (RFC 7516 section 9).
     */
    static final Set<String> NOT_UNDERSTOOD = Set.of("crit", "b64", "zip", "enc");

    private final byte[] ascii;
    private final int signedLength;
    private final byte[] payload;
    private final byte[] signature;
    private final Map<String, @Nullable Object> header;
    private @Nullable Map<String, @Nullable Object> claims;

    private Jws(
            byte[] ascii, int signedLength, byte[] payload, byte[] signature, Map<String, @Nullable Object> header) {
        this.ascii = ascii;
        this.signedLength = signedLength;
        this.payload = payload;
        this.signature = signature;
        this.header = header;
    }

    static String sign(Map<String, ?> header, Map<String, ?> payload, JwtKey key) {
        String signed = part(header) + '.' + part(payload);
        byte[] bytes = signed.getBytes(StandardCharsets.US_ASCII);
        String token = signed + '.' + Base64Url.encode(key.sign(bytes, bytes.length));
        if (token.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the token would have " + token.length() + " characters, at most "
                    + MAX_LENGTH + " are accepted: put fewer or shorter claims into it");
        }
        return token;
    }

    private static String part(Map<String, ?> json) {
        return Base64Url.encode(Json.write(json).getBytes(StandardCharsets.UTF_8));
    }

    /** Splits and decodes a token and reads its header; nothing of it is to be believed yet. */
    static Jws parse(String token) {
        if (token.length() > MAX_LENGTH) {
            throw AuthException.of(TOKEN_MALFORMED, "Token is longer than " + MAX_LENGTH + " characters");
        }
        // A character that ISO 8859-1 lacks becomes '?', which is not base64url either.
        byte[] ascii = token.getBytes(StandardCharsets.ISO_8859_1);
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            throw AuthException.of(TOKEN_MALFORMED, "Not enough segments");
        }
        byte[] header = Base64Url.decode(ascii, 0, first);
        if (header == null) {
            throw AuthException.of(TOKEN_MALFORMED, "Invalid header padding");
        }
        Map<String, @Nullable Object> members = object(header, "header");
        byte[] payload = Base64Url.decode(ascii, first + 1, second);
        if (payload == null || token.indexOf('.', second + 1) >= 0) {
            throw AuthException.of(TOKEN_MALFORMED, "Invalid payload padding");
        }
        byte[] signature = Base64Url.decode(ascii, second + 1, ascii.length);
        if (signature == null) {
            throw AuthException.of(TOKEN_MALFORMED, "Invalid crypto padding");
        }
        return new Jws(ascii, second, payload, signature, members);
    }

    Map<String, @Nullable Object> header() {
        return header;
    }

    /** Checks header and signature; the algorithm is the key's, the header may only agree with it (RFC 8725 section 3.1). */
    void verify(Keys keys, Instant now, boolean ours) {
        Object kid = header.get("kid");
        if (header.containsKey("kid") && !(kid instanceof String)) {
            throw AuthException.of(TOKEN_MALFORMED, "Key ID header parameter must be a string");
        }
        if (header.containsKey("typ")
                && !(header.get("typ") instanceof String typ && (!ours || typ.equalsIgnoreCase("JWT")))) {
            throw AuthException.of(TOKEN_MALFORMED, "Type header parameter must be JWT");
        }
        if (!header.containsKey("alg")) {
            throw AuthException.of(ALGORITHM_NOT_ALLOWED, "Algorithm not specified");
        }
        Object algorithm = header.get("alg");
        if (keys.refuses(algorithm, now)) {
            throw AuthException.of(ALGORITHM_NOT_ALLOWED);
        }
        if (!Collections.disjoint(header.keySet(), NOT_UNDERSTOOD)) {
            throw AuthException.of(CRITICAL_EXTENSION_UNSUPPORTED);
        }
        List<JwtKey> candidates = keys.candidates((String) kid, () -> new UnverifiedToken(header, payload()), now);
        if (candidates.isEmpty()) {
            throw AuthException.of(KEY_UNKNOWN);
        }
        for (JwtKey key : candidates) {
            if (key.accepts(algorithm) && key.verifies(ascii, signedLength, signature)) {
                return;
            }
        }
        throw AuthException.of(SIGNATURE_INVALID);
    }

    /** Reads the payload: before {@link #verify} it is a stranger's, and only its issuer may be looked at. */
    Map<String, @Nullable Object> payload() {
        if (claims == null) {
            claims = object(payload, "payload");
        }
        return claims;
    }

    /** Stands for the id of a token without one: that of what was signed, as a signature may have two forms. */
    String hash() {
        return Base64Url.encode(JwtKey.sha256(Arrays.copyOf(ascii, signedLength)));
    }

    @SuppressWarnings("unchecked") // Json makes maps with text keys only
    private static Map<String, @Nullable Object> object(byte[] utf8, String which) {
        try {
            if (Json.read(utf8) instanceof Map<?, ?> map) {
                return (Map<String, @Nullable Object>) map;
            }
        } catch (Json.MalformedException e) {
            throw AuthException.of(TOKEN_MALFORMED, "Invalid " + which + " string");
        }
        throw AuthException.of(TOKEN_MALFORMED, "Invalid " + which + " string: must be a json object");
    }
}
