package dev.latchkey.vertx;

import static dev.latchkey.LatchkeyBuilder.nonBlocking;
import static dev.latchkey.vertx.LatchkeyHandler.open;

import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Prints what protection costs; not a test. Server and client share the machine, so only ratios mean anything. */
public final class Throughput {

    private static final Duration WARM = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(6);
    private static final int OPEN_CLIENTS = 32;
    private static final int SLOW_CLIENTS = 64;

    private final Vertx server = Vertx.vertx();
    private final Vertx clients = Vertx.vertx();
    private final HttpClientAgent http =
            clients.createHttpClient(new PoolOptions().setHttp1MaxSize(OPEN_CLIENTS + SLOW_CLIENTS));
    private final JwtKey key = JwtKey.generate();

    public static void main(String[] args) {
        new Throughput().run();
    }

    private LatchkeyBuilder settings() {
        return Latchkey.builder().issuer("bench").key(key);
    }

    private void run() {
        int quick = listen(settings()
                .userLoader(nonBlocking(claims -> Optional.of(claims.subject())))
                .build());
        Latchkey loading = settings()
                .userLoader(claims -> {
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                    return Optional.of(claims.subject());
                })
                .build();
        int slow = listen(loading);
        String token = loading.accessToken("alice");

        Load bare = new Load(quick, "/bare", token, OPEN_CLIENTS);
        Load open = new Load(slow, "/open", token, OPEN_CLIENTS);
        Load protectedQuick = new Load(quick, "/me", token, OPEN_CLIENTS);
        Load protectedSlow = new Load(slow, "/me", token, SLOW_CLIENTS);
        report("warming up", bare);
        report("no protection, alone", bare);
        report("open route, alone", open);
        report("open route beside protected load (20 ms)", open, protectedSlow);
        report("protected, nothing blocks", protectedQuick);
        report("protected, user loader of 20 ms, 20 threads", protectedSlow);
        Server.await(server.close());
        Server.await(clients.close());
    }

    private int listen(Latchkey auth) {
        Router plain = Router.router(server);
        plain.get("/bare").handler(rc -> rc.end("ok"));
        Router router = LatchkeyHandler.create(server, auth).protect(plain);
        router.get("/open").handler(open()).handler(rc -> rc.end("ok"));
        router.get("/me").handler(rc -> rc.end("ok"));
        return Server.await(server.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static void report(String what, Load... loads) {
        List<Load.Run> runs = new ArrayList<>();
        for (Load load : loads) {
            runs.add(load.start());
        }
        LockSupport.parkNanos(WARM.toNanos());
        runs.forEach(run -> run.answered.reset());
        Instant from = Instant.now();
        LockSupport.parkNanos(MEASURED.toNanos());
        double seconds = Duration.between(from, Instant.now()).toMillis() / 1000.0;
        StringBuilder line = new StringBuilder(what);
        runs.forEach(run -> line.append(": ").append(Math.round(run.answered.sum() / seconds)));
        System.out.println(line.append(" answers/s"));
        runs.forEach(run -> Server.await(run.stop()));
    }

    /** Clients that ask again as soon as they are answered. */
    private final class Load {

        private final int port;
        private final String path;
        private final String token;
        private final int size;

        Load(int port, String path, String token, int size) {
            this.port = port;
            this.path = path;
            this.token = token;
            this.size = size;
        }

        Run start() {
            Run run = new Run();
            for (int i = 0; i < size; i++) {
                Promise<Void> finished = Promise.promise();
                run.finished.add(finished.future());
                again(run, finished);
            }
            return run;
        }

        private void again(Run run, Promise<Void> finished) {
            if (run.stopped) {
                finished.complete();
                return;
            }
            http.request(HttpMethod.GET, port, "127.0.0.1", path)
                    .compose(request -> request.putHeader("Authorization", "Bearer " + token)
                            .send())
                    .compose(response -> response.statusCode() == 200
                            ? response.end()
                            : Future.failedFuture(path + " answered " + response.statusCode()))
                    .onFailure(finished::fail)
                    .onSuccess(done -> {
                        run.answered.increment();
                        again(run, finished);
                    });
        }

        private static final class Run {
            private final LongAdder answered = new LongAdder();
            private final List<Future<Void>> finished = new ArrayList<>();
            private volatile boolean stopped;

            Future<?> stop() {
                stopped = true;
                return Future.all(finished);
            }
        }
    }
}
