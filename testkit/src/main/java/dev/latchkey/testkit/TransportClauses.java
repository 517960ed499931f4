package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** HTTP's odd corners: methods, CORS, connections, threads, bodies and paths. */
abstract class TransportClauses extends EndpointClauses {

    @Test
    void preflightPassesAndAnyOtherOptionsDoesNot() {
        RawHttp http = run();
        List<String> preflight = List.of("Origin: " + AdapterContract.ORIGIN, "Access-Control-Request-Method: GET");

        RawHttp.Reply reply = http.send("OPTIONS", "/required", preflight, "");
        assertThat(reply.status()).isBetween(200, 299);
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(AdapterContract.ORIGIN);
        Route.HANDLED.set(0);
        assertRefused(http.send("OPTIONS", "/default", List.of(), ""), AuthError.TOKEN_MISSING);
        assertRefused(http.send("OPTIONS", "/default", preflight.subList(0, 1), ""), AuthError.TOKEN_MISSING);
    }

    @Test
    void corsHeadersSurviveARefusal() {
        RawHttp http = run();

        RawHttp.Reply reply = http.get("/required", "Origin: " + AdapterContract.ORIGIN);

        assertRefused(reply, AuthError.TOKEN_MISSING);
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(AdapterContract.ORIGIN);
    }

    @Test
    void headIsCheckedLikeGet() {
        RawHttp http = run();

        RawHttp.Reply refused = http.send("HEAD", "/required", List.of(), "");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).isEmpty();
        assertThat(http.send("HEAD", "/required", List.of(bearer(tokens.access("alice"))), "")
                        .status())
                .isEqualTo(200);
        assertThat(http.send("HEAD", "/open", List.of(), "").status()).isEqualTo(200);
    }

    @Test
    void bodyIsLeftToTheHandler() {
        RawHttp http = run();
        String token = tokens.access("alice");
        String body = "{\"access_token\":\"" + token + "\",\"note\":\"é\"}";

        assertAnswered(http.post("/required", "a note é", bearer(token)), "alice a note é");
        assertAnswered(http.post("/json", body, JSON), "alice " + body);
        assertAnswered(http.post("/json", "x", bearer(token)), "alice x");
    }

    @Test
    void largeBodyWaitsForTheCheckAndReachesTheHandlerWhole() {
        RawHttp http = run(settings().userLoader(claims -> Optional.of(claims.subject())));
        String token = bearer(tokens.access("alice"));
        String large = "x".repeat(300_000);

        assertAnswered(http.post("/required", large, token), "alice " + large);
        assertAnswered(http.post("/json", large, token, JSON), "alice " + large);
        Route.HANDLED.set(0);
        assertRefused(http.post("/json", "x".repeat(100_000), JSON), AuthError.BODY_TOO_LARGE);
    }

    @Test
    void endpointAnswersAClientThatWaitsToBeToldToContinue() throws Exception {
        RawHttp http = run();
        HttpRequest request = HttpRequest.newBuilder(http.uri("/auth/login"))
                .expectContinue(true)
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(LOGIN))
                .build();

        assertThat(client().send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @Test
    void twoDifferentTokensAreRefusedWhereverTheyStand() {
        RawHttp http = run();
        String body = "{\"access_token\":\"" + tokens.access("alice") + "\"}";

        assertRefused(http.post("/json", body, JSON, bearer(tokens.access("bob"))), AuthError.TOKEN_AMBIGUOUS);
    }

    @Test
    void connectionCarriesNoIdentityFromOneRequestToTheNext() throws Exception {
        AdapterContract.App app = start(settings().build());
        try (app) {
            HttpClient client = client();
            URI uri = app.uri().resolve("/optional");
            for (int i = 0; i < 20; i++) {
                HttpRequest.Builder request = HttpRequest.newBuilder(uri);
                if (i % 2 == 0) {
                    request.header("Authorization", "Bearer " + tokens.access("user" + i));
                }
                String seen = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                        .body();
                assertThat(seen).isEqualTo(i % 2 == 0 ? "user" + i : "anonymous");
            }
        }
    }

    @Test
    void requestsOfManyUsersAtOnceStayApart() throws Exception {
        RawHttp http = run(settings().userLoader(claims -> Optional.of("user of " + claims.subject())));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<RawHttp.Reply>> replies = new ArrayList<>();
            for (int i = 0; i < 160; i++) {
                String token = tokens.access("user" + i);
                replies.add(threads.submit(() -> http.get("/user", bearer(token))));
            }
            for (int i = 0; i < replies.size(); i++) {
                assertAnswered(replies.get(i).get(30, TimeUnit.SECONDS), "user of user" + i);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void hangingUserLoaderHoldsUpNobodyElse() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        RawHttp http = run(settings().userLoader(claims -> {
            reached.countDown();
            try {
                release.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.of("user");
        }));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<RawHttp.Reply> slow = thread.submit(() -> http.get("/user", bearer(tokens.access("alice"))));
            assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 8; i++) {
                assertAnswered(http.get("/open"), "open");
            }
            assertThat(slow.isDone()).isFalse();
            release.countDown();
            assertAnswered(slow.get(30, TimeUnit.SECONDS), "user");
        } finally {
            release.countDown();
            thread.shutdownNow();
        }
    }

    @Test
    void clientThatHangsUpHarmsNobody() {
        RawHttp http = run();
        for (int i = 0; i < 20; i++) {
            http.hangUp("POST", "/auth/login", List.of(JSON), 1000, i % 2 == 0);
            http.hangUp("POST", "/json", List.of(JSON), 1000, i % 2 == 0);
            http.hangUp("GET", "/required", List.of(bearer(tokens.access("alice"))), 0, i % 2 == 0);
        }

        assertAnswered(http.get("/required", bearer(tokens.access("alice"))), "alice");
        assertThat(http.post("/auth/login", LOGIN, JSON).status()).isEqualTo(200);
    }

    @Test
    void noSpellingOfAPathLeadsAroundTheCheck() {
        RawHttp http = run();

        for (String path : List.of(
                "/required",
                "/required/",
                "//required",
                "/./required",
                "/open/../required",
                "/open/%2e%2e/required",
                "/requ%69red",
                "/required;x=1",
                "/required%3Bx",
                "/REQUIRED",
                "/required?x",
                "/required%2F",
                "/%2Frequired",
                "/required%00",
                "/open/..;/required",
                "/group/../default",
                "/default/",
                "/d%65fault",
                "/group//page")) {
            RawHttp.Reply reply = http.get(path);
            assertThat(reply.status()).as(path).isBetween(300, 499);
            assertThat(Route.HANDLED.get()).as(path + ": handlers that ran").isZero();
        }
        for (String path : List.of(
                "/group/page", "/group/page/", "/group/./page", "/GROUP/page", "/gr%6Fup/page", "//group/page")) {
            RawHttp.Reply reply = http.get(path, bearer(tokens.access("alice")));
            assertThat(reply.status()).as(path).isBetween(300, 499);
            assertThat(Route.HANDLED.get()).as(path + ": handlers that ran").isZero();
        }
    }
}
