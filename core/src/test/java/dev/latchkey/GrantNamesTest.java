package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantNamesTest {

    /** A token with one of these would be refused by the very Latchkey that made it. */
    @ParameterizedTest
    @ValueSource(strings = {"alg", "typ", "kid", "crit", "b64", "zip", "enc"})
    void refusesAHeaderThatNoTokenMayBear(String name) {
        assertThatThrownBy(() -> Grant.create().header(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header '" + name + "' is reserved");
    }

    /** JJWT reads such a name without the space: as another claim, or as the subject. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "sub ", " sub", "sub\t", "\u2003sub", "sub\u000b"})
    void refusesANameWithSpaceAroundIt(String name) {
        assertThatThrownBy(() -> Grant.create().claim(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("space around it");
        assertThatThrownBy(() -> Grant.create().header(name, "x")).hasMessageContaining("space around it");
    }
}
