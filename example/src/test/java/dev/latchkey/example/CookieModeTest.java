package dev.latchkey.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.example.Visitor.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the example's page sends, without a browser. */
class CookieModeTest {

    private static final String CSRF = "csrf_access_token";
    private static final String FOREIGN = "http://localhost:1";

    @TempDir
    private Path home;

    private App app;
    private String origin;
    private final Map<String, String> cookies = new TreeMap<>();

    @BeforeEach
    void start() {
        app = App.start(Visitor.settings(home.resolve("data")));
        origin = app.url().replaceFirst("/$", "");
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private Answer logIn(String name, String password) {
        return send("POST", "auth/login", Map.of("username", name, "password", password), origin);
    }

    private Answer send(String method, String path, Map<String, ?> body) {
        return send(method, path, body, origin);
    }

    /** As a page of this origin would, with the cookies that there are. */
    private Answer send(String method, String path, Map<String, ?> body, String from) {
        Map<String, String> headers = new HashMap<>(Map.of("Origin", from));
        if (!cookies.isEmpty()) {
            headers.put("Cookie", cookieLine());
            headers.put("X-CSRF-TOKEN", cookies.getOrDefault(CSRF, ""));
        }
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        Answer answer = new Visitor(app)
                .raw(
                        method,
                        path,
                        headers,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Visitor.write(body)));
        for (String line : answer.response().headers().allValues("Set-Cookie")) {
            String[] pair = line.split(";", 2)[0].split("=", 2);
            if (line.contains("Max-Age=0")) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        }
        assertThat(answer.body()).doesNotContain("eyJ");
        return answer;
    }

    private String cookieLine() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    @Test
    void walksFromLoginToLogoutByCookie() {
        Answer login = logIn("alice", "correct-horse");
        assertThat(login.body()).isEqualTo("{\"expires_in\":900}");
        assertThat(login.response().headers().allValues("Set-Cookie"))
                .hasSize(3)
                .allMatch(line -> line.contains("Secure") && line.contains("SameSite=Lax"))
                .filteredOn(line -> line.contains("HttpOnly"))
                .hasSize(2);
        assertThat(send("GET", "api/me", null).text("name")).isEqualTo("alice");
        assertThat(send("POST", "api/notes", Map.of("text", "buy milk")).status())
                .isEqualTo(201);

        String refresh = cookies.get("refresh_token_cookie");
        assertThat(send("POST", "auth/refresh", null).status()).isEqualTo(200);
        assertThat(cookies.get("refresh_token_cookie")).isNotEqualTo(refresh);
        assertThat(send("GET", "api/me", null).json().path("fresh").asBoolean()).isFalse();

        assertThat(send("POST", "auth/logout", null).status()).isEqualTo(204);
        assertThat(cookies).isEmpty();
        assertThat(send("GET", "api/me", null).code()).isEqualTo("401 token_missing");
    }

    @Test
    void refusesOtherOriginsAndRequestsWithoutTheCsrfValue() {
        logIn("alice", "correct-horse");
        Map<String, String> note = Map.of("text", "attack");

        assertThat(send("POST", "api/notes", note, FOREIGN).code()).isEqualTo("403 origin_rejected");
        String csrf = cookies.remove(CSRF);
        assertThat(send("POST", "api/notes", note).code()).isEqualTo("403 csrf_missing");
        cookies.put(CSRF, csrf + "x");
        assertThat(send("POST", "api/notes", note).code()).isEqualTo("403 csrf_mismatch");
        assertThat(send("GET", "api/notes", null).json()).isEmpty();

        Map<String, String> attacker = Map.of("username", "admin", "password", "battery-staple");
        assertThat(send("POST", "auth/login", attacker, FOREIGN).code()).isEqualTo("403 origin_rejected");
        assertThat(send("GET", "api/me", null).text("name")).isEqualTo("alice");
    }

    @Test
    void givesNewCookiesForANewPassword() {
        logIn("alice", "correct-horse");
        Map<String, String> old = Map.copyOf(cookies);

        Answer changed = send(
                "POST",
                "api/password",
                Map.of("old_password", "correct-horse", "new_password", "a new and longer one"));
        assertThat(changed.body()).isEqualTo("{\"expires_in\":900}");
        assertThat(cookies).doesNotContainEntry("access_token_cookie", old.get("access_token_cookie"));
        assertThat(send("GET", "api/me", null).json().path("fresh").asBoolean()).isTrue();

        cookies.putAll(old);
        assertThat(send("GET", "api/me", null).code()).isEqualTo("401 token_revoked");
        assertThat(cookies).doesNotContainKey("access_token_cookie");
    }

    @Test
    void keepsNoHttpSession() throws Exception {
        logIn("alice", "correct-horse");
        Listener told = new Listener();
        open(told, origin, cookieLine()).sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        send("GET", "api/me", null);
        assertThat(cookies).containsOnlyKeys("access_token_cookie", "refresh_token_cookie", CSRF);
    }

    @Test
    void tellsTheNumberOfNotesOverAWebSocket() throws Exception {
        logIn("alice", "correct-horse");
        Listener told = new Listener();
        WebSocket socket = open(told, origin, cookieLine());
        assertThat(told.next()).isEqualTo("0");

        String id = send("POST", "api/notes", Map.of("text", "one")).text("id");
        assertThat(told.next()).isEqualTo("1");
        send("DELETE", "api/notes/" + id, null);
        assertThat(told.next()).isEqualTo("0");

        send("POST", "auth/logout", null);
        assertThat(told.next()).isEqualTo("closed 4401"); // with the session
        socket.abort();
    }

    @Test
    void opensNoWebSocketToStrangersAndOtherOrigins() {
        logIn("alice", "correct-horse");
        assertRefused(403, FOREIGN, cookieLine());
        assertRefused(403, "http://127.0.0.1:1", cookieLine());
        assertRefused(403, "null", cookieLine());
        assertRefused(401, origin, "a=b");
    }

    private void assertRefused(int status, String from, String cookie) {
        assertThatThrownBy(() -> open(new Listener(), from, cookie))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(status));
    }

    private WebSocket open(Listener told, String from, String cookie) throws Exception {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Origin", from)
                .header("Cookie", cookie)
                .buildAsync(URI.create(origin.replaceFirst("http", "ws") + "/api/ticker"), told)
                .get(30, TimeUnit.SECONDS);
    }

    private static final class Listener implements WebSocket.Listener {

        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            told.add(text.toString());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            told.add("closed " + code);
            return null;
        }

        String next() throws InterruptedException {
            return told.poll(30, TimeUnit.SECONDS);
        }
    }
}
