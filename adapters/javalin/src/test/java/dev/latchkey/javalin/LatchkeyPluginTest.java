package dev.latchkey.javalin;

import static dev.latchkey.javalin.LatchkeyPlugin.findToken;
import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.Login;
import io.javalin.Javalin;
import io.javalin.plugin.PluginAlreadyRegisteredException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatchkeyPluginTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .login(Login.of(
                    name -> name.equals("alice") ? Optional.of(name) : Optional.empty(),
                    name -> "hash of secret",
                    (password, hash) -> hash.equals("hash of " + password),
                    "hash of nothing"))
            .build();
    private final Javalin app = Javalin.create(c -> {
                c.registerPlugin(new LatchkeyPlugin(auth).group("/admin", Access.fresh()));
                c.routes.get("/health", ctx -> ctx.result("ok"), open());
                c.routes.get("/me", ctx -> ctx.result(token(ctx).subject()));
                c.routes.get(
                        "/hello",
                        ctx -> ctx.result(findToken(ctx).map(t -> t.subject()).orElse("stranger")),
                        require(Access.optional()));
                c.routes.post("/password", ctx -> ctx.result("changed"), require(Access.fresh()));
                c.routes.get("/admin/{page}", ctx -> ctx.result("admin"));
                c.routes.ws(
                        "/live",
                        ws -> ws.onMessage(ctx ->
                                ctx.send(findToken(ctx).map(t -> t.subject()).orElse("stranger"))),
                        require(Access.optional()));
                c.routes.get("/step-up", ctx -> {
                    LatchkeyPlugin.check(ctx, Access.fresh());
                    ctx.result("stepped up");
                });
            })
            .start("127.0.0.1", 0);

    @AfterEach
    void stop() {
        app.stop();
    }

    @Test
    void deniesByDefault() throws Exception {
        HttpResponse<String> response = get("/me", null);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"msg\":\"Missing Authorization Header\",\"code\":\"token_missing\"}");
        assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @Test
    void opensWhatIsMarkedOpen() throws Exception {
        assertThat(get("/health", null).body()).isEqualTo("ok");
        assertThat(get("/health", "garbage").body()).isEqualTo("ok");
    }

    @Test
    void answersHeadAsItAnswersGet() throws Exception {
        assertThat(send("HEAD", "/health", null, null).statusCode()).isEqualTo(200);
        assertThat(send("HEAD", "/me", null, null).statusCode()).isEqualTo(401);
        assertThat(send("HEAD", "/me", auth.accessToken("alice"), null).statusCode())
                .isEqualTo(200);
    }

    @Test
    void givesTheTokenToTheHandler() throws Exception {
        assertThat(get("/me", auth.accessToken("alice")).body()).isEqualTo("alice");
        assertThat(get("/hello", auth.accessToken("alice")).body()).isEqualTo("alice");
        assertThat(get("/hello", null).body()).isEqualTo("stranger");
        assertThat(get("/hello", "garbage").statusCode()).isEqualTo(401);
    }

    @Test
    void demandsFreshnessOfRouteGroupAndCall() throws Exception {
        String stale = auth.accessToken("alice");
        String fresh = auth.issue("alice").accessToken();

        assertThat(send("POST", "/password", stale, null).body()).contains("fresh_token_required");
        assertThat(get("/admin/x", stale).body()).contains("fresh_token_required");
        assertThat(get("/step-up", stale).body()).contains("fresh_token_required");
        assertThat(send("POST", "/password", fresh, null).body()).isEqualTo("changed");
        assertThat(get("/admin/x", fresh).body()).isEqualTo("admin");
        assertThat(get("/step-up", fresh).body()).isEqualTo("stepped up");
    }

    @Test
    void servesLoginRefreshAndLogout() throws Exception {
        HttpResponse<String> login =
                send("POST", "/auth/login", null, "{\"username\":\"alice\",\"password\":\"secret\"}");
        assertThat(login.statusCode()).isEqualTo(200);
        String access = member(login.body(), "access_token");
        assertThat(get("/me", access).body()).isEqualTo("alice");

        HttpResponse<String> refreshed = send("POST", "/auth/refresh", member(login.body(), "refresh_token"), null);
        assertThat(get("/me", member(refreshed.body(), "access_token")).body()).isEqualTo("alice");

        assertThat(send("POST", "/auth/logout", access, null).statusCode()).isEqualTo(204);
        assertThat(get("/me", access).body()).contains("token_revoked");
        assertThat(get("/auth/login", null).statusCode()).isEqualTo(405);
    }

    @Test
    void groupOfThePluginsOwnPathReplacesItsDemand() throws Exception {
        Javalin strict = Javalin.create(c -> {
                    c.registerPlugin(new LatchkeyPlugin(auth).group("/", Access.fresh()));
                    c.routes.get("/me", ctx -> ctx.result(token(ctx).subject()));
                })
                .start("127.0.0.1", 0);
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + strict.port() + "/me"))
                    .header("Authorization", "Bearer " + auth.accessToken("alice"))
                    .build();

            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("fresh_token_required");
        } finally {
            strict.stop();
        }
    }

    @Test
    void twoLatchkeysCannotDecideAboutOnePath() {
        LatchkeyPlugin plugin = new LatchkeyPlugin(auth).part("/partners", auth);

        assertThatThrownBy(() -> plugin.part("/partners", auth))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/partners");
        assertThatThrownBy(() -> Javalin.create(c -> {
                    c.registerPlugin(plugin);
                    c.registerPlugin(new LatchkeyPlugin(auth));
                }))
                .isInstanceOf(PluginAlreadyRegisteredException.class);
    }

    @Test
    void givesTheTokenOfTheHandshakeToTheWebSocket() throws Exception {
        assertThat(echo(auth.accessToken("alice"))).isEqualTo("alice");
        assertThat(echo(null)).isEqualTo("stranger");
    }

    private String echo(String token) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        WebSocket socket = builder.buildAsync(
                        URI.create("ws://127.0.0.1:" + app.port() + "/live"), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                                answer.complete(data.toString());
                                return CompletableFuture.completedFuture(null);
                            }
                        })
                .join();
        socket.sendText("who am I?", true).join();
        String text = answer.get(30, TimeUnit.SECONDS);
        socket.abort();
        return text;
    }

    private static String member(String json, String name) {
        return json.replaceAll(".*\"" + name + "\":\"([^\"]+)\".*", "$1");
    }

    private HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return send("GET", path, token, null);
    }

    private HttpResponse<String> send(String method, String path, String token, String json)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + path))
                .method(
                        method,
                        json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
