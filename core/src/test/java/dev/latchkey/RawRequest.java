package dev.latchkey;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A request made by hand, with whatever no HTTP server would let through. */
final class RawRequest implements AuthRequest {

    private final String method;
    private final String path;
    private final String query;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    RawRequest(String method, String path, Map<String, List<String>> headers, byte[] body) {
        this(method, path, "", headers, body);
    }

    RawRequest(String method, String path, String query, Map<String, List<String>> headers, byte[] body) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String query() {
        return query;
    }

    @Override
    public List<String> headers(String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .flatMap(header -> header.getValue().stream())
                .toList();
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.1";
    }

    @Override
    public byte[] body(int limit) {
        return Arrays.copyOf(body, Math.min(limit, body.length));
    }

    @Override
    public String toString() {
        return method + ' ' + path + '?' + query + ' ' + headers + ' ' + new String(body, StandardCharsets.ISO_8859_1);
    }
}
