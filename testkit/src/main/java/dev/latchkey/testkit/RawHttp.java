package dev.latchkey.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** HTTP/1.1 by hand: sends exactly the bytes it is told, and shows exactly what came back. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 10_000;

    private final URI server;

    RawHttp(URI server) {
        this.server = server;
    }

    record Reply(int status, Map<String, List<String>> headers, String body) {

        String header(String name) {
            return String.join(" | ", headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
        }

        /** The lines that set cookies of these names, or of any without a name. */
        List<String> cookies(String... names) {
            return headers.getOrDefault("set-cookie", List.of()).stream()
                    .filter(line -> names.length == 0 || List.of(names).contains(line.split("=", 2)[0]))
                    .toList();
        }

        /** The value of the one cookie of this name that is set. */
        String cookie(String name) {
            return cookies(name).stream()
                    .map(line -> line.split("[=;]")[1])
                    .reduce((one, other) -> one + " and " + other)
                    .orElse("no cookie " + name);
        }
    }

    URI uri(String path) {
        return server.resolve(path);
    }

    Reply get(String target, String... headers) {
        return send("GET", target, List.of(headers), "");
    }

    Reply post(String target, String body, String... headers) {
        return send("POST", target, List.of(headers), body);
    }

    Reply send(String method, String target, List<String> headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try {
            return parse(exchange(head(method, target, headers, bytes.length), bytes, false));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target, e);
        }
    }

    /** Announces more of a body than it sends, and no more will come: the status, or 400 where the server just closes. */
    int cut(String target, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return status(head("POST", target, List.of(headers), bytes.length + 100), bytes, true);
    }

    /** The status of a GET that the server may not want to read, or 400 where it just closes. */
    int status(String target, String... headers) {
        return status(head("GET", target, List.of(headers), 0), new byte[0], false);
    }

    private int status(byte[] head, byte[] body, boolean cut) {
        try {
            byte[] answer = exchange(head, body, cut);
            return answer.length == 0 ? 400 : parse(answer).status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] exchange(byte[] head, byte[] body, boolean cut) throws IOException {
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(head);
                socket.getOutputStream().write(body);
                socket.getOutputStream().flush();
                if (cut) {
                    socket.shutdownOutput();
                }
            } catch (SocketException e) {
                // The server may answer and close before it has read everything: what it answered counts.
            }
            return everything(socket);
        }
    }

    /** Asks for another protocol, and reads no more than the answer to that. */
    Reply upgrade(String target, List<String> headers) {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("GET", target, headers, 0));
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (!all.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("no HTTP response, but " + all.size() + " bytes");
                }
                all.write(next);
            }
            String length = parse(all.toByteArray()).header("Content-Length");
            all.write(in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)));
            return parse(all.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("GET " + target, e);
        }
    }

    /** Sends the head of a request, but nothing of its body, and hangs up: politely, or by cutting the line. */
    void hangUp(String method, String target, List<String> headers, int contentLength, boolean politely) {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(method, target, headers, contentLength));
            socket.setSoLinger(!politely, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private byte[] head(String method, String target, List<String> headers, int contentLength) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        if (headers.stream().noneMatch(line -> line.startsWith("Host:"))) {
            head.append("Host: " + server.getAuthority() + "\r\n");
        }
        if (!headers.contains("Connection: Upgrade")) {
            head.append("Connection: close\r\n");
        }
        headers.forEach(line -> head.append(line).append("\r\n"));
        if (contentLength > 0 || method.equals("POST")) {
            head.append("Content-Length: " + contentLength + "\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] everything(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException e) {
            // As above.
        }
        return all.toByteArray();
    }

    private static Reply parse(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no HTTP response, but " + bytes.length + " bytes");
        }
        String[] lines = text.substring(0, end).split("\r\n");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] pair = lines[i].split(":", 2);
            headers.computeIfAbsent(pair[0].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(pair[1].strip());
        }
        String body = text.substring(end + 4);
        if (headers.getOrDefault("transfer-encoding", List.of()).contains("chunked")) {
            body = unchunked(body);
        }
        return new Reply(
                Integer.parseInt(lines[0].split(" ")[1]),
                headers,
                new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    private static String unchunked(String body) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            int line = body.indexOf("\r\n", at);
            int size = Integer.parseInt(body.substring(at, line).split(";")[0].strip(), 16);
            out.append(body, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
        return out.toString();
    }
}
