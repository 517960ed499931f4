package dev.latchkey.servlet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A body of which the core read the start: gives it again, then the rest. */
final class Replay extends ServletInputStream {

    private final ServletInputStream rest;
    private byte @Nullable [] start;
    private int at;
    private @Nullable BufferedReader reader;

    Replay(ServletInputStream rest) {
        this.rest = rest;
    }

    byte[] start(int limit) throws IOException {
        if (start == null) {
            start = rest.readNBytes(limit);
        }
        return Arrays.copyOf(start, Math.min(limit, start.length));
    }

    BufferedReader reader(@Nullable String encoding) throws IOException {
        if (reader == null) { // ISO-8859-1 unless something else is said (Servlet 3.12)
            reader = new BufferedReader(
                    new InputStreamReader(this, encoding == null ? StandardCharsets.ISO_8859_1.name() : encoding));
        }
        return reader;
    }

    private int left() {
        return start == null ? 0 : start.length - at;
    }

    @Override
    public int read() throws IOException {
        return start == null || left() == 0 ? rest.read() : start[at++] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (start == null || left() == 0) {
            return rest.read(into, offset, length);
        }
        int count = Math.min(length, left());
        System.arraycopy(start, at, into, offset, count);
        at += count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return left() + rest.available();
    }

    @Override
    public boolean isFinished() {
        return left() == 0 && rest.isFinished();
    }

    @Override
    public boolean isReady() {
        return left() > 0 || rest.isReady();
    }

    /** The container knows nothing of the start: it may call the body read before a servlet has seen any of it. */
    @Override
    public void setReadListener(ReadListener listener) {
        rest.setReadListener(new ReadListener() {
            @Override
            public void onDataAvailable() throws IOException {
                listener.onDataAvailable();
            }

            @Override
            public void onAllDataRead() throws IOException {
                if (left() > 0) {
                    listener.onDataAvailable();
                }
                listener.onAllDataRead();
            }

            @Override
            public void onError(Throwable failure) {
                listener.onError(failure);
            }
        });
    }
}
