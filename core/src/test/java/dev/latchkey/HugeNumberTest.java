package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
                "1E2147483647",
                "1E309",
                "-1.7976931348623159E308",
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

    @Test
    void grantsNoNumberThatNoTokenCanCarry() {
        BigInteger most = BigInteger.TEN.pow(56).subtract(BigInteger.ONE);
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.generate())
                .stateless()
                .build();

        String token = auth.accessToken("alice", Grant.create().claim("n", most.negate()));

        assertThat(auth.verify(token).claims().asMap()).containsEntry("n", most.negate());
        for (Number number : List.of(
                most.add(BigInteger.ONE),
                new BigDecimal(most.add(BigInteger.ONE), 3),
                new BigDecimal("1E+309"),
                new BigDecimal("-1E+309"),
                new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE),
                new BigDecimal(BigInteger.ONE, Integer.MAX_VALUE))) {
            assertThatThrownBy(() -> Grant.create().claim("n", number))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'n' is a number of more than 56 digits");
        }
    }
}
