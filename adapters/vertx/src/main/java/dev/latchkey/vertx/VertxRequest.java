package dev.latchkey.vertx;

import dev.latchkey.AuthRequest;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A Vert.x request as the core sees it; its body, if anybody may ask for it, was read before. */
record VertxRequest(
        RoutingContext rc, String path, @Nullable Buffer read) implements AuthRequest {

    private static final String PROTOCOL = "Sec-WebSocket-Protocol";
    private static final String OFFERED = "dev.latchkey.offered";

    @Override
    public String method() {
        return rc.request().method().name();
    }

    /** What comes before an endpoint's path where its router is mounted below another. */
    @Override
    public String prefix() {
        String whole = rc.normalizedPath().replaceFirst("/$", ""); // its router takes both
        return whole.endsWith(path) ? whole.substring(0, whole.length() - path.length()) : "";
    }

    @Override
    public String query() {
        return Objects.requireNonNullElse(rc.request().query(), "");
    }

    @Override
    public List<String> headers(String name) {
        List<String> offered = name.equalsIgnoreCase(PROTOCOL) ? rc.get(OFFERED) : null;
        List<String> values = offered == null ? rc.request().headers().getAll(name) : offered;
        HostAndPort authority =
                rc.request().authority(); // of HTTP/2, which has no such header (RFC 9113 section 8.3.1)
        return values.isEmpty() && name.equalsIgnoreCase("Host") && authority != null
                ? List.of(authority.toString())
                : values;
    }

    @Override
    public @Nullable String remoteAddress() {
        SocketAddress address = rc.request().remoteAddress();
        return address == null ? null : address.hostAddress();
    }

    @Override
    public byte[] body(int limit) {
        if (read == null && !rc.body().available()) {
            throw new IllegalStateException("token or CSRF value of " + path
                    + " may lie in the body, which nobody has read: put a BodyHandler before the check");
        }
        Buffer body = read == null ? rc.body().buffer() : read;
        return body == null ? new byte[0] : body.getBytes(0, Math.min(body.length(), limit));
    }

    /** Reads what the core may ask for, keeps no more of it, and lets the rest go by. */
    static Future<Buffer> read(RoutingContext rc) {
        if (rc.body().available()) {
            Buffer body = rc.body().buffer();
            return Future.succeededFuture(body == null ? Buffer.buffer() : body);
        }
        HttpServerRequest request = rc.request();
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            rc.response().writeContinue();
        }
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> body.appendBuffer(chunk, 0, Math.min(chunk.length(), MAX_BODY - body.length())))
                .exceptionHandler(promise::tryFail)
                .endHandler(end -> promise.tryComplete(body))
                .resume();
        return promise.future();
    }

    /** Takes tokens out of the sub-protocols that a WebSocket offers, so that no handshake can ever select one. */
    static void hideTokens(RoutingContext rc) {
        MultiMap headers = rc.request().headers();
        if (headers.contains(PROTOCOL) && rc.get(OFFERED) == null) {
            rc.put(OFFERED, headers.getAll(PROTOCOL));
            List<String> others = new VertxRequest(rc, "", null).subProtocols();
            headers.remove(PROTOCOL);
            if (!others.isEmpty()) {
                headers.set(PROTOCOL, String.join(", ", others));
            }
        }
    }
}
