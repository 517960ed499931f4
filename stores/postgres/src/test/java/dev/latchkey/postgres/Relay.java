package dev.latchkey.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A wire between client and server that counts round trips, and can fall silent. */
final class Relay implements AutoCloseable {

    private interface Task {
        void run() throws IOException;
    }

    private final ServerSocket front;
    private final AtomicInteger trips = new AtomicInteger();
    private final ReadWriteLock silence = new ReentrantReadWriteLock();

    Relay(int target) {
        try {
            front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(() -> {
            while (true) {
                Socket client = front.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                AtomicBoolean asking = new AtomicBoolean();
                thread(() -> pass(client, server, () -> trips.addAndGet(asking.getAndSet(true) ? 0 : 1)));
                thread(() -> pass(server, client, () -> asking.set(false)));
            }
        });
    }

    int port() {
        return front.getLocalPort();
    }

    /** How often a client spoke first, or after the server had. */
    int trips() {
        return trips.get();
    }

    /** Nothing passes meanwhile; the connections stay. */
    void silently(Runnable action) {
        silence.writeLock().lock();
        try {
            action.run();
        } finally {
            silence.writeLock().unlock();
        }
    }

    private void pass(Socket from, Socket to, Runnable each) throws IOException {
        byte[] buffer = new byte[65_536];
        try (from;
                to) {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                silence.readLock().lock();
                try {
                    each.run();
                    to.getOutputStream().write(buffer, 0, n);
                } finally {
                    silence.readLock().unlock();
                }
            }
        }
    }

    private static void thread(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                return; // one end hung up
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            front.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
