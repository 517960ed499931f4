package dev.latchkey.vertx;

import dev.latchkey.AuthRequest;
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

/** Makes of a Vert.x request what the core sees. */
final class VertxRequest {

    private static final String PROTOCOL = "Sec-WebSocket-Protocol";
    private static final String OFFERED = "dev.latchkey.offered";
    private static final String PREFIX = "dev.latchkey.prefix";

    private VertxRequest() {}

    /** The path below the router that the first guard of a request stands in; another spelling of it stays whole. */
    static String path(RoutingContext rc, String whole) {
        String mount = Objects.requireNonNullElse(rc.mountPoint(), "/");
        rc.data().putIfAbsent(PREFIX, mount.endsWith("/") ? mount.substring(0, mount.length() - 1) : mount);
        String prefix = rc.get(PREFIX);
        return whole.startsWith(prefix + "/") ? whole.substring(prefix.length()) : whole;
    }

    /** With this body, if anybody has read it. */
    static AuthRequest of(RoutingContext rc, @Nullable Buffer body) {
        HttpServerRequest request = rc.request();
        SocketAddress peer = request.remoteAddress();
        return AuthRequest.of(
                        request.method().name(),
                        path(rc, rc.normalizedPath()),
                        request.query(),
                        name -> headers(rc, name),
                        peer == null ? null : peer.hostAddress(),
                        limit -> start(rc, body, limit))
                .withPrefix(rc.get(PREFIX))
                .withBefore(rc.get(LatchkeyHandler.MET));
    }

    private static List<String> headers(RoutingContext rc, String name) {
        List<String> offered = name.equalsIgnoreCase(PROTOCOL) ? rc.get(OFFERED) : null;
        List<String> values = offered == null ? rc.request().headers().getAll(name) : offered;
        // HTTP/2 has no such header (RFC 9113 section 8.3.1).
        HostAndPort host = name.equalsIgnoreCase("Host") ? rc.request().authority() : null;
        return values.isEmpty() && host != null ? List.of(host.toString()) : values;
    }

    private static byte[] start(RoutingContext rc, @Nullable Buffer body, int limit) {
        if (body == null && !rc.body().available()) {
            throw new IllegalStateException("token or CSRF value of " + rc.normalizedPath()
                    + " may lie in the body, which nobody has read: put a BodyHandler before the check");
        }
        return body == null ? new byte[0] : body.getBytes(0, Math.min(body.length(), limit));
    }

    /** For an endpoint: reads what the core may ask for, keeps no more of it, and lets the rest go by. */
    static Future<AuthRequest> read(RoutingContext rc) {
        HttpServerRequest request = rc.request();
        if (rc.body().available()) {
            return Future.succeededFuture(of(rc, rc.body().buffer()));
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            rc.response().writeContinue();
        }
        int most = AuthRequest.MAX_BODY;
        Future<Buffer> body = request.collect(Collector.of(
                Buffer::buffer,
                (read, chunk) -> read.appendBuffer(chunk, 0, Math.min(chunk.length(), most - read.length())),
                Buffer::appendBuffer));
        request.resume();
        return body.map(read -> of(rc, read));
    }

    /** Takes tokens out of the sub-protocols that a WebSocket offers, so that no handshake can ever select one. */
    static void hideTokens(RoutingContext rc) {
        MultiMap headers = rc.request().headers();
        if (headers.contains(PROTOCOL) && rc.get(OFFERED) == null) {
            rc.put(OFFERED, headers.getAll(PROTOCOL));
            List<String> others = of(rc, null).subProtocols();
            headers.remove(PROTOCOL);
            if (!others.isEmpty()) {
                headers.set(PROTOCOL, String.join(", ", others));
            }
        }
    }
}
