package dev.latchkey.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.example.App;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One copy of the example in a process of its own, and how to talk to it. */
final class Node implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern READY = Pattern.compile("ready at (http://\\S+)");

    private final Process process;
    private final CompletableFuture<URI> ready = new CompletableFuture<>();

    private Node(Process process) {
        this.process = process;
    }

    /** Two copies that share folder and store, started at once, with these options of the JVM. */
    static List<Node> two(Path home, String store, String... options) {
        Node one = launch(home, store, options);
        try {
            Node two = launch(home, store, options);
            try {
                URI unused = one.ready.orTimeout(2, TimeUnit.MINUTES).join();
                unused = two.ready.orTimeout(2, TimeUnit.MINUTES).join();
                return List.of(one, two);
            } catch (CompletionException e) {
                two.close();
                throw e;
            }
        } catch (RuntimeException e) {
            one.close();
            throw e;
        }
    }

    private static Node launch(Path home, String store, String... options) {
        List<String> command = new ArrayList<>(List.of(options));
        command.add(0, ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of(
                "-Xmx256m",
                "-Dexample.stopWithParent=true",
                "-cp",
                System.getProperty("java.class.path"),
                App.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("JWT_") || name.startsWith("LATCHKEY_"));
        builder.environment()
                .putAll(Map.of("LATCHKEY_PORT", "0", "LATCHKEY_HOME", home.toString(), "LATCHKEY_STORE", store));
        try {
            Node node = new Node(builder.redirectErrorStream(true).start());
            Thread reader = new Thread(node::read, "node");
            reader.setDaemon(true);
            reader.start();
            Runtime.getRuntime().addShutdownHook(new Thread(node.process::destroyForcibly));
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        StringBuilder start = new StringBuilder();
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher told = READY.matcher(line);
                if (told.find()) {
                    ready.complete(URI.create(told.group(1)));
                }
                if (!ready.isDone()) {
                    start.append(line).append('\n');
                } else if (line.contains(" ERROR ")) {
                    System.err.println(line);
                }
            }
        } catch (IOException e) {
            start.append(e);
        }
        ready.completeExceptionally(new IllegalStateException("a node ended: " + start));
    }

    /** What a node said. */
    record Answer(int status, JsonNode json) {

        /** The connection broke. */
        static Answer none() {
            return new Answer(0, JSON.nullNode());
        }

        String text(String name) {
            return json.path(name).asText();
        }
    }

    Answer login(String name) {
        return post("auth/login", null, Map.of("username", name, "password", "correct-horse"));
    }

    Answer refresh(String token) {
        return post("auth/refresh", token, null);
    }

    Answer get(String path, String token) {
        return got(path, token).join();
    }

    /** Without waiting for the answer. */
    CompletableFuture<Answer> got(String path, String token) {
        return send(request(path, token).GET());
    }

    Answer post(String path, @Nullable String token, @Nullable Map<String, ?> body) {
        return posted(path, token, body).join();
    }

    /** Without waiting for the answer. */
    CompletableFuture<Answer> posted(String path, @Nullable String token, @Nullable Map<String, ?> body) {
        try {
            return send(request(path, token)
                    .POST(
                            body == null
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest.Builder request(String path, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(ready.join().resolve("/" + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json");
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static CompletableFuture<Answer> send(HttpRequest.Builder request) {
        return CLIENT.sendAsync(request.build(), BodyHandlers.ofByteArray()).thenApply(Node::answer);
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        try {
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The {@code jti} of a token. */
    static String id(String token) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]))
                    .path("jti")
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                boolean unused = process.destroyForcibly().isAlive();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            boolean unused = process.destroyForcibly().isAlive();
        }
    }
}
