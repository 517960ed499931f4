package dev.latchkey.vertx;

import dev.latchkey.AuthRequest;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Vert.x request as the core sees it; its body, if anybody may ask for it, was read before. */
record VertxRequest(
        RoutingContext rc, String path, @Nullable Buffer read) implements AuthRequest {

    private static final String PROTOCOL = "Sec-WebSocket-Protocol";

    @Override
    public String method() {
        return rc.request().method().name();
    }

    @Override
    public List<String> headers(String name) {
        return rc.request().headers().getAll(name);
    }

    @Override
    public @Nullable String remoteAddress() {
        SocketAddress address = rc.request().remoteAddress();
        if (address == null) {
            return null;
        }
        return address.hostAddress() == null ? address.host() : address.hostAddress();
    }

    @Override
    public byte[] body(int limit) {
        Buffer body = read;
        if (body == null) {
            if (!rc.body().available()) {
                throw new IllegalStateException("the token of " + path
                        + " may lie in the body, which nobody has read: put a BodyHandler before the check");
            }
            body = rc.body().buffer();
        }
        return body == null ? new byte[0] : Arrays.copyOf(body.getBytes(), Math.min(body.length(), limit));
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
    static void forgetOffers(RoutingContext rc) {
        MultiMap headers = rc.request().headers();
        if (headers.contains(PROTOCOL)) {
            List<String> kept = headers.getAll(PROTOCOL).stream()
                    .flatMap(line -> Stream.of(line.split(",")))
                    .map(String::strip)
                    .filter(protocol -> !protocol.startsWith("bearer."))
                    .toList();
            headers.remove(PROTOCOL);
            if (!kept.isEmpty()) {
                headers.set(PROTOCOL, String.join(", ", kept));
            }
        }
    }
}
