package dev.latchkey.example;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Talks to a running application over HTTP, as a browser or another program does. */
final class Visitor {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;

    Visitor(App app) {
        this.base = URI.create(app.url());
    }

    /** A free port of the loopback address, a folder of its own, and whatever else is named: name, value, name, value. */
    static ExampleSettings settings(Path home, String... more) {
        Map<String, String> variables = new HashMap<>(Map.of("LATCHKEY_PORT", "0", "LATCHKEY_HOME", home.toString()));
        for (int i = 0; i < more.length; i += 2) {
            variables.put(more[i], more[i + 1]);
        }
        return ExampleSettings.from(variables);
    }

    record Answer(int status, String body, HttpResponse<String> response) {

        JsonNode json() {
            try {
                return Body.JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        String text(String name) {
            return json().path(name).asText();
        }

        String code() {
            return status + " " + text("code");
        }
    }

    Answer login(String name, String password) {
        return send("POST", "auth/login", null, Map.of("username", name, "password", password));
    }

    Answer get(String path, String token) {
        return send("GET", path, token, null);
    }

    Answer post(String path, String token, Map<String, ?> body) {
        return send("POST", path, token, body);
    }

    Answer send(String method, String path, String token, Map<String, ?> body) {
        return raw(method, path, token, body == null ? null : write(body), "application/json");
    }

    Answer raw(String method, String path, String token, byte[] body, String type) {
        return raw(
                method,
                path,
                token,
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body),
                body == null ? null : type);
    }

    Answer raw(String method, String path, String token, HttpRequest.BodyPublisher body, String type) {
        Map<String, String> headers = new HashMap<>();
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        if (type != null) {
            headers.put("Content-Type", type);
        }
        return raw(method, path, headers, body);
    }

    Answer raw(String method, String path, Map<String, String> headers, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/" + path))
                .header("Connection", "close")
                .method(method, body);
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static byte[] write(Map<String, ?> body) {
        try {
            return Body.JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
