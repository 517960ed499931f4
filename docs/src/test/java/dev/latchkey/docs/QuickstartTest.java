package dev.latchkey.docs;

import static dev.latchkey.docs.Http.bearer;
import static dev.latchkey.docs.Http.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import notes.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the class of docs/quickstart.md as a process of its own, with the environment that the page sets. */
class QuickstartTest {

    @Test
    void mainServesLoginAndAProtectedRoute(@TempDir Path folder) throws Exception {
        int port = freePort();
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dport=" + port,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "out"));
        java.environment().keySet().removeIf(name -> name.startsWith("JWT_"));
        java.environment().put("JWT_SECRET_KEY", "8pQ0J2dVvQyN5m3oWcRk1hTzXfLsBgUe7aYiKjMnPq4=");
        java.environment().put("JWT_ISSUER", "notes");
        Process process = java.start();
        try {
            awaitListening(process, port);
            Http http = new Http("http://127.0.0.1:" + port);

            assertThat(http.get("/health").body()).isEqualTo("ok");
            assertThat(http.get("/me").statusCode()).isEqualTo(401);
            assertThat(http.post("/auth/login", "{\"username\":\"alice\",\"password\":\"wrong\"}")
                            .body())
                    .contains("credentials_invalid");
            String login = http.post("/auth/login", "{\"username\":\"alice\",\"password\":\"correct-horse\"}")
                    .body();
            String fresh = member(login, "access_token");
            assertThat(http.get("/me", bearer(fresh)).body()).isEqualTo("Alice");
            String refreshed = member(
                    http.post("/auth/refresh", "{\"refresh_token\":\"" + member(login, "refresh_token") + "\"}")
                            .body(),
                    "access_token");
            assertThat(http.get("/me", bearer(refreshed)).body()).isEqualTo("Alice");
            assertThat(http.post("/password", "{}", bearer(refreshed)).body()).contains("fresh_token_required");
            assertThat(http.post("/password", "{}", bearer(fresh)).body()).isEqualTo("changed");
            assertThat(http.post("/auth/logout", "", bearer(fresh)).statusCode())
                    .isEqualTo(204);
            assertThat(http.get("/me", bearer(refreshed)).body()).contains(AuthError.TOKEN_REVOKED.code());
        } finally {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theEnvironmentIsReadAsTheTableSays(@TempDir Path folder) throws Exception {
        Path secret = folder.resolve("secret");
        Files.writeString(secret, "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqr\n");
        LatchkeyBuilder builder = Latchkey.fromEnvironment(Map.of(
                "JWT_SECRET_KEY_FILE", secret.toString(),
                "JWT_ALGORITHM", "HS512",
                "JWT_ISSUER", "notes",
                "JWT_AUDIENCE", "web, app",
                "JWT_ACCESS_TOKEN_EXPIRES", "PT10M",
                "JWT_REFRESH_TOKEN_EXPIRES", "86400",
                "JWT_TOKEN_LOCATION", "headers, json",
                "JWT_STORE", "memory"));
        try (Latchkey auth = builder.build()) {
            var token = auth.verify(auth.issue("alice").accessToken()).claims();

            assertThat(token.header()).containsEntry("alg", "HS512");
            assertThat(token.audience()).containsExactly("web", "app");
            assertThat(token.expiresAt()).isEqualTo(token.issuedAt().plusSeconds(600));
        }
    }

    @Test
    void thePomNamesTheVersionsOfThisBuild() {
        String parent = DocsTest.read("pom.xml");
        String pom = DocsTest.page("docs/quickstart.md").blocks("xml").get(0).text();

        assertThat(version(pom, "latchkey-javalin")).isEqualTo(version(parent, "latchkey-parent"));
        assertThat(version(pom, "javalin")).isEqualTo(property(parent, "javalin.version"));
        assertThat(version(pom, "password4j")).isEqualTo(property(parent, "password4j.version"));
        assertThat(version(pom, "slf4j-jdk14")).isEqualTo(property(parent, "slf4j.version"));
        assertThat(version(pom, "exec-maven-plugin")).isEqualTo(version(parent, "exec-maven-plugin"));
    }

    private static String version(String pom, String artifact) {
        return pom.replaceAll("(?s).*?<artifactId>" + artifact + "</artifactId>\\s*<version>([^<]*)</version>.*", "$1");
    }

    private static String property(String pom, String name) {
        return pom.replaceAll("(?s).*<" + name + ">([^<]*)</" + name + ">.*", "$1");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitListening(Process process, int port) {
        while (process.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("the process ended with " + process.exitValue());
    }
}
