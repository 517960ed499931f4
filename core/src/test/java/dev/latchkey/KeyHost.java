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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An issuer that publishes its keys over HTTP, well or badly, and counts who asks. */
final class KeyHost implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch left = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile byte[] body = {};
    private volatile int status = 200;
    private volatile @Nullable String location;
    private volatile @Nullable CountDownLatch gate;
    private volatile @Nullable String metadata;
    private volatile @Nullable Body writer;
    private volatile long hesitation;

    /** Writes a body that is not ready yet, until whoever reads it hangs up. */
    private interface Body {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

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
            Body slowly = writer;
            try (OutputStream out = exchange.getResponseBody()) {
                exchange.sendResponseHeaders(status, 0);
                if (slowly == null) {
                    out.write(body);
                } else {
                    slowly.write(out);
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            } catch (IOException e) {
                left.countDown();
                throw e;
            }
        });
        server.createContext("/.well-known/openid-configuration", exchange -> {
            String text = metadata;
            byte[] bytes = (text == null ? metadata(issuer(), jwks()) : text).getBytes(StandardCharsets.UTF_8);
            if (location != null) {
                exchange.getResponseHeaders().set("Location", location);
            }
            try (OutputStream out = exchange.getResponseBody()) {
                Object unused = closed.await(hesitation, TimeUnit.MILLISECONDS);
                exchange.sendResponseHeaders(location == null ? 200 : 302, bytes.length);
                out.write(bytes);
            } catch (InterruptedException e) {
                throw new IOException(e);
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
        return answers(withStatus, text.getBytes(StandardCharsets.UTF_8));
    }

    KeyHost answers(int withStatus, byte[] bytes) {
        status = withStatus;
        body = bytes;
        writer = null;
        return this;
    }

    /** One byte, again and again, with this many milliseconds between two. */
    KeyHost drips(int pause) {
        writer = out -> {
            while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
                out.write(' ');
                out.flush();
                sent.incrementAndGet();
            }
        };
        return this;
    }

    /** A body of this many bytes. */
    KeyHost pours(long bytes) {
        byte[] some = " ".repeat(8192).getBytes(StandardCharsets.US_ASCII);
        writer = out -> {
            for (long left = bytes; left > 0; left -= some.length) {
                out.write(some);
                sent.addAndGet(some.length);
            }
        };
        return this;
    }

    /** How much of the slow and the large bodies went out. */
    long sent() {
        return sent.get();
    }

    /** Waits until a reader of a slow or large body has hung up. */
    boolean wasLeft() throws InterruptedException {
        return left.await(20, TimeUnit.SECONDS);
    }

    /** Says what discovery finds after this many milliseconds only. */
    KeyHost hesitates(long millis) {
        hesitation = millis;
        return this;
    }

    /** What discovery finds; by default what is true. */
    KeyHost says(String ofItself) {
        metadata = ofItself;
        return this;
    }

    static String metadata(String issuer, URI jwks) {
        return Json.write(Map.of("issuer", issuer, "jwks_uri", jwks.toString()));
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
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
