package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEscapeTest {

    /** U+0230 and U+FF10 end in the byte of a zero, which is all that jackson-core looks at. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"al\\u0Ȱ67\":1}",
                "[\"\\uȰ067\"]",
                "[\"\\u006\u0137\"]",
                "[\"\\\\\\u006\u0137\"]",
                "[\"\\u０067\"]",
                "[\"\\u006",
                "[\"\\u",
                "[\"\\",
                "[\"\\x41\"]"
            })
    void refusesAnEscapeThatIsNotHexadecimal(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(Json.MalformedException.class);
    }

    @Test
    void readsEveryOtherEscapeAndWhatFollowsIt() throws Json.MalformedException {
        assertThat(read("\"\\u0067Ȱ\\\\uȰ\\n\\\"\\u00E9\\ud83D\\uDE00\"")).isEqualTo("gȰ\\uȰ\n\"é😀");
    }

    private static Object read(String json) throws Json.MalformedException {
        return Json.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
