package dev.latchkey;

import java.io.IOException;
import java.util.List;

/** A request whose client goes away before its body has come. */
record BrokenRequest(Request request) implements AuthRequest {

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public String query() {
        return request.query();
    }

    @Override
    public List<String> headers(String name) {
        return request.headers(name);
    }

    @Override
    public String remoteAddress() {
        return null;
    }

    @Override
    public byte[] body(int limit) throws IOException {
        throw new IOException("connection reset");
    }
}
