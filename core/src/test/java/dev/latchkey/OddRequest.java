package dev.latchkey;

import java.io.IOException;
import java.util.List;

/** A request made by hand, but for one thing. */
class OddRequest implements AuthRequest {

    private final Request request;

    OddRequest(Request request) {
        this.request = request;
    }

    /** Its client goes away before the body has come. */
    static OddRequest brokenOff(Request request) {
        return new OddRequest(request) {
            @Override
            public byte[] body(int limit) throws IOException {
                throw new IOException("connection reset");
            }
        };
    }

    /** The application is set up so that nobody can read the body where it is checked. */
    static OddRequest unread(Request request) {
        return new OddRequest(request) {
            @Override
            public byte[] body(int limit) {
                throw new IllegalStateException("read it before");
            }
        };
    }

    /** The application lies below a path of its server. */
    static OddRequest below(String prefix, Request request) {
        return new OddRequest(request) {
            @Override
            public String prefix() {
                return prefix;
            }
        };
    }

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
    public byte[] body(int limit) throws IOException {
        return request.body(limit);
    }
}
