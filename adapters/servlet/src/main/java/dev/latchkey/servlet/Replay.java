package dev.latchkey.servlet;

import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A body of which the core read the start: gives it again, then the rest. */
final class Replay extends ServletInputStream {

    private static final int LONGEST_FORM = 2 << 20;

    private final ServletInputStream rest;
    private final byte[] start;
    private int at;
    private @Nullable BufferedReader reader;
    private @Nullable Map<String, List<String>> fields;

    Replay(ServletInputStream rest, int limit) throws IOException {
        this.rest = rest;
        this.start = rest.readNBytes(limit);
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
     * What is left of the body as the fields of a form, in UTF-8 unless something else is said (Servlet 3.12).
     *
     * @throws AuthException if it is longer than Tomcat would read, or ended early
     */
    Map<String, List<String>> fields(@Nullable String encoding) {
        if (fields == null) {
            try {
                byte[] form = readNBytes(LONGEST_FORM + 1);
                if (form.length > LONGEST_FORM) {
                    throw AuthException.of(AuthError.BODY_TOO_LARGE);
                }
                fields = AuthRequest.fields(form, charset(encoding));
            } catch (IOException e) {
                throw AuthException.of(AuthError.REQUEST_MALFORMED);
            }
        }
        return fields;
    }

    private static Charset charset(@Nullable String encoding) {
        try {
            return encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    private int left() {
        return start.length - at;
    }

    @Override
    public int read() throws IOException {
        return left() > 0 ? start[at++] & 0xff : rest.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = Math.min(length, left());
        if (count == 0) {
            return rest.read(into, offset, length);
        }
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
