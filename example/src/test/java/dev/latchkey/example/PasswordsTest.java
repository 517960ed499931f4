package dev.latchkey.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PasswordsTest {

    private final Passwords passwords = new Passwords();

    @Test
    void hashesAtTheCostThatOwaspAsksForAtLeast() {
        assertThat(passwords.hash("nobody")).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void matchesThePasswordAlone() {
        String hash = passwords.hash("p\u00e4ssw\u00f6rd \ud83d\udd11");
        assertThat(passwords.matches("p\u00e4ssw\u00f6rd \ud83d\udd11", hash)).isTrue();
        assertThat(passwords.matches("password", hash)).isFalse();
        assertThat(passwords.matches("", hash)).isFalse();
        assertThat(passwords.hash("nobody")).isNotEqualTo(passwords.hash("nobody"));
    }

    @Test
    void matchesAHashOfAnotherCost() {
        assertThat(passwords.matches(
                        "password",
                        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
                .isTrue();
    }

    @Test
    void failsAloudForWhatIsNoHash() {
        assertThatThrownBy(() -> passwords.matches("password", "no hash")).isInstanceOf(RuntimeException.class);
    }
}
