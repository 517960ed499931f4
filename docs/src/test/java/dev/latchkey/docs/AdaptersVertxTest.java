package dev.latchkey.docs;

import static dev.latchkey.vertx.LatchkeyHandler.token;

import dev.latchkey.Access;
import dev.latchkey.vertx.LatchkeyHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs the ten lines of docs/adapters.md for Vert.x. */
class AdaptersVertxTest extends AdaptersPage {

    @Test
    void tenLinesProtectARouter() {
        Vertx vertx = Vertx.vertx();
        // region adapters vertx
        LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth)
                .open("/health", "/assets/*")
                .require("/admin/*", Access.role("admin")); // everything else: a valid access token
        Router router = latchkey.protect(Router.router(vertx));
        router.get("/health").handler(rc -> rc.end("ok"));
        router.get("/me").handler(rc -> rc.end(token(rc).subject()));
        router.get("/admin/people").handler(rc -> rc.end("everybody"));
        router.post("/password").handler(latchkey.require(Access.fresh())).handler(rc -> rc.end("changed"));
        HttpServer server = vertx.createHttpServer().requestHandler(router);
        // endregion
        try {
            int port = await(server.listen(0, "127.0.0.1")).actualPort();
            answersAsThePageSays(new Http("http://127.0.0.1:" + port));
        } finally {
            await(vertx.close());
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
