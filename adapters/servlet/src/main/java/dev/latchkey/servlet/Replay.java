package dev.latchkey.servlet;

import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A body of which the core read the start: gives it again, then the rest. */
final class Replay extends ServletInputStream {

    private final ServletInputStream rest;
    private final byte[] start;
    private final ByteArrayInputStream again;
    private @Nullable BufferedReader reader;
    private @Nullable Map<String, List<String>> fields;

    Replay(ServletInputStream rest, int limit) throws IOException {
        this.rest = rest;
        this.start = rest.readNBytes(limit);
        this.again = new ByteArrayInputStream(start);
    }

    byte[] start() {
        return start.clone();
    }

    BufferedReader reader(@Nullable String encoding) throws IOException {
        if (reader == null) { // ISO-8859-1 unless something else is said (Servlet 3.12)
            reader =
                    new BufferedReader(new InputStreamReader(this, Objects.requireNonNullElse(encoding, "ISO-8859-1")));
        }
        return reader;
    }

    /**
     * What is left of the body as the fields of a form.
     *
     * @throws AuthException if it is longer than a form may be, or ended early
     */
    Map<String, List<String>> fields(@Nullable String encoding) {
        if (fields == null) {
            fields = AuthRequest.fields(this, encoding);
        }
        return fields;
    }

    private InputStream next() {
        return again.available() > 0 ? again : rest;
    }

    @Override
    public int read() throws IOException {
        return next().read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return next().read(into, offset, length);
    }

    @Override
    public int available() throws IOException {
        return again.available() + rest.available();
    }

    @Override
    public boolean isFinished() {
        return again.available() == 0 && rest.isFinished();
    }

    @Override
    public boolean isReady() {
        return again.available() > 0 || rest.isReady();
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
                if (again.available() > 0) {
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
