package dev.latchkey.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChromiumTest {

    @TempDir
    private Path folder;

    @Test
    void failsWithTheRemedyWhereThereIsNone() {
        String path = folder.toString();
        String none = folder.resolve("chromium").toString();

        assertThatThrownBy(() -> Chromium.executable("", path)).hasMessageContaining("apt-get install chromium");
        assertThatThrownBy(() -> Chromium.executable(none, path)).hasMessageContaining("-Dlatchkey.chromium");
    }

    @Test
    void findsTheOneOnThePath() throws IOException {
        Path file = Files.createFile(
                folder.resolve("google-chrome"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        assertThat(Chromium.executable("", folder.resolve("nothing") + ":" + folder))
                .isEqualTo(file);
        assertThat(Chromium.executable(file.toString(), "")).isEqualTo(file);
    }

    @Test
    void isARealBrowser() {
        try (Chromium chromium = Chromium.start()) {
            assertThat(chromium.browser().version()).matches("[0-9]{2,}\\..*");
        }
    }
}
