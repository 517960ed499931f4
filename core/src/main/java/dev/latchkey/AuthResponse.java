package dev.latchkey;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** A whole response: what an adapter writes as it stands. */
public final class AuthResponse {

    /** What a response says of its body, which another body makes untrue. */
    private static final Set<String> OF_A_BODY = Set.of(("content-type content-length content-encoding content-language"
                    + " content-disposition content-range cache-control expires etag last-modified")
            .split(" "));

    private final int status;
    private final Map<String, List<String>> headers;
    private final String body;

    private AuthResponse(int status, Map<String, List<String>> headers, String body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** A response without headers; throws {@link IllegalArgumentException} unless the status is 200 to 599. */
    public static AuthResponse of(int status, String contentType, String body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status " + status + " is not one of 200 to 599");
        }
        return new AuthResponse(status, Map.of(), body).withHeader("Content-Type", contentType);
    }

    /** A response with a JSON object as its body; values as {@link Grant#claim} takes them. */
    public static AuthResponse json(int status, Map<String, ?> body) {
        Map<String, Object> members = new LinkedHashMap<>();
        body.forEach((name, value) -> members.put(name, Json.copy(name, value)));
        return of(status, "application/json", Json.write(members));
    }

    static AuthResponse empty(int status) {
        return new AuthResponse(status, Map.of(), "");
    }

    /** A copy in which this header has these lines alone; throws {@link IllegalArgumentException} for a line break. */
    public AuthResponse withHeader(String name, String value, String... more) {
        List<String> lines = Stream.concat(Stream.of(value), Stream.of(more)).toList();
        if ((name + lines).chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException("header " + Log.escape(name) + " holds a control character");
        }
        Map<String, List<String>> copy = new LinkedHashMap<>(headers);
        copy.keySet().removeIf(name::equalsIgnoreCase);
        copy.put(SetCookie.NAME.equalsIgnoreCase(name) ? SetCookie.NAME : name, lines);
        return new AuthResponse(status, copy, body);
    }

    /** A copy with these cookies besides those it sets already, in place of those of the same names. */
    AuthResponse withCookies(List<String> lines) {
        if (lines.isEmpty()) {
            return this;
        }
        List<String> all = SetCookie.merged(headers.getOrDefault(SetCookie.NAME, List.of()), lines);
        return withHeader(SetCookie.NAME, all.get(0), all.subList(1, all.size()).toArray(String[]::new));
    }

    /**
     * A copy for a framework that can only take back all of a response at once: with its headers, such as those for
     * CORS, but for what they say of its body.
     */
    public AuthResponse inPlaceOf(Collection<String> names, Function<String, ? extends Collection<String>> present) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String name : names) {
            boolean ours = headers.keySet().stream().anyMatch(name::equalsIgnoreCase);
            if (!ours && !OF_A_BODY.contains(name.toLowerCase(Locale.ROOT))) {
                all.put(name, List.copyOf(present.apply(name)));
            }
        }
        all.putAll(headers(present));
        return new AuthResponse(status, all, body);
    }

    /**
     * The headers with what a response has already, as an adapter sets them: each name with all of its lines. Cookies of
     * others stay.
     */
    public Map<String, List<String>> headers(Function<String, ? extends Collection<String>> present) {
        Map<String, List<String>> all = new LinkedHashMap<>(headers);
        all.computeIfPresent(SetCookie.NAME, (name, lines) -> SetCookie.merged(present.apply(name), lines));
        return all;
    }

    /** Sets them on a response by a framework's own calls: one for the first line of a name, one for each other. */
    public void setHeaders(
            Function<String, ? extends Collection<String>> present,
            BiConsumer<String, String> set,
            BiConsumer<String, String> add) {
        set(headers(present), set, add);
    }

    static void set(Map<String, List<String>> headers, BiConsumer<String, String> set, BiConsumer<String, String> add) {
        headers.forEach((name, lines) -> {
            set.accept(name, lines.get(0));
            lines.stream().skip(1).forEach(line -> add.accept(name, line));
        });
    }

    /** The status, 200 to 599. */
    public int status() {
        return status;
    }

    /** The headers in order, each with its lines. */
    public Map<String, List<String>> headers() {
        return Collections.unmodifiableMap(headers);
    }

    /** The body, to be written as UTF-8; empty for none. */
    public String body() {
        return body;
    }
}
