package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that cost a server its composure: an exponent of 10 digits, a number of 65. */
class HugeNumberTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1E99999999999",
                "-772E121245574722474",
                "1e-99999999999",
                "1E2147483648",
                "1E-2147483648",
                "1.5E-2147483647",
                "99999999999999999999999999999999999999999999999999999999999999999"
            })
    void refusesANumberThatNoDecimalHolds(String number) {
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.generate())
                .stateless()
                .login(Login.by((name, password) -> java.util.Optional.empty()))
                .build();
        byte[] body = ("{\"username\":\"a\",\"password\":\"b\",\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8);
        String token = Base64Url.encode(("{\"alg\":\"HS256\",\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8))
                + ".e30.AAAA";

        assertThatThrownBy(() -> Json.read(number.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Json.MalformedException.class);
        assertThatThrownBy(() -> auth.verify(token)).isInstanceOf(AuthException.class);
        assertThat(auth.serve(new RawRequest(
                                "POST", "/auth/login", Map.of("Content-Type", List.of("application/json")), body))
                        .status())
                .isEqualTo(400);
    }
}
