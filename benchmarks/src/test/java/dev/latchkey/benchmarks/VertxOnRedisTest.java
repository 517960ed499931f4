package dev.latchkey.benchmarks;

import static dev.latchkey.vertx.LatchkeyHandler.token;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.TokenStore;
import dev.latchkey.redis.RedisTokenStore;
import dev.latchkey.vertx.LatchkeyHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event loop goes on while Redis lets every protected request wait. */
class VertxOnRedisTest {

    private static final int PROTECTED = 50;

    private final Queue<String> callsOnTheLoop = new ConcurrentLinkedQueue<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TokenStore watched(TokenStore store) {
        return (TokenStore) Proxy.newProxyInstance(
                TokenStore.class.getClassLoader(), new Class<?>[] {TokenStore.class}, (proxy, method, arguments) -> {
                    if (Context.isOnEventLoopThread() && !method.getName().equals("blocks")) {
                        callsOnTheLoop.add(method.getName());
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void loopIsNeverBlockedByTheStore(@TempDir Path folder) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (RedisServer redis = new RedisServer(folder);
                Latchkey auth = Latchkey.builder()
                        .issuer("notes")
                        .key(JwtKey.generate())
                        .store(watched(RedisTokenStore.of(redis.address()).withTimeout(Duration.ofSeconds(20))))
                        .build()) {
            Router router = LatchkeyHandler.create(vertx, auth).open("/open").protect(Router.router(vertx));
            router.get("/open").handler(rc -> rc.end("open"));
            router.get("/me").handler(rc -> rc.end(token(rc).subject()));
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .await(20, SECONDS);
            URI base = URI.create("http://127.0.0.1:" + server.actualPort());
            String token = auth.issue("alice").accessToken();

            pause(URI.create(redis.address()).getPort());
            List<CompletableFuture<String>> waiting = new ArrayList<>();
            for (int i = 0; i < PROTECTED; i++) {
                waiting.add(client.sendAsync(
                                HttpRequest.newBuilder(base.resolve("/me"))
                                        .header("Authorization", "Bearer " + token)
                                        .build(),
                                BodyHandlers.ofString())
                        .thenApply(HttpResponse::body));
            }
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(base.resolve("/open")).build(), BodyHandlers.ofString());
                assertThat(response.body()).isEqualTo("open");
            }
            assertThat(waiting).noneMatch(CompletableFuture::isDone);

            for (CompletableFuture<String> answer : waiting) {
                assertThat(answer.get(20, SECONDS)).isEqualTo("alice");
            }
            assertThat(callsOnTheLoop).isEmpty();
        } finally {
            vertx.close().await(20, SECONDS);
        }
    }

    /** From now on the server answers nobody for a while. */
    private static void pause(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("CLIENT PAUSE 5000\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(3), StandardCharsets.US_ASCII))
                    .isEqualTo("+OK");
        }
    }
}
