package dev.latchkey.vertx;

import static dev.latchkey.vertx.LatchkeyHandler.open;
import static dev.latchkey.vertx.LatchkeyHandler.token;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WebSockets and streams of events, in real time. */
class LongLivedTest {

    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .userLoader(claims -> Optional.of(claims.subject()))
            .build();
    private final String alice = auth.accessToken("alice");
    private final String brief = auth.accessToken("alice", Grant.create().lifetime(Duration.ofSeconds(2)));
    private final Server server = Server.protect(auth, this::routes);

    private void routes(LatchkeyHandler latchkey, Router router) {
        router.get("/live")
                .handler(rc -> rc.request().toWebSocket().onSuccess(socket -> {
                    CompletableFuture<Void> end = auth.ended(token(rc));
                    Future.fromCompletionStage(end).onSuccess(ended -> socket.close((short) 1008, "token expired"));
                    socket.closeHandler(closed -> end.cancel(false));
                    socket.writeTextMessage(
                            token(rc).subject() + " " + rc.request().getHeader("Sec-WebSocket-Protocol"));
                }));
        router.get("/open").handler(open()).handler(rc -> rc.request().toWebSocket());
        router.get("/events").handler(rc -> events(rc));
    }

    private void events(RoutingContext rc) {
        rc.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .write("data: hello\n\n");
        CompletableFuture<Void> end = auth.ended(token(rc));
        Future.fromCompletionStage(end).onSuccess(ended -> rc.response().end());
        rc.addEndHandler(done -> end.cancel(false));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** What a WebSocket told, and when and how it ended. */
    private static final class Client implements WebSocket.Listener {

        final CompletableFuture<String> text = new CompletableFuture<>();
        final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status + " " + reason);
            return null;
        }
    }

    private WebSocket connect(String path, Client client, String header, String protocol, String... more) {
        WebSocket.Builder builder = server.client.newWebSocketBuilder();
        if (header != null) {
            builder.header("Authorization", "Bearer " + header);
        }
        if (protocol != null) {
            builder.subprotocols(protocol, more);
        }
        return builder.buildAsync(server.uri("ws", path), client)
                .orTimeout(10, SECONDS)
                .join();
    }

    private int refused(String path, String header, String protocol, String... more) {
        try {
            connect(path, new Client(), header, protocol, more).abort();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void handshakeIsCheckedByHeaderOrSubProtocol() throws Exception {
        Client client = new Client();
        connect("/live", client, alice, null);
        assertThat(client.text.get(10, SECONDS)).isEqualTo("alice null");

        assertThat(refused("/live", null, null)).isEqualTo(401);
        assertThat(refused("/live", null, "live")).isEqualTo(401);
        assertThat(refused("/live", "garbage", null)).isEqualTo(401);
        assertThat(refused("/live", null, "live", "bearer.garbage")).isEqualTo(401);
        assertThat(refused("/live", alice, "bearer." + alice)).isEqualTo(401);
    }

    @Test
    void tokenIsNeverTheProtocolThatTheServerSelects() throws Exception {
        for (String[] offer : new String[][] {{"bearer." + alice, "live"}, {"live", "bearer." + alice}}) {
            Client client = new Client();
            WebSocket socket = connect("/live", client, null, offer[0], offer[1]);
            assertThat(socket.getSubprotocol()).isEqualTo("live");
            assertThat(client.text.get(10, SECONDS)).isEqualTo("alice live");
        }
        assertThat(connect("/open", new Client(), null, "bearer." + alice, "live")
                        .getSubprotocol())
                .isEqualTo("live");
        assertThat(connect("/live", new Client(), null, "bearer." + alice).getSubprotocol())
                .isEmpty();
    }

    @Test
    void webSocketEndsWithItsToken() throws Exception {
        Client client = new Client();
        connect("/live", client, brief, null);

        assertThat(client.closed.get(20, SECONDS)).isEqualTo("1008 token expired");
        assertEndedInTime();
    }

    @Test
    void streamOfEventsEndsWithItsToken() throws Exception {
        var response = server.client.send(
                server.request("/events")
                        .header("Authorization", "Bearer " + brief)
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("data: hello\n\n");
        assertEndedInTime();
        assertThat(server.get("/events")).startsWith("401");
    }

    private void assertEndedInTime() {
        Instant expiry = auth.verify(brief).expiresAt(); // within the leeway
        assertThat(Instant.now()).isBetween(expiry, expiry.plusSeconds(1));
    }
}
