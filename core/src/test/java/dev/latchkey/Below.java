package dev.latchkey;

import java.util.List;

/** A request to an application that lies below a path of its server. */
record Below(String prefix, Request request) implements AuthRequest {

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
        return request.remoteAddress();
    }

    @Override
    public byte[] body(int limit) {
        return request.body(limit);
    }
}
