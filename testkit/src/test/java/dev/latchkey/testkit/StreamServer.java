package dev.latchkey.testkit;

import dev.latchkey.Access;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import dev.latchkey.testkit.AdapterContract.App;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** As much of a server as streams of events and WebSockets (RFC 6455) need, with an adapter that can be broken. */
class StreamServer {

    private static final Map<String, Access> ROUTES = Map.of(
            "/events", Access.required(),
            "/live", Access.required(),
            "/live/optional", Access.optional(),
            "/live/open", Access.open(),
            "/group/live", Access.fresh());

    final Latchkey auth;

    StreamServer(Latchkey auth) {
        this.auth = auth;
    }

    App start() {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            daemon(() -> {
                while (!server.isClosed()) {
                    Socket socket = server.accept();
                    daemon(() -> serve(socket));
                }
            });
            return App.of(URI.create("http://127.0.0.1:" + server.getLocalPort()), () -> {
                try {
                    server.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // The other side, or the clause, is done.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** What a broken adapter may do otherwise. */
    Access demand(String path) {
        return ROUTES.get(path);
    }

    AuthRequest seen(AuthRequest request) {
        return request;
    }

    AuthResponse refusal(AuthResponse response) {
        return response;
    }

    Optional<VerifiedToken> known(Optional<VerifiedToken> token) {
        return token;
    }

    List<String> selectable(AuthRequest request) {
        return request.subProtocols().stream().filter("live"::equals).toList();
    }

    CompletableFuture<Void> ended(VerifiedToken token) {
        return auth.ended(token);
    }

    private void serve(Socket socket) throws IOException {
        try (socket) {
            Request request = Request.read(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            Outcome outcome = auth.check(seen(request), demand(request.path()));
            if (outcome.response().isPresent()) {
                AuthResponse response = refusal(outcome.response().get());
                write(out, response.status(), response.headers(), response.body());
                return;
            }
            Optional<VerifiedToken> token = known(outcome.token());
            String greeting = "welcome, " + token.map(VerifiedToken::subject).orElse("nobody");
            if (request.path().equals("/events")) {
                out.write(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                out.write(("data: " + greeting + "\n\n").getBytes(StandardCharsets.UTF_8));
                ended(outcome.token().orElseThrow()).join();
            } else {
                shakeHands(request, out);
                out.write(frame(0x81, greeting.getBytes(StandardCharsets.UTF_8)));
                outcome.token()
                        .filter(life -> request.path().equals("/live"))
                        .ifPresent(life -> daemon(() -> {
                            ended(life).join();
                            out.write(frame(0x88, new byte[] {1008 >> 8, (byte) (1008 & 0xff)}));
                        }));
                while (readFrame(socket.getInputStream()) == 0x81) {
                    out.write(frame(0x81, greeting.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private void shakeHands(Request request, OutputStream out) throws IOException {
        try {
            byte[] key = (request.headers("Sec-WebSocket-Key").get(0) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                    .getBytes(StandardCharsets.UTF_8);
            String accept = Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(key));
            String selected = selectable(request).stream()
                    .findFirst()
                    .map(protocol -> "Sec-WebSocket-Protocol: " + protocol + "\r\n")
                    .orElse("");
            out.write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Accept: " + accept + "\r\n" + selected + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(OutputStream out, int status, Map<String, List<String>> headers, String body)
            throws IOException {
        String lines = headers.entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue().get(0) + "\r\n")
                .collect(Collectors.joining());
        out.write(("HTTP/1.1 " + status + " x\r\n" + lines + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] frame(int kind, byte[] text) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(kind);
        frame.write(text.length);
        frame.writeBytes(text);
        return frame.toByteArray();
    }

    /** The kind of a short frame, whose masked content is not looked at. */
    private static int readFrame(InputStream in) throws IOException {
        int kind = in.read();
        int length = in.read() & 0x7f;
        in.readNBytes(4 + length);
        return kind;
    }

    record Request(List<String> lines) implements AuthRequest {

        static Request read(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            return new Request(Arrays.asList(head.toString().split("\r\n")));
        }

        @Override
        public String method() {
            return lines.get(0).split(" ")[0];
        }

        @Override
        public String path() {
            return lines.get(0).split(" ")[1];
        }

        @Override
        public String query() {
            return "";
        }

        @Override
        public List<String> headers(String name) {
            return lines.stream()
                    .skip(1)
                    .map(line -> line.split(": ", 2))
                    .filter(header -> header[0].equalsIgnoreCase(name))
                    .map(header -> header[1])
                    .toList();
        }

        @Override
        public String remoteAddress() {
            return "127.0.0.1";
        }

        @Override
        public byte[] body(int limit) {
            return new byte[0];
        }
    }
}
