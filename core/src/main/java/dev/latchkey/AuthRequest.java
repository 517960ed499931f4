package dev.latchkey;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an adapter shows the core of one HTTP request: raw values, so that frameworks cannot disagree about them. */
public interface AuthRequest {

    /** The most bytes that {@link #body} is asked for: what an adapter keeps that must read the body beforehand. */
    int MAX_BODY = 64 * 1024 + 1;

    /** Reads at most the first bytes of a body, as {@link #body} has it. */
    interface Body {
        byte[] read(int limit) throws IOException;
    }

    /**
     * A request of these values, each as the method of its name has it.
     *
     * @param query as it was sent; null for none
     */
    static AuthRequest of(
            String method,
            String path,
            @Nullable String query,
            Function<String, List<String>> headers,
            @Nullable String remoteAddress,
            Body body) {
        return new SeenRequest(method, path, "", query == null ? "" : query, headers, remoteAddress, body, null);
    }

    /** A copy with this {@link #prefix}. */
    default AuthRequest withPrefix(String prefix) {
        return new SeenRequest(method(), path(), prefix, query(), this::headers, remoteAddress(), this::body, before());
    }

    /** A copy with this {@link #before}. */
    default AuthRequest withBefore(@Nullable Outcome before) {
        return new SeenRequest(method(), path(), prefix(), query(), this::headers, remoteAddress(), this::body, before);
    }

    /** The method as the router saw it, such as {@code GET}. */
    String method();

    /** The path as the router saw it, without the application's own prefix. */
    String path();

    /** What precedes {@link #path} where the application lies below one of its server's, such as {@code /notes}. */
    default String prefix() {
        return "";
    }

    /** The query as it was sent, without the question mark; empty if there is none. */
    String query();

    /** Every value of a header, one for each line of it, by a name in any case; empty if absent. */
    List<String> headers(String name);

    /** The peer's address as the framework tells it, for the throttle and the log; null if unknown. */
    @Nullable
    String remoteAddress();

    /**
     * At most the first {@code limit} bytes of the body; called only where a body location or an endpoint needs it.
     *
     * @throws IOException if the client went away
     * @throws IllegalStateException if the application is set up so that nobody can read it here, with the mend: the
     *     request is refused with {@code unavailable}
     */
    byte[] body(int limit) throws IOException;

    /**
     * What came of the last check that let this request in, as the adapter has kept it for this one request and all that
     * the framework hands it on to; null if there was none. What it met is not checked again.
     */
    default @Nullable Outcome before() {
        return null;
    }

    /**
     * The fields of a form that {@link #body} took away from a framework, for its handlers: in this encoding, in UTF-8
     * where it is null or unknown, and without what cannot be decoded.
     *
     * @throws AuthException if the form has more than 2 MB, or ended early
     */
    static Map<String, List<String>> fields(InputStream form, @Nullable String encoding) {
        return Parameters.all(form, encoding);
    }

    /** The sub-protocols that a WebSocket offers, without those that carry a token: what a handshake may select from. */
    default List<String> subProtocols() {
        return Locations.protocols(this)
                .filter(protocol -> !Locations.isToken(protocol))
                .toList();
    }
}
