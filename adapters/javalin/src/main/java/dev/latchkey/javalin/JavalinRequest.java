package dev.latchkey.javalin;

import dev.latchkey.AuthRequest;
import dev.latchkey.Outcome;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A Javalin request as the core sees it. */
record JavalinRequest(Context ctx, String path) implements AuthRequest {

    @Override
    public String method() {
        return ctx.method().name();
    }

    @Override
    public String prefix() {
        return ctx.contextPath();
    }

    @Override
    public String query() {
        return Objects.requireNonNullElse(ctx.queryString(), "");
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(ctx.req().getHeaders(name));
    }

    @Override
    public String remoteAddress() {
        return ctx.ip();
    }

    @Override
    public @Nullable Outcome before() {
        return ctx.attribute(Guard.MET);
    }

    /** Javalin keeps what it read, so that a handler can read it again. */
    @Override
    public byte[] body(int limit) throws IOException {
        try {
            byte[] body = ctx.bodyAsBytes();
            return Arrays.copyOf(body, Math.min(body.length, limit));
        } catch (HttpResponseException larger) { // than Javalin's own maxRequestSize
            return new byte[limit];
        }
    }
}
