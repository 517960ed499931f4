package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Hundreds of names with one hash: the parser's own table of names and ours both have to bear it. */
class CollidingNamesTest {

    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .stateless()
            .locations(TokenLocation.HEADER, TokenLocation.JSON)
            .login(Login.by((name, password) -> Optional.empty()))
            .build();

    @Test
    void refusesNamesThatCollideInTheParser() {
        String header = "{\"alg\":\"HS256\"" + colliding("ab", "bA", 8) + "}";
        String token = Base64Url.encode(header.getBytes(StandardCharsets.UTF_8)) + ".e30.AAAA";

        assertThat(auth.check(
                                new RawRequest(
                                        "GET", "/", Map.of("Authorization", List.of("Bearer " + token)), new byte[0]),
                                Access.required())
                        .admitted())
                .isFalse();
        assertThatThrownBy(() -> auth.verify(token)).isInstanceOf(AuthException.class);
    }

    @Test
    void refusesABodyWhoseNamesCollide() {
        for (List<String> pair : List.of(List.of("ab", "bA"), List.of("Aa", "BB"))) {
            String body = "{\"username\":\"a\",\"password\":\"b\"" + colliding(pair.get(0), pair.get(1), 11) + "}";

            RawRequest request = new RawRequest(
                    "POST",
                    "/auth/login",
                    Map.of("Content-Type", List.of("application/json")),
                    body.getBytes(StandardCharsets.UTF_8));

            assertThat(auth.serve(request).status()).isEqualTo(401);
            assertThat(auth.check(request, Access.required())
                            .refusal()
                            .orElseThrow()
                            .error())
                    .isEqualTo(AuthError.TOKEN_MISSING);
        }
    }

    private static String colliding(String one, String other, int bits) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 1 << bits; i++) {
            members.append(",\"");
            for (int bit = 0; bit < bits; bit++) {
                members.append((i >> bit & 1) == 0 ? one : other);
            }
            members.append("\":0");
        }
        return members.toString();
    }
}
