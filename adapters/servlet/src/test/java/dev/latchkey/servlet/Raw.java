package dev.latchkey.servlet;

import dev.latchkey.testkit.AdapterContract.App;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** One request, byte for byte, and all that comes back. */
final class Raw {

    private Raw() {}

    static String get(App app, String target, String... headers) {
        return send(app, "GET", target, "", headers);
    }

    static String post(App app, String target, String body, String... headers) {
        return send(app, "POST", target, body, headers);
    }

    static String send(App app, String method, String target, String body, String... headers) {
        String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n")
                + String.join(
                        "",
                        java.util.Arrays.stream(headers).map(h -> h + "\r\n").toList()) + "\r\n";
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Socket socket = new Socket(app.uri().getHost(), app.uri().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
            try {
                socket.getInputStream().transferTo(all);
            } catch (SocketException e) {
                // It may answer and close before it has read everything: what it answered counts.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target, e);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    static int status(String reply) {
        return Integer.parseInt(reply.split(" ", 3)[1]);
    }

    /** Status and body. */
    static String brief(String reply) {
        String body = reply.substring(reply.indexOf("\r\n\r\n") + 4);
        if (reply.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked")) {
            body = body.replaceAll("(?s)^[0-9a-fA-F]+\r\n", "").replaceAll("(?s)\r\n[0-9a-fA-F]+\r\n(.*?\r\n)?", "");
        }
        return status(reply) + " " + body;
    }
}
