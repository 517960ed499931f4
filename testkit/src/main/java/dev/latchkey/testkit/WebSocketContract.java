package dev.latchkey.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import dev.latchkey.Latchkey;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * What WebSockets must do, in real time: for adapters of frameworks that have them.
 *
 * <p>The application serves three of them, each of which may select the sub-protocol {@code live}: {@code /live}, of
 * which nothing is said, {@code /live/optional} and {@code /live/open}. When they open they send {@code welcome, } and
 * the token's subject, or {@code nobody}; so they answer every message. {@code /live} is closed with status 1008 when
 * {@code Latchkey.ended(token)} completes. A fourth, {@code /group/live}, lies where everything demands a fresh login.
 */
public abstract class WebSocketContract extends StreamBase {

    private static final List<String> HANDSHAKE = List.of(
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

    /** Starts the application on a free port of the loopback interface. */
    protected abstract AdapterContract.App start(Latchkey auth);

    private RawHttp run() {
        return talk(start(auth), auth);
    }

    private static RawHttp.Reply handshake(RawHttp http, String path, String... headers) {
        List<String> lines = new ArrayList<>(HANDSHAKE);
        lines.addAll(List.of(headers));
        return http.upgrade(path, lines);
    }

    private static String offer(String... protocols) {
        return "Sec-WebSocket-Protocol: " + String.join(", ", protocols);
    }

    /** The handshake came to a socket that selected this protocol, or none if it is empty. */
    private static void assertOpened(RawHttp.Reply reply, String protocol) {
        assertThat(reply.status() + " " + reply.header("Sec-WebSocket-Protocol"))
                .isEqualTo("101 " + protocol);
    }

    /** What a socket told, and how it ended. */
    private static final class Client implements WebSocket.Listener {

        final CompletableFuture<String> first = new CompletableFuture<>();
        final CompletableFuture<String> second = new CompletableFuture<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            if (!first.complete(text.toString())) {
                second.complete(text.toString());
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return CompletableFuture.completedFuture(null);
        }
    }

    private static WebSocket connect(RawHttp http, String path, Client client, String... headers) {
        WebSocket.Builder builder = TransportClauses.client().newWebSocketBuilder();
        for (String line : headers) {
            builder.header(line.split(": ")[0], line.split(": ")[1]);
        }
        URI uri = http.uri(path);
        return builder.buildAsync(URI.create("ws://" + uri.getAuthority() + path), client)
                .orTimeout(10, SECONDS)
                .join();
    }

    private static void assertTells(RawHttp http, String path, String text, String... headers) throws Exception {
        Client client = new Client();
        WebSocket socket = connect(http, path, client, headers);
        assertThat(client.first.get(10, SECONDS)).isEqualTo(text);
        socket.sendText("who am I?", true).get(10, SECONDS);
        assertThat(client.second.get(10, SECONDS)).isEqualTo(text);
        socket.abort();
    }

    @Test
    void handshakeIsCheckedLikeAnyRequest() {
        RawHttp http = run();

        RawHttp.Reply missing = handshake(http, "/live");
        assertRefused(missing, AuthError.TOKEN_MISSING);
        assertThat(missing.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(missing.header("Content-Type")).isEqualTo("application/json");
        assertRefused(handshake(http, "/live", bearer("garbage")), AuthError.TOKEN_MALFORMED);
        assertRefused(handshake(http, "/live/optional", bearer("garbage")), AuthError.TOKEN_MALFORMED);
        assertOpened(handshake(http, "/live", bearer(alice)), "");
        assertOpened(handshake(http, "/live/optional"), "");
        assertOpened(handshake(http, "/live/open", bearer("garbage")), "");
    }

    @Test
    void groupDemandsMoreOfItsSockets() {
        RawHttp http = run();

        assertRefused(handshake(http, "/group/live", bearer(alice)), AuthError.FRESH_TOKEN_REQUIRED);
        assertOpened(handshake(http, "/group/live", bearer(auth.issue("alice").accessToken())), "");
    }

    @Test
    void handshakeByCookieIsForOwnPages() {
        RawHttp http = run();
        Browser alice = Browser.of(auth);

        assertRefused(handshake(http, "/live", alice.cookie()), AuthError.CSRF_MISSING);
        for (String foreign : List.of("Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site")) {
            assertRefused(handshake(http, "/live", alice.cookie(), alice.value(), foreign), AuthError.ORIGIN_REJECTED);
            assertRefused(handshake(http, "/live/optional", alice.cookie(), foreign), AuthError.ORIGIN_REJECTED);
        }
        String own = "Origin: " + http.uri("/").toString().replaceAll("/$", "");
        assertOpened(handshake(http, "/live", alice.cookie(), own), "");
        assertOpened(handshake(http, "/live", alice.cookie(), "Sec-Fetch-Site: same-origin"), "");
        assertOpened(handshake(http, "/live", alice.cookie(), alice.value()), "");
        assertOpened(handshake(http, "/live", bearer(alice.access()), "Origin: https://evil.example"), "");
    }

    @Test
    void browserOffersItsTokenAsASubProtocol() {
        RawHttp http = run();

        assertOpened(handshake(http, "/live", offer("bearer." + alice, "live")), "live");
        assertOpened(handshake(http, "/live/optional", offer("live", "bearer." + alice)), "live");
        assertRefused(handshake(http, "/live", offer("live")), AuthError.TOKEN_MISSING);
        assertRefused(handshake(http, "/live", offer("bearer.garbage", "live")), AuthError.TOKEN_MALFORMED);
        assertRefused(handshake(http, "/live", offer("bearer." + alice), bearer(alice)), AuthError.TOKEN_AMBIGUOUS);
    }

    @Test
    void tokenIsNeverTheSubProtocolThatIsSelected() {
        RawHttp http = run();

        for (String path : List.of("/live", "/live/optional", "/live/open")) {
            assertOpened(handshake(http, path, offer("bearer." + alice)), "");
            assertOpened(handshake(http, path, offer("bearer." + alice), offer("live")), "live");
        }
    }

    @Test
    void socketKnowsItsToken() throws Exception {
        RawHttp http = run();

        assertTells(http, "/live", "welcome, alice", bearer(alice));
        assertTells(http, "/live/optional", "welcome, alice", bearer(alice));
        assertTells(http, "/live/optional", "welcome, nobody");
        assertTells(http, "/live/open", "welcome, nobody", bearer(alice));
    }

    @Test
    void socketEndsWithItsToken() throws Exception {
        RawHttp http = run();
        Client client = new Client();
        String brief = brief();
        connect(http, "/live", client, bearer(brief));

        int status = client.closed.get(10, SECONDS);

        assertEndedInTime(brief);
        assertThat(status).isEqualTo(1008);
    }

    @Test
    void socketEndsWithItsSession() throws Exception {
        RawHttp http = run();
        Client client = new Client();
        String access = auth.issue("alice").accessToken();
        connect(http, "/live", client, bearer(access));
        assertThat(client.first.get(10, SECONDS)).isEqualTo("welcome, alice");

        otherNode.logout(access);
        Instant logout = Instant.now();

        assertThat(client.closed.get(10, SECONDS)).isEqualTo(1008);
        assertEndedSoon(logout);
    }
}
