package dev.latchkey;

import java.util.List;

/** A request whose body nobody can read where it is checked. */
record UnreadRequest(Request request) implements AuthRequest {

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
    public byte[] body(int limit) {
        throw new IllegalStateException("read it before");
    }
}
