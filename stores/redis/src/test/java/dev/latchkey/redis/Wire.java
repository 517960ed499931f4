package dev.latchkey.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** What lies between store and server, and can fall silent: connections stay open and carry nothing any more. */
final class Wire implements AutoCloseable {

    private final ServerSocket socket;
    private final int target;
    private final Queue<Socket> ends = new ConcurrentLinkedQueue<>();
    private volatile AtomicBoolean silent = new AtomicBoolean();

    Wire(int target) {
        this.target = target;
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** For the connections that there are: new ones work. */
    void silence() {
        silent.set(true);
        silent = new AtomicBoolean();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                return; // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket near = socket.accept();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            ends.add(near);
            ends.add(far);
            AtomicBoolean cut = silent;
            start(() -> carry(near, far, cut));
            start(() -> carry(far, near, cut));
        }
    }

    private static void carry(Socket from, Socket to, AtomicBoolean cut) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] piece = new byte[8192];
        for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
            if (!cut.get()) {
                out.write(piece, 0, length);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket end : ends) {
            end.close();
        }
    }
}
