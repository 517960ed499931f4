package dev.latchkey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names and values of queries and forms. */
class ParametersTest {

    @Test
    void givesEveryValueOfAName() {
        assertThat(Parameters.values("a=1&b=2&a=&%61=%2B+%C3%A9&a", "a"))
                .containsExactly(Optional.of("1"), Optional.of(""), Optional.of("+ é"), Optional.of(""));
    }

    @Test
    void tellsAValueThatCannotBeDecoded() {
        for (String broken : List.of("%", "%1", "%zz", "%C3", "%C3%28", "x%")) {
            assertThat(Parameters.values("a=" + broken, "a")).as(broken).containsExactly(Optional.empty());
        }
        assertThat(Parameters.values("%zz=1&b=2", "a")).isEmpty();
    }

    @Test
    void givesHandlersAWholeForm() {
        byte[] form = "b=2&a=%E9&a=+&&%zz=1&c=%zz&=x&d".getBytes(ISO_8859_1);

        assertThat(AuthRequest.fields(form, ISO_8859_1).toString()).isEqualTo("{b=[2], a=[é,  ], =[x], d=[]}");
        assertThat(AuthRequest.fields("a=é".getBytes(UTF_8), UTF_8)).containsEntry("a", List.of("é"));
    }

    @Test
    void readsMillionsOfPairsOnce() {
        String pairs = "&".repeat(4_000_000);

        assertThat(Parameters.values(pairs, "a")).isEmpty();
    }
}
