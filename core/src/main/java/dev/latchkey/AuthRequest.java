package dev.latchkey;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an adapter shows the core of one HTTP request: raw values, so that frameworks cannot disagree about them. */
public interface AuthRequest {

    /** The most bytes that {@link #body} is asked for: what an adapter keeps that must read the body beforehand. */
    int MAX_BODY = 64 * 1024 + 1;

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
     * The fields of a form that {@link #body} took away from a framework, for its handlers; without what cannot be
     * decoded.
     */
    static Map<String, List<String>> fields(byte[] form, Charset charset) {
        return Parameters.all(new String(form, StandardCharsets.ISO_8859_1), charset);
    }

    /** The sub-protocols that a WebSocket offers, without those that carry a token: what a handshake may select from. */
    default List<String> subProtocols() {
        return Locations.protocols(this)
                .filter(protocol -> !Locations.isToken(protocol))
                .toList();
    }
}
