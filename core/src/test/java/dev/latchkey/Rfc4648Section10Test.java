package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4648: the vectors of section 10 without padding, the alphabet of section 5, and the pitfalls of section 3. */
class Rfc4648Section10Test {

    @ParameterizedTest
    @CsvSource({"'',''", "f,Zg", "fo,Zm8", "foo,Zm9v", "foob,Zm9vYg", "fooba,Zm9vYmE", "foobar,Zm9vYmFy"})
    void encodesAndDecodesThePublishedVectors(String text, String encoded) {
        assertThat(Base64Url.encode(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(encoded);
        assertThat(decode(encoded)).isEqualTo(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void usesTheUrlSafeAlphabet() {
        byte[] bytes = {(byte) 0xfb, (byte) 0xff, (byte) 0xbf};

        assertThat(Base64Url.encode(bytes)).isEqualTo("-_-_");
        assertThat(decode("-_-_")).isEqualTo(bytes);
        assertThat(decode("+/+/")).isNull();
    }

    /** Section 3.5: pad bits that are not zero spell the same bytes a second time. */
    @ParameterizedTest
    @ValueSource(strings = {"Zh", "Zi", "Zo", "Zx", "Z_", "Zm9", "Zm-", "Zm9vYh", "Zm9vYmF"})
    void refusesPadBitsThatAreNotZero(String encoded) {
        assertThat(decode(encoded)).isNull();
    }

    @Test
    void refusesEveryFinalCharacterButOneInFourOrSixteen() {
        int two = 0;
        int three = 0;
        for (char c = 0; c < 256; c++) {
            two += decode("Z" + c) == null ? 0 : 1;
            three += decode("Zm" + c) == null ? 0 : 1;
        }
        assertThat(two).isEqualTo(4);
        assertThat(three).isEqualTo(16);
    }

    /** Sections 3.2 and 3.3: padding, line breaks and strangers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Zg==",
                "Zg=",
                "Zm8=",
                "Zm9v=",
                "=",
                "Zg\n",
                "Z g",
                "\tZg",
                "Zm9v\r\nYmFy",
                "Zm9vYmFy\0",
                "Zm9v.",
                "Zm9v~",
                "Zm9vé",
                "Zm9v\u00ad",
                "Z",
                "Zm9vY"
            })
    void refusesWhatIsNotOfTheAlphabet(String encoded) {
        assertThat(decode(encoded)).isNull();
    }

    private static byte[] decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Base64Url.decode(bytes, 0, bytes.length);
    }
}
