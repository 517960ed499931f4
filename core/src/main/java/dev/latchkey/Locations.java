package dev.latchkey;

import static dev.latchkey.AuthError.BODY_TOO_LARGE;
import static dev.latchkey.AuthError.HEADER_MALFORMED;
import static dev.latchkey.AuthError.REQUEST_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_AMBIGUOUS;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_MISSING;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the one token of a request. */
final class Locations {

    /** The most that is accepted of a body. */
    static final int MAX_BODY = AuthRequest.MAX_BODY - 1;

    private static final String OFFER = "bearer.";
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD");

    private final Settings settings;

    Locations(Settings settings) {
        this.settings = settings;
    }

    record Found(String token, TokenLocation location) {}

    static List<TokenLocation> list(TokenLocation first, TokenLocation... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).distinct().toList();
    }

    /**
     * The token that the request carries.
     *
     * @throws AuthException if there is none, or two that differ: which of them was meant nobody can know
     */
    Found find(AuthRequest request, List<TokenLocation> locations, boolean refresh) {
        Found found = null;
        AuthException malformed = null;
        List<String> reasons = new ArrayList<>();
        for (TokenLocation location : locations) {
            try {
                String token = location == TokenLocation.HEADER ? inHeader(request) : inJson(request, refresh);
                if (found != null && !found.token().equals(token)) {
                    throw AuthException.of(TOKEN_AMBIGUOUS);
                }
                found = found == null ? new Found(token, location) : found;
            } catch (AuthException e) {
                if (e.error() == REQUEST_MALFORMED || e.error() == BODY_TOO_LARGE) {
                    malformed = e; // a body that is no place for a token does not spoil the one in the header
                } else if (e.error() == TOKEN_MISSING) {
                    reasons.add(Objects.requireNonNull(e.getMessage()));
                } else {
                    throw e;
                }
            }
        }
        if (found != null) {
            return found;
        }
        throw malformed != null ? malformed : AuthException.of(TOKEN_MISSING, missing(locations, reasons));
    }

    private static String missing(List<TokenLocation> locations, List<String> reasons) {
        if (locations.size() == 1) {
            return reasons.get(0);
        }
        List<String> labels = locations.stream().map(TokenLocation::label).toList();
        return "Missing JWT in " + String.join(", ", labels.subList(0, labels.size() - 1)) + " or "
                + labels.get(labels.size() - 1) + " (" + String.join("; ", reasons) + ")";
    }

    /** Another scheme is no token (it may belong to somebody else); a second one of ours is an attack or a fault. */
    private String inHeader(AuthRequest request) {
        String name = settings.headerName;
        String scheme = settings.headerScheme;
        String expected = name + ": " + (scheme.isEmpty() ? "" : scheme + " ") + "<JWT>";
        List<String> values = request.headers(name).stream()
                .map(Locations::trim)
                .filter(v -> !v.isEmpty())
                .toList();
        List<String> offered = offered(request);
        if (values.isEmpty() && offered.isEmpty()) {
            throw AuthException.of(TOKEN_MISSING, "Missing " + name + " Header");
        }
        List<String> ours = values.stream()
                .filter(value -> scheme.isEmpty() || firstWord(value).equalsIgnoreCase(scheme))
                .toList();
        if (ours.isEmpty() && offered.isEmpty()) {
            throw AuthException.of(
                    TOKEN_MISSING,
                    "Missing '" + scheme + "' type in '" + name + "' header. Expected '" + expected + "'");
        }
        if (ours.size() + offered.size() > 1) {
            throw AuthException.of(TOKEN_AMBIGUOUS);
        }
        if (ours.isEmpty()) {
            return offered.get(0);
        }
        String token = scheme.isEmpty() ? ours.get(0) : trim(ours.get(0).substring(scheme.length()));
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c == ',')) {
            throw AuthException.of(HEADER_MALFORMED, "Bad " + name + " header. Expected '" + expected + "'");
        }
        return token;
    }

    /** A browser's WebSocket can set no header: it offers the sub-protocol {@code bearer.<JWT>} (RFC 6455 section 1.9). */
    private static List<String> offered(AuthRequest request) {
        boolean handshake = request.headers("Upgrade").stream().anyMatch("websocket"::equalsIgnoreCase);
        return !handshake
                ? List.of()
                : protocols(request)
                        .filter(Locations::isToken)
                        .map(protocol -> protocol.substring(OFFER.length()))
                        .toList();
    }

    /** What a WebSocket offers, tokens among it. */
    static Stream<String> protocols(AuthRequest request) {
        return request.headers("Sec-WebSocket-Protocol").stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(Locations::trim)
                .filter(protocol -> !protocol.isEmpty());
    }

    static boolean isToken(String protocol) {
        return protocol.startsWith(OFFER);
    }

    private String inJson(AuthRequest request, boolean refresh) {
        String key = refresh ? settings.refreshJsonKey : settings.accessJsonKey;
        if (!isJson(request)) {
            throw AuthException.of(TOKEN_MISSING, "Invalid content-type. Must be application/json.");
        }
        byte[] body = WITHOUT_BODY.contains(request.method()) ? new byte[0] : body(request);
        if (body.length == 0) {
            throw AuthException.of(TOKEN_MISSING, "Missing \"" + key + "\" key in json data.");
        }
        Object token = object(body, "Request body must be a JSON object").get(key);
        if (token == null || token.equals("")) {
            throw AuthException.of(TOKEN_MISSING, "Missing \"" + key + "\" key in json data.");
        }
        if (!(token instanceof String text)) {
            throw AuthException.of(TOKEN_MALFORMED, "Invalid token type. Token must be a string");
        }
        return text;
    }

    /** {@code application/json} or {@code application/…+json}, whatever its parameters (RFC 6839 section 3.1). */
    static boolean isJson(AuthRequest request) {
        List<String> types = request.headers("Content-Type");
        if (types.size() != 1) {
            return false;
        }
        String type = trim(types.get(0).split(";", 2)[0]).toLowerCase(Locale.ROOT);
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }

    static byte[] body(AuthRequest request) {
        byte[] body;
        try {
            body = request.body(AuthRequest.MAX_BODY);
        } catch (IOException e) {
            throw AuthException.of(REQUEST_MALFORMED, "Request body ended early");
        }
        if (body.length > MAX_BODY) {
            throw AuthException.of(BODY_TOO_LARGE);
        }
        return body;
    }

    @SuppressWarnings("unchecked") // Json makes maps with text keys only
    static Map<String, @Nullable Object> object(byte[] body, String otherwise) {
        try {
            if (Json.read(body) instanceof Map<?, ?> map) {
                return (Map<String, @Nullable Object>) map;
            }
        } catch (Json.MalformedException e) {
            throw AuthException.of(REQUEST_MALFORMED, otherwise);
        }
        throw AuthException.of(REQUEST_MALFORMED, otherwise);
    }

    private static String firstWord(String value) {
        int end = 0;
        while (end < value.length() && value.charAt(end) != ' ' && value.charAt(end) != '\t') {
            end++;
        }
        return value.substring(0, end);
    }

    /** Optional white space of RFC 9110 section 5.6.3: space and tab, nothing else. */
    private static String trim(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && (value.charAt(from) == ' ' || value.charAt(from) == '\t')) {
            from++;
        }
        while (to > from && (value.charAt(to - 1) == ' ' || value.charAt(to - 1) == '\t')) {
            to--;
        }
        return value.substring(from, to);
    }
}
