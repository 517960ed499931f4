package dev.latchkey;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes any token at all, with the JDK alone: what an attacker, or somebody else's library, could send. */
final class Forge {

    static final byte[] SECRET = "an example of thirty-two bytes!!".getBytes(StandardCharsets.US_ASCII);
    static final JwtKey KEY = JwtKey.hs256(SECRET);
    static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    static final long NOW = StandingClock.START.getEpochSecond();

    private Forge() {}

    static LatchkeyBuilder latchkey(Clock clock) {
        return Latchkey.builder().issuer("notes").key(KEY).clock(clock);
    }

    /** Checks header and signature alone, by these keys. */
    static Jws verify(Jws jws, KeySet keys) {
        jws.verify(Keys.open(keys, new StandingClock(), event -> {}, Duration.ZERO), StandingClock.START, true);
        return jws;
    }

    /** A token with a good signature over whatever these texts are. */
    static String token(String header, String payload) {
        return token(utf8(header), utf8(payload), "HmacSHA256", SECRET);
    }

    static String token(byte[] header, byte[] payload, String mac, byte[] secret) {
        return signed(encode(header) + "." + encode(payload), mac, secret);
    }

    /** A good signature over segments that need not be base64url. */
    static String signed(String segments) {
        return signed(segments, "HmacSHA256", SECRET);
    }

    static String signed(String segments, String algorithm, byte[] secret) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, "RAW"));
            return segments + "." + encode(mac.doFinal(segments.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A token that is good in all but its header. */
    static String withHeader(String header) {
        return token(header, payload(claims()));
    }

    /** A token that is good in all but one claim, which is this JSON text. */
    static String withClaim(String name, String json) {
        Map<String, String> claims = claims();
        claims.put(name, json);
        return token(HEADER, payload(claims));
    }

    /** A token that is good in all but one claim, which is absent. */
    static String withoutClaim(String name) {
        Map<String, String> claims = claims();
        claims.remove(name);
        return token(HEADER, payload(claims));
    }

    static String good() {
        return token(HEADER, payload(claims()));
    }

    /** The claims of a good access token, each as JSON text. */
    static Map<String, String> claims() {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", "\"notes\"");
        claims.put("sub", "\"alice\"");
        claims.put("aud", "\"notes\"");
        claims.put("iat", Long.toString(NOW));
        claims.put("exp", Long.toString(NOW + 900));
        claims.put("jti", "\"id-1\"");
        claims.put("type", "\"access\"");
        claims.put("fresh", "false");
        return claims;
    }

    static String payload(Map<String, String> claims) {
        return claims.entrySet().stream()
                .map(claim -> "\"" + claim.getKey() + "\":" + claim.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
