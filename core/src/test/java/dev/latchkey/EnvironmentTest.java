package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

    private static final String SECRET = "an example of thirty-two bytes!!";

    private final StandingClock clock = new StandingClock();

    @Test
    void startsWithSecretAndIssuerAlone() {
        assertThat(start(Map.of()).verify(Forge.good()).subject()).isEqualTo("alice");
    }

    @Test
    void readsTheSecretFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        Latchkey auth = Latchkey.fromEnvironment(
                        Map.of("JWT_SECRET_KEY_FILE", file.toString(), "JWT_ISSUER", "notes", "PATH", "/bin"))
                .clock(clock)
                .build();
        assertThat(auth.verify(Forge.good()).subject()).isEqualTo("alice");
    }

    @Test
    void refusesSecretsThatCannotBeRead(@TempDir Path folder) throws IOException {
        complains("JWT_SECRET_KEY and JWT_SECRET_KEY_FILE are both set", Map.of("JWT_SECRET_KEY_FILE", "/x"));
        complains(
                "JWT_SECRET_KEY_FILE names no path, which cannot be read as UTF-8 text: NoSuchFileException",
                Map.of("JWT_SECRET_KEY", "", "JWT_SECRET_KEY_FILE", SECRET));
        complains(
                "JWT_SECRET_KEY_FILE names /no/such/file, which cannot be read as UTF-8 text: NoSuchFileException",
                Map.of("JWT_SECRET_KEY", "", "JWT_SECRET_KEY_FILE", "/no/such/file"));
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        complains(
                "which cannot be read as UTF-8 text: MalformedInputException",
                Map.of("JWT_SECRET_KEY", "", "JWT_SECRET_KEY_FILE", binary.toString()));
        complains(
                "JWT_SECRET_KEY: secret for HS256 has 7 bytes, needs 32: generate one with openssl rand -base64 32",
                Map.of("JWT_SECRET_KEY", "hunter2"));
    }

    @Test
    void neverRepeatsASecret() {
        Map<String, String> variables = Map.of("JWT_SECRET_KEY", "hunter2", "JWT_ACCESS_TOKEN_EXPIRES", "x");
        assertThatThrownBy(() -> start(variables)).message().doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256K", "none", "hs256", "ES521"})
    void refusesAlgorithmsThatItHasNot(String algorithm) {
        String problem = "JWT_ALGORITHM is '" + algorithm + "', needs one of HS256, HS384, HS512, RS256";
        complains(problem, Map.of("JWT_ALGORITHM", algorithm));
        complains(problem, Map.of("JWT_ALGORITHM", algorithm, "JWT_SECRET_KEY", "", "JWT_PRIVATE_KEY", "-----BEGIN"));
    }

    @Test
    void readsAFolderOfKeys(@TempDir Path folder) throws Exception {
        Path pem = Path.of(EnvironmentTest.class.getResource("keys/ec.pem").toURI());
        Path unused = Files.copy(pem, folder.resolve("2026-11.pem"));
        try (Latchkey auth = start(Map.of("JWT_KEYS", folder.toString(), "JWT_SECRET_KEY", ""))) {
            assertThat(auth.parseUnverified(auth.accessToken("alice")).header()).containsEntry("alg", "ES256");
        }
        complains(
                "JWT_KEYS and a variable of one key are set",
                Map.of("JWT_KEYS", folder.toString(), "JWT_SECRET_KEY", SECRET));
    }

    @Test
    void readsAPrivateKey(@TempDir Path folder) throws Exception {
        String pem = Files.readString(
                Path.of(EnvironmentTest.class.getResource("keys/ec.pem").toURI()));
        Path file = Files.writeString(folder.resolve("key.pem"), pem);
        for (Map<String, String> key :
                List.of(Map.of("JWT_PRIVATE_KEY", pem), Map.of("JWT_PRIVATE_KEY_FILE", file.toString()))) {
            Map<String, String> variables = new HashMap<>(key);
            variables.putAll(Map.of("JWT_ALGORITHM", "ES256", "JWT_SECRET_KEY", ""));
            Latchkey auth = start(variables);
            assertThat(auth.parseUnverified(auth.accessToken("alice")).header()).containsEntry("alg", "ES256");
            variables.remove("JWT_ALGORITHM");
            complains("JWT_ALGORITHM names the algorithm of the key", variables);
            variables.put("JWT_SECRET_KEY", SECRET);
            complains("more than one of JWT_SECRET_KEY, JWT_PRIVATE_KEY", variables);
        }
        complains("takes a key pair, not a secret", Map.of("JWT_ALGORITHM", "ES256"));
        Map<String, String> mixedUp =
                Map.of("JWT_ALGORITHM", "ES256", "JWT_SECRET_KEY", "", "JWT_PRIVATE_KEY_FILE", pem);
        assertThatThrownBy(() -> start(mixedUp)).message().doesNotContain(pem.substring(40, 60));
    }

    @Test
    void readsTheAlgorithm() {
        Latchkey auth = start(Map.of("JWT_ALGORITHM", "HS512", "JWT_SECRET_KEY", SECRET + SECRET));
        assertThat(auth.parseUnverified(auth.accessToken("alice")).header()).containsEntry("alg", "HS512");
        complains("secret for HS384 has 32 bytes, needs 48", Map.of("JWT_ALGORITHM", "HS384"));
    }

    @ParameterizedTest
    @CsvSource({"60,60", "1,1", "PT2H,7200", "P1D,86400", "' 90 ',90"})
    void readsLifetimesAsSecondsOrDurations(String value, long seconds) {
        Latchkey auth = start(Map.of("JWT_ACCESS_TOKEN_EXPIRES", value, "JWT_REFRESH_TOKEN_EXPIRES", value));
        Claims access = auth.verify(auth.accessToken("alice")).claims();
        Claims refresh =
                auth.verify(auth.refreshToken("alice"), Access.refresh()).claims();
        assertThat(List.of(access, refresh))
                .allMatch(claims ->
                        Duration.between(claims.issuedAt(), claims.expiresAt()).equals(Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"False", "never", "1.5", "15m", "1e3", "9999999999999", "P1Y", "\u0661"})
    void refusesLifetimesThatAreNone(String value) {
        complains("needs seconds such as 900, or a duration such as PT15M", Map.of("JWT_ACCESS_TOKEN_EXPIRES", value));
        complains("JWT_REFRESH_TOKEN_EXPIRES is", Map.of("JWT_REFRESH_TOKEN_EXPIRES", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "PT0S", "PT-5S"})
    void refusesLifetimesThatWouldMeanNever(String value) {
        assertThatThrownBy(() -> start(Map.of("JWT_ACCESS_TOKEN_EXPIRES", value)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("(?s).*(accessLifetime|JWT_ACCESS_TOKEN_EXPIRES) is .*");
    }

    @Test
    void readsSeveralAudiences() {
        Latchkey auth = start(Map.of("JWT_AUDIENCE", "web , app"));
        assertThat(auth.verify(auth.accessToken("alice")).claims().audience()).containsExactly("web", "app");
    }

    @Test
    void readsLocations() {
        Latchkey auth = start(Map.of("JWT_TOKEN_LOCATION", "JSON, headers"));
        Request inBody = Request.json("/x", "{\"access_token\":\"" + Forge.good() + "\"}");
        assertThat(auth.check(inBody, Access.required()).admitted()).isTrue();
        assertThat(auth.check(Request.bearer(Forge.good()), Access.required()).admitted())
                .isTrue();
        complains(
                "JWT_TOKEN_LOCATION is 'cookie', needs some of headers, cookies, query_string, form and json",
                Map.of("JWT_TOKEN_LOCATION", "cookie"));
        complains("needs some of headers", Map.of("JWT_TOKEN_LOCATION", "headers,query"));
        complains("needs some of headers", Map.of("JWT_TOKEN_LOCATION", ","));
    }

    @Test
    void readsTheStore() {
        assertThatThrownBy(() -> start(Map.of("JWT_STORE", "stateless")).revokeAll("alice"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stateless() gave up sessions");
        start(Map.of("JWT_STORE", "memory")).revokeAll("alice");
        complains("JWT_STORE is 'redis', needs memory or stateless", Map.of("JWT_STORE", "redis"));
    }

    @Test
    void warnsOfUnknownVariables() {
        List<String> lines = new ArrayList<>();
        LogBook.during(() -> start(Map.of("JWT_COOKIE_SECURE", "1", "JWT_\n", "", "OTHER", "1")))
                .forEach(line -> lines.add(line.text()));
        assertThat(lines)
                .anyMatch(
                        line -> line.startsWith("JWT_COOKIE_SECURE is set but unknown, and has no effect: known are "))
                .anyMatch(line -> line.startsWith("JWT_\\u000a is set but unknown"))
                .noneMatch(line -> line.startsWith("OTHER"));
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(
                        () -> start(Map.of("JWT_SECRET_KEY", "x", "JWT_STORE", "x", "JWT_ACCESS_TOKEN_EXPIRES", "x")))
                .hasMessageMatching("(?s)Latchkey cannot read its environment:(\n - [^\n]+){3}");
    }

    @Test
    void countsEmptyVariablesAsUnset() {
        Map<String, String> empty = new HashMap<>();
        Environment.KNOWN.forEach(name -> empty.put(name, " "));
        empty.put("JWT_SECRET_KEY", SECRET);
        empty.put("JWT_ISSUER", "notes");
        assertThat(start(empty).verify(Forge.good()).subject()).isEqualTo("alice");
        assertThatThrownBy(() -> Latchkey.fromEnvironment(Map.of()).build())
                .hasMessageContaining("issuer is not set")
                .hasMessageContaining("key is not set");
    }

    private Latchkey start(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(Map.of("JWT_SECRET_KEY", SECRET, "JWT_ISSUER", "notes"));
        all.putAll(variables);
        return Latchkey.fromEnvironment(all).clock(clock).build();
    }

    private void complains(String problem, Map<String, String> variables) {
        assertThatThrownBy(() -> start(variables))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(problem);
    }
}
