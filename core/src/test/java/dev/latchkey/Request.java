package dev.latchkey;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request made by hand: header lines as name and value, and a body whose every byte is one character. */
record Request(String method, String target, List<Map.Entry<String, String>> lines, String content)
        implements AuthRequest {

    static Request get(String path) {
        return new Request("GET", path, List.of(), "");
    }

    static Request post(String path) {
        return get(path).method("POST");
    }

    static Request bearer(String token) {
        return get("/me").header("Authorization", "Bearer " + token);
    }

    /** A post of this text as JSON. */
    static Request json(String path, String json) {
        return post(path).header("Content-Type", "application/json").body(json);
    }

    Request method(String method) {
        return new Request(method, target, lines, content);
    }

    Request header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(lines);
        more.add(Map.entry(name, value));
        return new Request(method, target, more, content);
    }

    Request body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    Request body(byte[] bytes) {
        return new Request(method, target, lines, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** What was sent before the question mark. */
    @Override
    public String path() {
        return target.split("\\?", 2)[0];
    }

    @Override
    public String query() {
        return target.contains("?") ? target.split("\\?", 2)[1] : "";
    }

    @Override
    public List<String> headers(String name) {
        return lines.stream()
                .filter(line -> line.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.1";
    }

    @Override
    public byte[] body(int limit) {
        return content.substring(0, Math.min(limit, content.length())).getBytes(StandardCharsets.ISO_8859_1);
    }
}
