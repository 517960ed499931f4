package dev.latchkey.vertx;

import dev.latchkey.AuthRequest;
import dev.latchkey.Outcome;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** A Vert.x request as the core sees it; its body, if anybody may ask for it, was read before. */
record VertxRequest(
        RoutingContext rc,
        String path,
        @Nullable Buffer read,
        @Nullable Outcome before) implements AuthRequest {

    private static final String PROTOCOL = "Sec-WebSocket-Protocol";
    private static final String OFFERED = "dev.latchkey.offered";

    /** For a check, which may look at what a BodyHandler has read. */
    static VertxRequest of(RoutingContext rc) {
        return new VertxRequest(rc, rc.normalizedPath(), rc.body().buffer(), rc.get(LatchkeyHandler.MET));
    }

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
        return read == null ? new byte[0] : read.getBytes(0, Math.min(read.length(), limit));
    }

    /** For an endpoint: reads what the core may ask for, keeps no more of it, and lets the rest go by. */
    static Future<VertxRequest> read(RoutingContext rc, String path) {
        HttpServerRequest request = rc.request();
        if (rc.body().available()) {
            return Future.succeededFuture(new VertxRequest(rc, path, rc.body().buffer(), null));
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            rc.response().writeContinue();
        }
        Future<Buffer> body = request.collect(Collector.of(
                Buffer::buffer,
                (read, chunk) -> read.appendBuffer(chunk, 0, Math.min(chunk.length(), MAX_BODY - read.length())),
                Buffer::appendBuffer));
        request.resume();
        return body.map(read -> new VertxRequest(rc, path, read, null));
    }

    /** Takes tokens out of the sub-protocols that a WebSocket offers, so that no handshake can ever select one. */
    static void hideTokens(RoutingContext rc) {
        MultiMap headers = rc.request().headers();
        if (headers.contains(PROTOCOL) && rc.get(OFFERED) == null) {
            rc.put(OFFERED, headers.getAll(PROTOCOL));
            List<String> others = of(rc).subProtocols();
            headers.remove(PROTOCOL);
            if (!others.isEmpty()) {
                headers.set(PROTOCOL, String.join(", ", others));
            }
        }
    }
}
