package dev.latchkey;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An issuer that publishes its keys over HTTP, well or badly, and counts who asks. */
final class KeyHost implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile byte[] body = {};
    private volatile int status = 200;
    private volatile @Nullable String location;
    private volatile @Nullable CountDownLatch gate;

    KeyHost() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(threads);
        server.createContext("/jwks.json", exchange -> {
            fetches.incrementAndGet();
            CountDownLatch held = gate;
            if (held != null) {
                try {
                    held.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            if (location != null) {
                exchange.getResponseHeaders().set("Location", location);
            }
            try (OutputStream out = exchange.getResponseBody()) {
                exchange.sendResponseHeaders(status, 0);
                out.write(body);
            }
        });
        server.createContext("/.well-known/openid-configuration", exchange -> {
            byte[] metadata = Json.write(Map.of("issuer", issuer(), "jwks_uri", jwks().toString()))
                    .getBytes(StandardCharsets.UTF_8);
            try (OutputStream out = exchange.getResponseBody()) {
                exchange.sendResponseHeaders(200, metadata.length);
                out.write(metadata);
            }
        });
        server.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    URI jwks() {
        return URI.create(issuer() + "/jwks.json");
    }

    int fetches() {
        return fetches.get();
    }

    /** The public halves of these keys. */
    KeyHost publishes(JwtKey... keys) {
        return answers(
                200,
                Json.write(
                        Map.of("keys", Arrays.stream(keys).map(Jwk::published).toList())));
    }

    KeyHost answers(int withStatus, String text) {
        status = withStatus;
        body = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    KeyHost redirects(URI to) {
        location = to.toString();
        return answers(302, "");
    }

    /** Lets no answer out until the latch opens. */
    KeyHost holdsBack(CountDownLatch until) {
        gate = until;
        return this;
    }

    /** A token of this issuer, as it would make one. */
    static String token(KeyPair pair, String header, String claims) {
        return signed(JwtKey.of("EdDSA", pair), header, claims);
    }

    static String signed(JwtKey key, String header, String claims) {
        String signed = Base64Url.encode(header.getBytes(StandardCharsets.UTF_8)) + "."
                + Base64Url.encode(claims.getBytes(StandardCharsets.UTF_8));
        byte[] bytes = signed.getBytes(StandardCharsets.US_ASCII);
        return signed + "." + Base64Url.encode(key.sign(bytes, bytes.length));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
