package dev.latchkey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
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

        assertThat(fields(form, "ISO-8859-1").toString()).isEqualTo("{b=[2], a=[é,  ], =[x], d=[]}");
        for (String encoding : new String[] {null, "UTF-8", "no such thing", "unknown-1"}) {
            assertThat(fields("a=é".getBytes(UTF_8), encoding)).as(encoding).containsEntry("a", List.of("é"));
        }
    }

    @Test
    void readsNoFormAboveTwoMegabytes() {
        String form = "a=" + "x".repeat((2 << 20) - 4) + "&b";

        assertThat(fields(form.getBytes(UTF_8), null)).containsKeys("a", "b");
        assertThatThrownBy(() -> fields((form + "c").getBytes(UTF_8), null))
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(AuthError.BODY_TOO_LARGE));
    }

    @Test
    void refusesAFormThatEndedEarly() throws IOException {
        InputStream cut = InputStream.nullInputStream();
        cut.close();

        assertThatThrownBy(() -> AuthRequest.fields(cut, null))
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(AuthError.REQUEST_MALFORMED));
    }

    private static Map<String, List<String>> fields(byte[] form, String encoding) {
        return AuthRequest.fields(new ByteArrayInputStream(form), encoding);
    }

    @Test
    void readsMillionsOfPairsOnce() {
        String pairs = "&".repeat(4_000_000);

        assertThat(Parameters.values(pairs, "a")).isEmpty();
    }
}
