package dev.latchkey;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What coverage finds that chance does not: an ordinary run replays the corpus next to the resources; with
 * {@code JAZZER_FUZZ=1} one target, named by {@code -Dtest}, runs for two minutes.
 */
class ParsingFuzzTest {

    private static final byte[] SECRET = "fuzzing fuzzing 0123456789 secret".getBytes(StandardCharsets.US_ASCII);

    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.hs256(SECRET).withId("key"))
            .stateless()
            .locations(TokenLocation.HEADER, TokenLocation.JSON)
            .login(Login.by((name, password) -> Optional.empty()))
            .build();

    /** The bytes are an {@code Authorization} header. */
    @FuzzTest(maxDuration = "2m")
    void header(byte[] data) {
        String value = new String(data, StandardCharsets.ISO_8859_1);
        RawRequest request = request("/", Map.of("Authorization", List.of(value)), new byte[0]);
        refused(auth.check(request, Access.anyType()));
    }

    /** The bytes are a token: header, payload and signature decoded, then signed with the right key and read again. */
    @FuzzTest(maxDuration = "2m")
    void token(byte[] data) {
        String token = new String(data, StandardCharsets.ISO_8859_1);
        verify(token);
        int dot = 0;
        while (dot < data.length && data[dot] != '.') {
            dot++;
        }
        byte[] header = Arrays.copyOf(data, dot);
        byte[] payload = dot < data.length ? Arrays.copyOfRange(data, dot + 1, data.length) : data;
        verify(Crafted.token(header, payload, "HS256", SECRET));
        verify(Crafted.token("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8), data, "HS256", SECRET));
    }

    /** The bytes are the body of a login, of a refresh, and of a request whose token may stand in the body. */
    @FuzzTest(maxDuration = "2m")
    void body(byte[] data) {
        Map<String, List<String>> json = Map.of("Content-Type", List.of("application/json"));
        for (String path : List.of("/auth/login", "/auth/refresh")) {
            int status = auth.serve(request(path, json, data)).status();
            if (status < 400 || status > 499) {
                throw new AssertionError(path + " answered " + status);
            }
        }
        refused(auth.check(request("/", json, data), Access.required()));
    }

    private void verify(String token) {
        try {
            VerifiedToken verified = auth.verify(token, Access.anyType());
            if (verified.subject().isEmpty() || !verified.claims().issuer().equals("notes")) {
                throw new AssertionError("admitted " + token);
            }
        } catch (AuthException e) {
            if (e.error() == AuthError.UNAVAILABLE) {
                throw e;
            }
        }
    }

    private static void refused(Outcome outcome) {
        int status = outcome.response().orElseThrow().status();
        if (status < 400 || status > 499) {
            throw new AssertionError("answered " + status);
        }
    }

    private static RawRequest request(String path, Map<String, List<String>> headers, byte[] body) {
        return new RawRequest("POST", path, headers, body);
    }
}
