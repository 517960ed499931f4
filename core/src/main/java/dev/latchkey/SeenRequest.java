package dev.latchkey;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request of values that an adapter has at hand. */
record SeenRequest(
        String method,
        String path,
        String prefix,
        String query,
        Function<String, List<String>> header,
        @Nullable String remoteAddress,
        Body content,
        @Nullable Outcome before)
        implements AuthRequest {

    @Override
    public List<String> headers(String name) {
        return header.apply(name);
    }

    @Override
    public byte[] body(int limit) throws IOException {
        return content.read(limit);
    }
}
