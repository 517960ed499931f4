package dev.latchkey.javalin;

import static dev.latchkey.javalin.LatchkeyPlugin.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.Login;
import dev.latchkey.TokenLocation;
import io.javalin.Javalin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Bytes on a raw socket, as no well-behaved client would send them. */
class HostileRequestTest {

    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .login(Login.by((name, password) -> Optional.empty()))
            .build();
    private final String token = auth.accessToken("alice");
    private final Javalin app = Javalin.create(c -> {
                c.registerPlugin(new LatchkeyPlugin(auth));
                c.routes.get("/me", ctx -> ctx.result(token(ctx).subject()));
                c.routes.post(
                        "/json",
                        ctx -> ctx.result(
                                token(ctx).subject() + " sent " + ctx.body().length()),
                        LatchkeyPlugin.require(
                                Access.required().withLocations(TokenLocation.HEADER, TokenLocation.JSON)));
            })
            .start("127.0.0.1", 0);

    @AfterEach
    void stop() {
        app.stop();
    }

    private record Case(String name, List<String> headers, int status, String code) {}

    @TestFactory
    Stream<DynamicTest> answersEveryHeaderWithItsOwnRefusal() {
        String bearer = "Authorization: Bearer ";
        return Stream.of(
                        new Case("none", List.of(), 401, "token_missing"),
                        new Case("empty", List.of("Authorization:"), 401, "token_missing"),
                        new Case("blank", List.of("Authorization:    "), 401, "token_missing"),
                        new Case("scheme only", List.of("Authorization: Bearer"), 401, "header_malformed"),
                        new Case("scheme and space", List.of(bearer), 401, "header_malformed"),
                        new Case("other scheme", List.of("Authorization: Basic YTpi"), 401, "token_missing"),
                        new Case("no scheme", List.of("Authorization: " + token), 401, "token_missing"),
                        new Case("two words", List.of(bearer + token + " " + token), 401, "header_malformed"),
                        new Case("comma after", List.of(bearer + token + ","), 401, "header_malformed"),
                        new Case("comma before", List.of("Authorization: ,Bearer " + token), 401, "token_missing"),
                        new Case("list", List.of(bearer + token + ", Bearer " + token), 401, "header_malformed"),
                        new Case("two lines", List.of(bearer + token, bearer + token), 401, "token_ambiguous"),
                        new Case("two lines, one bad", List.of(bearer + "x", bearer + token), 401, "token_ambiguous"),
                        new Case(
                                "another's line before", List.of("Authorization: Basic YTpi", bearer + token), 200, ""),
                        new Case("tab between", List.of("Authorization: Bearer\t" + token), 200, ""),
                        new Case("spaces between", List.of("Authorization: Bearer   " + token), 200, ""),
                        new Case("lower case", List.of("authorization: bearer " + token), 200, ""),
                        new Case("quoted", List.of(bearer + '"' + token + '"'), 401, "token_malformed"),
                        new Case("not ASCII", List.of(bearer + token + "é"), 401, "token_malformed"),
                        new Case("9 KB", List.of(bearer + "a".repeat(7900)), 401, "token_malformed"),
                        new Case("dots only", List.of(bearer + ".."), 401, "token_malformed"),
                        new Case("folded", List.of("Authorization: Bearer", " " + token), 400, ""),
                        new Case("NUL", List.of(bearer + "a\0b"), 400, ""),
                        new Case("1 MB", List.of(bearer + "a".repeat(1 << 20)), 431, ""))
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> {
                    String answer = send("GET /me HTTP/1.1", c.headers(), new byte[0]);
                    assertThat(answer).startsWith("HTTP/1.1 " + c.status());
                    assertThat(answer).contains(c.code());
                }));
    }

    @Test
    void refusesOddMethodsOnARouteThatTakesThem() throws IOException {
        for (String method : List.of("PUT", "PROPFIND", "get", "TRACE", "QUERY", "X")) {
            String answer = send(method + " /me HTTP/1.1", List.of(), new byte[0]);
            assertThat(answer).as(method).startsWith("HTTP/1.1 4");
        }
    }

    @TestFactory
    Stream<DynamicTest> answersEveryLoginBodyWithAClearRefusal() {
        return Stream.of(
                        "[]",
                        "[1]",
                        "\"text\"",
                        "7",
                        "null",
                        "true",
                        "",
                        "{",
                        "{}",
                        "{\"username\":\"a\"}",
                        "\u0000",
                        "{\"username\":\"a\",\"password\":7}",
                        "{\"username\":null,\"password\":\"b\"}",
                        "{\"username\":\"a\",\"username\":\"b\",\"password\":\"c\"}",
                        "[".repeat(10_000),
                        "{\"username\":\"a\",\"password\":\"b\"} x",
                        "\uFEFF{}",
                        "NaN")
                .map(body -> DynamicTest.dynamicTest("body " + body.substring(0, Math.min(20, body.length())), () -> {
                    String answer = send(
                            "POST /auth/login HTTP/1.1",
                            List.of("Content-Type: application/json; charset=utf-8"),
                            body.getBytes(StandardCharsets.UTF_8));
                    assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"request_malformed\"");
                }));
    }

    @Test
    void refusesALoginBodyOfTenMegabytes() throws IOException {
        byte[] body = ("{\"username\":\"" + "a".repeat(10 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);

        String answer = send("POST /auth/login HTTP/1.1", List.of("Content-Type: application/json"), body);

        assertThat(answer).startsWith("HTTP/1.1 413").contains("body_too_large");
    }

    @Test
    void refusesALoginBodyThatIsCutShortOrBadlyChunked() throws IOException {
        String head = String.join(
                "\r\n",
                "POST /auth/login HTTP/1.1",
                "Host: localhost",
                "Connection: close",
                "Content-Type: application/json",
                "");

        assertThat(raw(head + "Content-Length: 100\r\n\r\n{\"username\":")).startsWith("HTTP/1.1 400");
        assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{}")).startsWith("HTTP/1.1 400");
        assertThat(raw(head + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 4");
    }

    @Test
    void refusesALoginThatIsNotJson() throws IOException {
        byte[] form = "username=a&password=b".getBytes(StandardCharsets.UTF_8);

        assertThat(send("POST /auth/login HTTP/1.1", List.of("Content-Type: text/plain"), form))
                .startsWith("HTTP/1.1 415");
        assertThat(send("POST /auth/login HTTP/1.1", List.of(), form)).startsWith("HTTP/1.1 415");
    }

    @Test
    void leavesTheBodyToTheHandlerThatReadATokenFromIt() throws IOException {
        byte[] body = ("{\"access_token\":\"" + token + "\"}").getBytes(StandardCharsets.UTF_8);
        List<String> json = List.of("Content-Type: application/json");

        assertThat(send("POST /json HTTP/1.1", json, body)).contains("alice sent " + body.length);
        assertThat(send("POST /json HTTP/1.1", json, "{}".getBytes(StandardCharsets.UTF_8)))
                .contains("Missing JWT in headers or json");
        assertThat(send(
                        "POST /json HTTP/1.1",
                        List.of("Content-Type: application/json", "Authorization: Bearer " + auth.accessToken("bob")),
                        body))
                .contains("token_ambiguous");
    }

    private String raw(String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String send(String requestLine, List<String> headers, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            StringBuilder head = new StringBuilder(requestLine).append("\r\nHost: localhost\r\nConnection: close\r\n");
            headers.forEach(line -> head.append(line).append("\r\n"));
            head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
            try {
                socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().write(body);
                socket.getOutputStream().flush();
            } catch (SocketException closed) {
                // the server had read enough and answered: what it said counts
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(answer);
            } catch (SocketException reset) {
                // as above
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
