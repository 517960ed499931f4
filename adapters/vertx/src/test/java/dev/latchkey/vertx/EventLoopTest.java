package dev.latchkey.vertx;

import static dev.latchkey.LatchkeyBuilder.nonBlocking;
import static dev.latchkey.vertx.LatchkeyHandler.user;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
import dev.latchkey.Issuer;
import dev.latchkey.JwtKey;
import dev.latchkey.KeySet;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Login;
import dev.latchkey.testkit.TestTokens;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What may block never runs on the event loop. */
class EventLoopTest {

    private final TestTokens tokens = TestTokens.of("notes");
    private final BlockedLoops blocked = new BlockedLoops();
    private Server server;

    @AfterEach
    void stop() {
        server.close();
        blocked.close();
    }

    /** Takes its time, as a database does, and tells on which thread. */
    private static Optional<String> slowly() {
        SlowStore.pause();
        return Optional.of(Thread.currentThread().getName());
    }

    private static void routes(LatchkeyHandler latchkey, Router router) {
        router.get("/open").handler(rc -> rc.end("open"));
        router.get("/thread")
                .handler(rc -> rc.end(user(rc, String.class) + " then "
                        + Thread.currentThread().getName()));
        router.get("/subject").handler(rc -> rc.end(LatchkeyHandler.token(rc).subject()));
        router.get("/inside")
                .handler(rc -> latchkey.check(rc, Access.required())
                        .onSuccess(t -> rc.end(t.user(String.class) + " then "
                                + Thread.currentThread().getName())));
    }

    private void start(LatchkeyBuilder settings) {
        server = Server.start(
                Vertx.vertx(BlockedLoops.options()),
                settings.build(),
                (latchkey, plain) ->
                        routes(latchkey, latchkey.open("/open", "/inside").protect(plain)));
    }

    @Test
    void blockingUserLoaderRunsOnThePoolAndTheHandlerOnTheLoop() throws Exception {
        start(tokens.settings().userLoader(claims -> slowly()));

        for (String path : List.of("/thread", "/inside")) {
            assertThat(server.get(path, tokens.access("alice")))
                    .matches("200 latchkey-20-\\d+ then vert.x-eventloop-thread-\\d+");
        }
    }

    @Test
    void nonBlockingUserLoaderStaysOnTheLoop() throws Exception {
        start(tokens.settings()
                .userLoader(
                        nonBlocking(claims -> Optional.of(Thread.currentThread().getName()))));

        assertThat(server.get("/thread", tokens.access("alice")))
                .matches("200 (vert.x-eventloop-thread-\\d+) then \\1");
    }

    @Test
    void loginAndHandlersOfRefusalsRunOnThePool() throws Exception {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        server = Server.protect(
                tokens.settings()
                        .login(Login.by((name, password) -> {
                            threads.add(Thread.currentThread().getName());
                            return Optional.of(name);
                        }))
                        .errorResponse((refusal, standard) -> {
                            threads.add(Thread.currentThread().getName());
                            return standard;
                        })
                        .build(),
                latchkey -> latchkey.open("/fails"),
                (latchkey, router) -> {
                    router.get("/me").handler(rc -> rc.end());
                    router.get("/fails").handler(rc -> rc.fail(AuthException.of(AuthError.CLAIMS_REJECTED)));
                });

        assertThat(server.send(server.request("/auth/login")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"username\":\"a\",\"password\":\"b\"}"))))
                .startsWith("200");
        assertThat(server.get("/me")).startsWith("401");
        assertThat(server.get("/fails")).startsWith("401");
        assertThat(threads).hasSize(3).allMatch(name -> name.startsWith("latchkey-"));
    }

    @Test
    void underLoadTheLoopIsNeverBlockedAndOpenRoutesGoOn() throws Exception {
        start(tokens.settings().store(SlowStore.create()).userLoader(claims -> slowly()));
        String alice = tokens.access("alice");
        CountDownLatch answered = new CountDownLatch(200);
        List<CompletableFuture<Integer>> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            slow.add(server.client
                    .sendAsync(
                            server.request("/thread")
                                    .header("Authorization", "Bearer " + alice)
                                    .build(),
                            BodyHandlers.ofString())
                    .thenApply(response -> {
                        answered.countDown();
                        return response.statusCode();
                    }));
        }
        int during = 0;
        while (answered.getCount() > 0) {
            assertThat(server.get("/open")).isEqualTo("200 open");
            during++;
        }

        for (CompletableFuture<Integer> status : slow) {
            assertThat(status.get(20, SECONDS)).isEqualTo(200);
        }
        assertThat(during).as("answers of the open route meanwhile").isPositive();
        assertThat(blocked.paused())
                .as("warnings of a loop that waits for store or loader")
                .isZero();
    }

    @Test
    void moreChecksThanThePoolCanBearAreRefused() throws Exception {
        CountDownLatch refused = new CountDownLatch(10);
        CountDownLatch release = new CountDownLatch(1);
        server = Server.start(
                tokens.settings()
                        .userLoader(claims -> {
                            return Optional.of(awaited(release));
                        })
                        .build(),
                1,
                (latchkey, plain) -> plain.get("/me").handler(latchkey).handler(rc -> rc.end("me")));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) { // 50 may wait for the one thread
            answers.add(server.client
                    .sendAsync(
                            server.request("/me")
                                    .header("Authorization", "Bearer " + tokens.access("alice"))
                                    .build(),
                            BodyHandlers.ofString())
                    .thenApply(response -> {
                        if (response.statusCode() == 503) {
                            refused.countDown();
                        }
                        return response.statusCode()
                                + response.headers().firstValue("Retry-After").orElse("");
                    }));
        }

        assertThat(refused.await(20, SECONDS)).isTrue();
        release.countDown();
        List<String> statuses = new ArrayList<>();
        for (CompletableFuture<String> answer : answers) {
            statuses.add(answer.get(20, SECONDS));
        }
        assertThat(statuses).filteredOn("200"::equals).hasSize(50);
        assertThat(statuses).filteredOn("5035"::equals).hasSize(10);
        assertThat(server.get("/me", tokens.access("alice"))).isEqualTo("200 me");
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theCheckerWouldTell() throws Exception {
        start(tokens.settings().userLoader(nonBlocking(claims -> {
            SlowStore.pause();
            return Optional.of("a broken promise");
        })));

        for (int i = 0; i < 100 && blocked.paused() == 0; i++) { // the checker looks now and then
            assertThat(server.get("/thread", tokens.access("alice"))).startsWith("200");
        }
        assertThat(blocked.paused()).isPositive();
    }

    /** Nothing else here could block: the loop goes on while an issuer takes its time over its keys. */
    @Test
    void keysOfAnotherIssuerAreAwaitedOnThePool() throws Exception {
        Vertx elsewhere = Vertx.vertx();
        CountDownLatch asked = new CountDownLatch(1);
        Promise<String> jwks = Promise.promise();
        int port = elsewhere
                .createHttpServer()
                .requestHandler(request -> {
                    asked.countDown();
                    jwks.future().onSuccess(request.response()::end);
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, SECONDS)
                .actualPort();
        String name = "http://127.0.0.1:" + port;
        Latchkey theirs = Latchkey.builder()
                .issuer(name)
                .audience("notes")
                .key(JwtKey.generate("EdDSA"))
                .stateless()
                .build();
        start(tokens.settings()
                .stateless()
                .trust(Issuer.of(name)
                        .keys(KeySet.remote(URI.create(name + "/jwks.json")))
                        .audience("notes")
                        .accessTokenClaim("type", "access")));

        CompletableFuture<String> waiting = server.client
                .sendAsync(
                        server.request("/subject")
                                .header("Authorization", "Bearer " + theirs.accessToken("alice"))
                                .build(),
                        BodyHandlers.ofString())
                .thenApply(response -> response.statusCode() + " " + response.body());
        assertThat(asked.await(10, SECONDS)).isTrue();
        assertThat(server.get("/open", tokens.access("bob"))).isEqualTo("200 open");
        assertThat(waiting).isNotDone();
        jwks.complete(theirs.serve(AuthRequest.of(
                        "GET", "/auth/jwks.json", null, header -> List.of(), "127.0.0.1", limit -> new byte[0]))
                .body());
        assertThat(waiting.get(10, SECONDS)).isEqualTo("200 alice");
        assertThat(blocked.paused()).isZero();
        elsewhere.close();
    }
}
