package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.TokenStore.Subject;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SubjectTest {

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    @Test
    void digestIsShortAndItsOwnWhateverTheText() {
        List<String> digests = Stream.of(
                        "", "*", "[a-z]", "{a}", "}{", "a b\r\n", "'; --", "\uD83D", "?", "\uDD11", "x".repeat(10_240))
                .flatMap(text -> Stream.of(
                        new Subject("notes", text).digest(),
                        new Subject(text, "notes").digest(),
                        new Subject("notes", "alice").digest(text)))
                .map(SubjectTest::hex)
                .toList();

        assertThat(digests).doesNotHaveDuplicates().allMatch(digest -> digest.length() == 64);
        assertThat(hex(new Subject("notes", "alice").digest("*")))
                .isEqualTo(hex(new Subject("notes", "alice").digest("*")));
    }

    @Test
    void partsOfADigestNeverRunTogether() {
        assertThat(Stream.of(
                                new Subject("a", "bc").digest(),
                                new Subject("ab", "c").digest(),
                                new Subject("a", "b").digest("c"),
                                new Subject("", "abc").digest(),
                                new Subject("a", "bc").digest(""))
                        .map(SubjectTest::hex))
                .doesNotHaveDuplicates();
    }

    /** Stores keep it: another would log everybody out. */
    @Test
    void digestStaysAsItIs() {
        assertThat(hex(new Subject("https://notes.example", "alice").digest()))
                .isEqualTo("40bb19bbb034cbf1eeb40c021bf8f82de609c3b53f4fa8feb1a72060608a2158");
    }
}
