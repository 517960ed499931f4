package dev.latchkey.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.example.Visitor.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileBodyTest {

    @TempDir
    private static Path home;

    private static App app;
    private static Visitor visitor;
    private static String token;

    @BeforeAll
    static void start() {
        app = App.start(Visitor.settings(home.resolve("data")));
        visitor = new Visitor(app);
        token = visitor.login("alice", "correct-horse").text("access_token");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "null",
                "[]",
                "\"text\"",
                "7",
                "{}",
                "{\"text\":null}",
                "{\"text\":7}",
                "{\"text\":[\"a\"]}",
                "{\"text\":{\"a\":1}}",
                "{\"text\":\"a\"} x",
                "{\"text\":\"a\"}{}",
                "{\"text\":\"a\",\"text\":\"b\"}",
                "{\"text\":\"a\",}",
                "{'text':'a'}",
                "{text:\"a\"}",
                "{\"text\":\"\\ud800\"}",
                "{\"text\":\"\u0000\"}",
                "{\"Text\":\"a\"}",
                "{\"text\":\"\"}",
                "{\"text\":\" \\n\\u2003\"}"
            })
    void refusesWhatIsNoNote(String body) {
        Answer answer = note(body.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("msg")).isNotBlank();
        assertThat(answer.text("code")).isIn("body_malformed", "note_blank");
        assertThat(answer.body()).doesNotContain("jackson", "Exception", "\\tat ");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] body = "{\"text\":\"??\"}".getBytes(StandardCharsets.US_ASCII);
        body[9] = (byte) 0xc3;
        body[10] = (byte) 0x28;
        assertThat(note(body).code()).isEqualTo("400 body_malformed");
    }

    @Test
    void refusesDeepNesting() {
        assertThat(note(("{\"text\":" + "[".repeat(8000)).getBytes(StandardCharsets.US_ASCII))
                        .code())
                .isEqualTo("400 body_malformed");
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(visitor.post("api/notes", token, Map.of("text", "x".repeat(1000)))
                        .status())
                .isEqualTo(201);
        assertThat(visitor.post("api/notes", token, Map.of("text", "x".repeat(1001)))
                        .code())
                .isEqualTo("413 note_too_long");
        byte[] large = new byte[Body.MOST_BYTES + 1];
        Arrays.fill(large, (byte) ' ');
        assertThat(note(large).code()).isEqualTo("413 body_too_large");
    }

    @Test
    void refusesALargeBodyOfUnknownLength() {
        byte[] large = new byte[4 * Body.MOST_BYTES];
        Arrays.fill(large, (byte) ' ');
        assertThat(visitor.raw(
                                "POST",
                                "api/notes",
                                token,
                                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)),
                                "application/json")
                        .status())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\n{\"text\"",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"te"
            })
    void refusesABodyThatBreaksOff(String rest) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            String request = "POST /api/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer " + token + "\r\n" + rest;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("body_malformed");
        }
    }

    @Test
    void refusesAnotherMediaType() {
        byte[] body = "{\"text\":\"a\"}".getBytes(StandardCharsets.US_ASCII);
        assertThat(visitor.raw("POST", "api/notes", token, body, "text/plain").code())
                .isEqualTo("415 media_type_unsupported");
        assertThat(visitor.raw("POST", "api/notes", token, body, "application/json; charset=UTF-8")
                        .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "x",
                "1.5",
                "9223372036854775808",
                "99999999999999999999",
                "%00",
                "1;2",
                "%F0%9F%98%80"
            })
    void answersAnIdThatIsNoneLikeOneThatIsUnknown(String id) {
        assertThat(visitor.send("DELETE", "api/notes/" + id, token, null).status())
                .isBetween(400, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "            ", "correct-horse"})
    void refusesAnUnfitPassword(String password) {
        assertThat(visitor.post(
                                "api/password",
                                token,
                                Map.of("old_password", "correct-horse", "new_password", password))
                        .code())
                .isEqualTo("400 new_password_unfit");
        assertThat(visitor.post("api/password", token, Map.of("new_password", "long enough it is"))
                        .code())
                .isEqualTo("400 body_malformed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"username\":\"\\ud800\",\"password\":\"x\"}",
                "{\"username\":7,\"password\":\"x\"}",
                "{\"username\":\"\\u0000\",\"password\":\"\"}"
            })
    void refusesALoginThatIsNone(String body) {
        assertThat(visitor.raw("POST", "auth/login", null, body.getBytes(StandardCharsets.UTF_8), "application/json")
                        .status())
                .isIn(400, 401);
    }

    private static Answer note(byte[] body) {
        return visitor.raw("POST", "api/notes", token, body, "application/json");
    }
}
