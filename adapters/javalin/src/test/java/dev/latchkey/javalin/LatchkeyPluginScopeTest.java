package dev.latchkey.javalin;

import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.security.RouteRole;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the plugin covers: everything. */
class LatchkeyPluginScopeTest {

    private enum Role implements RouteRole {
        STAFF
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final Latchkey auth =
            Latchkey.builder().issuer("notes").key(JwtKey.generate()).build();
    private final Latchkey partners = Latchkey.builder()
            .issuer("partners")
            .key(JwtKey.generate())
            .endpoints("/partners/auth")
            .build();
    private Javalin app = Javalin.create();

    @AfterEach
    void stop() {
        app.stop();
    }

    private void start(Consumer<JavalinConfig> config) {
        app = Javalin.create(config).start("127.0.0.1", 0);
    }

    @Test
    void coversStaticFilesUnlessTheirFolderIsOpen() throws Exception {
        start(c -> {
            c.registerPlugin(new LatchkeyPlugin(auth));
            c.staticFiles.add(files -> {
                files.directory = "/public";
                files.hostedPath = "/public";
                files.roles = Set.of(open());
            });
            c.staticFiles.add(files -> {
                files.directory = "/private";
                files.hostedPath = "/private";
            });
        });

        assertThat(get("/public/page.txt", null)).isEqualTo("200 a page\n");
        assertThat(get("/private/members.txt", null)).startsWith("401");
        assertThat(send("HEAD", "/private/members.txt", null).statusCode()).isEqualTo(401);
        assertThat(get("/private/members.txt", auth.accessToken("alice"))).isEqualTo("200 for members\n");
        assertThat(get("/private/nothing.txt", null)).startsWith("404");
    }

    @Test
    void coversASinglePageRoot() throws Exception {
        start(c -> {
            c.registerPlugin(new LatchkeyPlugin(auth));
            c.spaRoot.addHandler("/", ctx -> ctx.result("page"));
        });

        assertThat(get("/anything", null)).startsWith("401");
        assertThat(get("/anything", auth.accessToken("alice"))).isEqualTo("200 page");
    }

    @Test
    void keepsTwoLatchkeysApart() throws Exception {
        start(c -> {
            c.registerPlugin(new LatchkeyPlugin(auth).part("/partners", partners));
            c.routes.get("/me", ctx -> ctx.result(token(ctx).subject()));
            c.routes.get("/partners/me", ctx -> ctx.result(token(ctx).subject()));
            c.routes.get("/partnership", ctx -> ctx.result(token(ctx).subject()));
        });

        assertThat(get("/me", auth.accessToken("alice"))).isEqualTo("200 alice");
        assertThat(get("/partnership", auth.accessToken("alice"))).isEqualTo("200 alice");
        assertThat(get("/partners/me", partners.accessToken("acme"))).isEqualTo("200 acme");
        assertThat(get("/partners/me", auth.accessToken("alice"))).startsWith("401");
        assertThat(get("/me", partners.accessToken("acme"))).startsWith("401");
        assertThat(send("POST", "/auth/logout", null).statusCode()).isEqualTo(204);
        assertThat(send("POST", "/partners/auth/logout", null).statusCode()).isEqualTo(204);
    }

    @Test
    void coversWebSocketHandshakes() throws Exception {
        start(c -> {
            c.registerPlugin(new LatchkeyPlugin(auth));
            c.routes.ws(
                    "/ws",
                    ws -> ws.onConnect(socket -> socket.send(token(socket).subject())));
            c.routes.ws("/open", ws -> ws.onConnect(socket -> socket.send("hello")), open());
        });

        assertThat(firstMessage("/ws", auth.accessToken("alice"))).isEqualTo("alice");
        assertThat(firstMessage("/open", null)).isEqualTo("hello");
        assertThatThrownBy(() -> firstMessage("/ws", null))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
    }

    @Test
    void groupsAndPartsCoverWebSockets() throws Exception {
        start(c -> {
            c.registerPlugin(
                    new LatchkeyPlugin(auth).group("/admin", Access.fresh()).part("/partners", partners));
            for (String path : List.of("/admin/{page}", "/partners/ws")) {
                c.routes.ws(
                        path,
                        ws -> ws.onConnect(socket -> socket.send(token(socket).subject())));
            }
        });

        assertThat(firstMessage("/admin/x", auth.issue("alice").accessToken())).isEqualTo("alice");
        assertThat(firstMessage("/partners/ws", partners.accessToken("acme"))).isEqualTo("acme");
        assertThatThrownBy(() -> firstMessage("/admin/x", auth.accessToken("alice")))
                .isInstanceOf(CompletionException.class);
        assertThatThrownBy(() -> firstMessage("/partners/ws", auth.accessToken("alice")))
                .isInstanceOf(CompletionException.class);
    }

    @Test
    void letsABrowsersPreflightPassAndKeepsCorsHeadersOnRefusals() throws Exception {
        start(c -> {
            c.bundledPlugins.enableCors(cors -> cors.addRule(rule -> rule.allowHost("https://app.example")));
            c.registerPlugin(new LatchkeyPlugin(auth));
            c.routes.get("/me", ctx -> ctx.result("me"));
            c.routes.options("/own", ctx -> ctx.result("own options"));
        });

        HttpResponse<String> preflight =
                send("OPTIONS", "/me", null, "Origin", "https://app.example", "Access-Control-Request-Method", "GET");
        assertThat(preflight.statusCode()).isEqualTo(200);
        HttpResponse<String> refused = send("GET", "/me", null, "Origin", "https://app.example");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://app.example");
        assertThat(send("OPTIONS", "/own", null).statusCode()).isEqualTo(401);
    }

    @Test
    void worksBesideTheApplicationsOwnRolesAndContextPath() throws Exception {
        start(c -> {
            c.router.contextPath = "/app";
            c.registerPlugin(new LatchkeyPlugin(auth));
            c.routes.get("/staff", ctx -> ctx.result("staff"), Role.STAFF);
            c.routes.get("/open", ctx -> ctx.result("open"), Role.STAFF, open());
        });

        assertThat(get("/app/staff", null)).startsWith("401");
        assertThat(get("/app/staff", auth.accessToken("alice"))).isEqualTo("200 staff");
        assertThat(get("/app/open", null)).isEqualTo("200 open");
        assertThat(send("HEAD", "/app/open", null).statusCode()).isEqualTo(200);
        assertThat(send("POST", "/app/auth/logout", null).statusCode()).isEqualTo(204);
    }

    @Test
    void answersARefusalThatAHandlerLetsThrough() throws Exception {
        start(c -> {
            c.registerPlugin(new LatchkeyPlugin(auth));
            c.routes.get("/graphql", ctx -> ctx.result(auth.verify("garbage").subject()), open());
            c.routes.exception(Exception.class, (e, ctx) -> ctx.status(500).result("never"));
        });

        assertThat(get("/graphql", null))
                .isEqualTo("401 {\"msg\":\"Not enough segments\",\"code\":\"token_malformed\"}");
    }

    @Test
    void doesNotStartWithAContradiction() {
        assertThatThrownBy(() -> start(c -> {
                    c.registerPlugin(new LatchkeyPlugin(auth));
                    c.routes.get("/x", ctx -> ctx.result("x"), open(), require(Access.fresh()));
                }))
                .hasStackTraceContaining("route /x demands");
        assertThatThrownBy(() -> new LatchkeyPlugin(auth).group("/admin/*", Access.fresh()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/admin covers /admin and everything below it");
    }

    private String get(String path, String token) throws IOException, InterruptedException {
        HttpResponse<String> response = send("GET", path, token);
        return response.statusCode() + " " + response.body();
    }

    private HttpResponse<String> send(String method, String path, String token, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String firstMessage(String path, String token) throws Exception {
        CompletableFuture<String> message = new CompletableFuture<>();
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        WebSocket socket = builder.buildAsync(
                        URI.create("ws://127.0.0.1:" + app.port() + path), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                                message.complete(data.toString());
                                return CompletableFuture.completedFuture(null);
                            }
                        })
                .join();
        try {
            return message.get(10, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }
}
