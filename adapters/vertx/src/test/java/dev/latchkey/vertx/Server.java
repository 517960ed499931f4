package dev.latchkey.vertx;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.latchkey.Latchkey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** An application of a test on a port of its own. */
final class Server implements AutoCloseable {

    final Vertx vertx;
    final LatchkeyHandler latchkey;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    private Server(Vertx vertx, LatchkeyHandler latchkey, int port) {
        this.vertx = vertx;
        this.latchkey = latchkey;
        this.port = port;
    }

    static Server protect(Latchkey auth, BiConsumer<LatchkeyHandler, Router> routes) {
        return protect(auth, rules -> rules, routes);
    }

    static Server protect(
            Latchkey auth, UnaryOperator<LatchkeyHandler> rules, BiConsumer<LatchkeyHandler, Router> routes) {
        return start(
                auth,
                (latchkey, plain) ->
                        routes.accept(latchkey, rules.apply(latchkey).protect(plain)));
    }

    /** On one event loop. */
    static Server start(Latchkey auth, BiConsumer<LatchkeyHandler, Router> routes) {
        return start(auth, 20, routes);
    }

    static Server start(Latchkey auth, int workers, BiConsumer<LatchkeyHandler, Router> routes) {
        return start(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)), auth, workers, routes);
    }

    static Server start(Vertx vertx, Latchkey auth, BiConsumer<LatchkeyHandler, Router> routes) {
        return start(vertx, auth, 20, routes);
    }

    private static Server start(Vertx vertx, Latchkey auth, int workers, BiConsumer<LatchkeyHandler, Router> routes) {
        LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth, workers);
        Router router = Router.router(vertx);
        routes.accept(latchkey, router);
        HttpServerOptions options =
                new HttpServerOptions().addWebSocketSubProtocol("*").addWebSocketSubProtocol("live");
        int port = await(vertx.createHttpServer(options).requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
        return new Server(vertx, latchkey, port);
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, SECONDS)
                .join();
    }

    URI uri(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + port + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri("http", path));
    }

    /** Status and body. */
    String get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    String get(String path, String token) throws IOException, InterruptedException {
        return send(request(path).header("Authorization", "Bearer " + token));
    }

    String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
