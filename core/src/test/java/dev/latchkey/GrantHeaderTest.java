package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantHeaderTest {

    /** A token with one of these would be refused by the very Latchkey that made it. */
    @ParameterizedTest
    @ValueSource(strings = {"alg", "typ", "kid", "crit", "b64", "zip", "enc"})
    void refusesAHeaderThatNoTokenMayBear(String name) {
        assertThatThrownBy(() -> Grant.create().header(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header '" + name + "' is reserved");
    }
}
