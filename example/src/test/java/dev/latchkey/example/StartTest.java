package dev.latchkey.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("patience")
class StartTest {

    private static final String SECRET = "Yk9zW1vQ4mJr7sT2xGd8uHn5pLc0aEfB";
    private static final String ADMIN_PASSWORD = "only the operator knows";

    @TempDir
    private Path folder;

    @Test
    void makesASecretForTheOwnerAloneAndKeepsIt() throws IOException {
        start();
        Path file = home().resolve("development-secret");
        String first = Files.readString(file);
        assertThat(Base64.getDecoder().decode(first.strip())).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home())))
                .isEqualTo("rwx------");

        start();
        assertThat(file).hasContent(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void refusesASecretThatOthersCanReach(String permissions) throws IOException {
        start();
        Files.setPosixFilePermissions(
                home().resolve("development-secret"), PosixFilePermissions.fromString(permissions));

        assertRefused("chmod 600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c2hvcnQ=", "not Base64 at all!", "\u00e9"})
    void refusesAFileThatHoldsNoSecret(String content) throws IOException {
        start();
        Files.writeString(home().resolve("development-secret"), content, StandardCharsets.ISO_8859_1);

        assertRefused("Delete it");
    }

    @Test
    void refusesProductionWithoutASecret() {
        assertRefused("JWT_SECRET_KEY", "LATCHKEY_ENV", "production");
        assertRefused("JWT_SECRET_KEY", "LATCHKEY_ENV", "production", "JWT_SECRET_KEY", " ");
        assertThat(home()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void refusesTheDevelopmentSecretWhereOthersCanReachIt(String host) {
        assertRefused("JWT_SECRET_KEY", "LATCHKEY_HOST", host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "127.0.0.2"})
    void startsOnLoopback(String host) {
        start("LATCHKEY_HOST", host);
    }

    @Test
    void asksForTheFirstAdministratorInProduction() {
        String[] production = {"LATCHKEY_ENV", "production", "JWT_SECRET_KEY", SECRET};
        assertRefused("LATCHKEY_ADMIN_PASSWORD", production);
        assertRefused("12 to 128", with(production, "LATCHKEY_ADMIN_PASSWORD", "short"));

        try (App app =
                App.start(Visitor.settings(home(), with(production, "LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD)))) {
            Visitor visitor = new Visitor(app);
            String admin = visitor.login("admin", ADMIN_PASSWORD).text("access_token");
            assertThat(visitor.get("admin/people", admin).json()).hasSize(1);
            assertThat(visitor.login("alice", "correct-horse").status()).isEqualTo(401);
        }
        assertThat(home().resolve("development-secret")).doesNotExist();
        start(production);
    }

    @Test
    void refusesPublishedPasswordsWhereStrangersMayCome() {
        start();
        assertRefused("development password", "LATCHKEY_ENV", "production", "JWT_SECRET_KEY", SECRET);
        assertRefused("development password", "LATCHKEY_HOST", "0.0.0.0", "JWT_SECRET_KEY", SECRET);
    }

    @Test
    void namesTheSettingThatIsWrong() {
        assertRefused("LATCHKEY_PORT", "LATCHKEY_PORT", "70700");
        assertRefused("LATCHKEY_PORT", "LATCHKEY_PORT", "http");
        assertRefused("LATCHKEY_ENV", "LATCHKEY_ENV", "prod");
        assertRefused("LATCHKEY_HOST", "LATCHKEY_HOST", "no such host");
        assertRefused("JWT_SECRET_KEY", "JWT_SECRET_KEY", "short");
        assertRefused("JWT_ACCESS_TOKEN_EXPIRES", "JWT_ACCESS_TOKEN_EXPIRES", "soon");
        assertRefused("JWT_STORE", "JWT_STORE", "stateless");
        assertRefused("JWT_TOKEN_LOCATION", "JWT_TOKEN_LOCATION", "headers");
        assertRefused("JWT_TOKEN_LOCATION", "JWT_TOKEN_LOCATION", "cookies");
        assertRefused("LATCHKEY_PORT", "LATCHKEY_PORT", "x", "LATCHKEY_ENV", "y");
        assertRefused("LATCHKEY_ENV", "LATCHKEY_PORT", "x", "LATCHKEY_ENV", "y");
    }

    @ParameterizedTest
    @CsvSource({"900, PT5M", "PT30M, PT10M", "9, PT3S", "2, PT1S", "soon, PT1S"})
    void renewsInTheLastThirdOfALife(String life, Duration renewal) {
        assertThat(Visitor.settings(home(), "JWT_ACCESS_TOKEN_EXPIRES", life).renewal())
                .isEqualTo(renewal);
    }

    @Test
    void startsWithShortLivesAndNamedLocations() {
        start("JWT_ACCESS_TOKEN_EXPIRES", "2");
        start("JWT_TOKEN_LOCATION", "Cookies, headers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis",
                "Memory",
                "mysql://s3cret@127.0.0.1/notes",
                "redis://u:s3cret@127.0.0.1:port",
                "redis://:s3cret",
                "redis-sentinel://u:s3cret@127.0.0.1",
                "jdbc:mysql://127.0.0.1/notes?password=s3cret",
                "jdbc:postgresql://u:s3cret@127.0.0.1/notes",
                "jdbc:postgresql://127.0.0.1",
                "jdbc:postgresql:notes?password=s3cret",
                "jdbc:postgresql://127.0.0.1:s3cret/notes",
                "jdbc:postgresql://127.0.0.1:70000/notes?password=s3cret",
            })
    void refusesAStoreThatItCannotFind(String address) {
        assertThatThrownBy(() -> start("LATCHKEY_STORE", address))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("LATCHKEY_STORE")
                .hasMessageNotContaining("s3cret");
        assertThat(home()).doesNotExist();
    }

    @Test
    void refusesSettingsOfAnotherStore() {
        assertRefused("LATCHKEY_STORE_USER", "LATCHKEY_STORE_PASSWORD", SECRET);
        assertRefused(
                "redis://user:password@", "LATCHKEY_STORE", "redis://127.0.0.1", "LATCHKEY_STORE_PASSWORD", SECRET);
        assertRefused("leave out JWT_STORE", "LATCHKEY_STORE", "redis://127.0.0.1", "JWT_STORE", "memory");
    }

    @Test
    void tellsNoPasswordOfAStore() {
        String user = "LATCHKEY_STORE_USER";
        String password = "LATCHKEY_STORE_PASSWORD";
        assertThat(Visitor.settings(home(), "LATCHKEY_STORE", "redis://u:s3cret@127.0.0.1:6379/0"))
                .hasToString("ExampleSettings[127.0.0.1:0, " + home() + ", redis://127.0.0.1:6379/0]");
        assertThat(Visitor.settings(
                        home(),
                        "LATCHKEY_STORE",
                        "jdbc:postgresql://127.0.0.1/notes?password=s3cret",
                        user,
                        "u",
                        password,
                        "s3cret"))
                .hasToString("ExampleSettings[127.0.0.1:0, " + home() + ", jdbc:postgresql://127.0.0.1/notes]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://127.0.0.1:1", "jdbc:postgresql://127.0.0.1:1/notes"})
    void startsBeforeItsStoreAndRefusesMeanwhile(String address) {
        try (App app = App.start(Visitor.settings(home(), "LATCHKEY_STORE", address))) {
            Visitor visitor = new Visitor(app);
            assertThat(visitor.login("alice", "correct-horse").code()).isEqualTo("503 unavailable");
        }
    }

    @Test
    void refusesAFileForAFolder() throws IOException {
        Files.createFile(home());
        assertRefused("LATCHKEY_HOME");
    }

    @Test
    void namesThePortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused("port " + taken.getLocalPort(), "LATCHKEY_PORT", String.valueOf(taken.getLocalPort()));
        }
        start();
    }

    @Test
    void tellsInOneParagraphAndEndsWithOne() throws Exception {
        assertProcessRefused("JWT_SECRET_KEY", Map.of("LATCHKEY_ENV", "production"));
        try (App app = App.start(Visitor.settings(home()))) {
            assertProcessRefused("in use by another process", Map.of("LATCHKEY_PORT", "0"));
            String port = String.valueOf(app.port());
            String other = folder.resolve("other").toString();
            assertProcessRefused("port " + port, Map.of("LATCHKEY_PORT", port, "LATCHKEY_HOME", other));
        }
    }

    private void assertProcessRefused(String told, Map<String, String> variables) throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        ProcessBuilder builder =
                new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), App.class.getName());
        builder.environment().keySet().removeIf(name -> name.startsWith("JWT_") || name.startsWith("LATCHKEY_"));
        builder.environment().put("LATCHKEY_HOME", home().toString());
        builder.environment().putAll(variables);
        builder.redirectErrorStream(true);
        Process process = builder.start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output.strip().lines().reduce((first, last) -> last).orElseThrow())
                .startsWith("The example cannot start: ")
                .contains(told);
        assertThat(output).doesNotContain("\tat ");
    }

    private Path home() {
        return folder.resolve("data");
    }

    private void start(String... variables) {
        App.start(Visitor.settings(home(), variables)).close();
    }

    private void assertRefused(String told, String... variables) {
        assertThatThrownBy(() -> start(variables))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(told)
                .hasMessageNotContaining(SECRET);
    }

    private static String[] with(String[] variables, String name, String value) {
        return Stream.concat(Arrays.stream(variables), Stream.of(name, value)).toArray(String[]::new);
    }
}
