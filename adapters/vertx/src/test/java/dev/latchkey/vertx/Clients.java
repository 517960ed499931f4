package dev.latchkey.vertx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask for a path again as soon as they are answered. They write bytes made once and hardly look at the
 * answer, so that the server is what they wait for.
 */
final class Clients implements AutoCloseable {

    private static final Buffer OK = Buffer.buffer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");

    private final NetClient net; // which closes its sockets when nobody holds it
    private final String token;
    private final List<NetSocket> sockets;
    private final LongAdder answered = new LongAdder();
    private volatile @Nullable Buffer request;
    private volatile @Nullable String wrong;
    private volatile CountDownLatch resting = new CountDownLatch(0);

    private Clients(NetClient net, String token, List<NetSocket> sockets) {
        this.net = net;
        this.token = token;
        this.sockets = sockets;
        sockets.forEach(socket ->
                socket.handler(answer -> take(socket, answer)).closeHandler(closed -> wrong = "a closed connection"));
    }

    static Clients connect(Vertx vertx, int port, int size, String token) {
        NetClient net = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
        List<Future<NetSocket>> sockets = IntStream.range(0, size)
                .mapToObj(i -> net.connect(port, "127.0.0.1"))
                .toList();
        Server.await(Future.all(sockets));
        return new Clients(net, token, sockets.stream().map(Future::result).toList());
    }

    void ask(String path) {
        Buffer asked = Buffer.buffer(
                "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        resting = new CountDownLatch(sockets.size());
        request = asked;
        sockets.forEach(socket -> socket.write(asked));
    }

    private void take(NetSocket socket, Buffer answer) {
        if (!answer.equals(OK)) {
            wrong = answer.toString();
        }
        answered.increment();
        Buffer next = request;
        if (next == null) {
            resting.countDown();
        } else {
            socket.write(next);
        }
    }

    long answered() {
        return answered.sum();
    }

    /** Returns when all are answered; fails if one of the answers was another than that of the route. */
    void rest() throws InterruptedException {
        request = null;
        if (!resting.await(20, TimeUnit.SECONDS) || wrong != null) {
            throw new AssertionError("expected ok, got " + wrong);
        }
    }

    @Override
    public void close() {
        Server.await(net.close());
    }
}
