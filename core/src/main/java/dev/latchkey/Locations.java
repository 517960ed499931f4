package dev.latchkey;

import static dev.latchkey.AuthError.BODY_TOO_LARGE;
import static dev.latchkey.AuthError.HEADER_MALFORMED;
import static dev.latchkey.AuthError.REQUEST_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_AMBIGUOUS;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_MISSING;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the one token of a request. */
final class Locations {

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
     * The token that the request carries. A cookie comes along with whatever a browser sends: where the header holds a
     * token, nobody looks at it.
     *
     * @throws AuthException if there is none, or two that differ: which of them was meant nobody can know
     */
    Found find(AuthRequest request, List<TokenLocation> locations, boolean refresh) {
        Found found = null;
        AuthException malformed = null;
        Map<TokenLocation, String> reasons = new EnumMap<>(TokenLocation.class);
        for (TokenLocation location : cookieLast(locations)) {
            if (location == TokenLocation.COOKIE && found != null && found.location() == TokenLocation.HEADER) {
                break;
            }
            try {
                String token = in(location, request, refresh);
                if (found != null && !found.token().equals(token)) {
                    throw AuthException.of(TOKEN_AMBIGUOUS);
                }
                found = found == null ? new Found(token, location) : found;
            } catch (AuthException e) {
                if (e.error() == REQUEST_MALFORMED || e.error() == BODY_TOO_LARGE) {
                    malformed = e; // a body that is no place for a token does not spoil the one in the header
                } else if (e.error() == TOKEN_MISSING) {
                    reasons.put(location, Objects.requireNonNull(e.getMessage()));
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

    private static List<TokenLocation> cookieLast(List<TokenLocation> locations) {
        return locations.stream()
                .sorted(Comparator.comparing(location -> location == TokenLocation.COOKIE))
                .toList();
    }

    private String in(TokenLocation location, AuthRequest request, boolean refresh) {
        return switch (location) {
            case HEADER -> inHeader(request);
            case COOKIE -> inCookie(request, refresh ? settings.cookies.refreshName() : settings.cookies.accessName());
            case QUERY -> inQuery(request);
            case FORM -> inForm(request, refresh ? "refresh_token" : "access_token");
            case JSON -> inJson(request, refresh);
        };
    }

    private static String missing(List<TokenLocation> locations, Map<TokenLocation, String> reasons) {
        List<String> texts = locations.stream().map(reasons::get).toList();
        if (locations.size() == 1) {
            return texts.get(0);
        }
        List<String> labels = locations.stream().map(TokenLocation::label).toList();
        return "Missing JWT in " + String.join(", ", labels.subList(0, labels.size() - 1)) + " or "
                + labels.get(labels.size() - 1) + " (" + String.join("; ", texts) + ")";
    }

    /** Cookies of one name can lie at several paths; two values are a leftover or were planted (RFC 6265 section 5.4). */
    private static String inCookie(AuthRequest request, String name) {
        List<String> values = cookies(request, name);
        if (values.isEmpty()) {
            throw AuthException.of(TOKEN_MISSING, "Missing cookie \"" + name + "\"");
        }
        if (values.size() > 1) {
            throw AuthException.of(TOKEN_AMBIGUOUS).ofStaleCookie();
        }
        return values.get(0);
    }

    /** The different values of a cookie, empty ones left out. */
    static List<String> cookies(AuthRequest request, String name) {
        return request.headers("Cookie").stream()
                .flatMap(line -> Stream.of(line.split(";")))
                .map(Locations::trim)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    private String inQuery(AuthRequest request) {
        String name = settings.queryName;
        String token = one(Parameters.values(request.query(), name))
                .orElseThrow(() -> AuthException.of(
                        TOKEN_MISSING,
                        "Missing '" + name + "' query "
                                + (settings.errorStyle == ErrorStyle.ANCESTORS ? "paramater" : "parameter")));
        if (!token.startsWith(settings.queryPrefix)) {
            throw AuthException.of(
                    TOKEN_MALFORMED,
                    "Invalid value for query parameter '" + name + "'. Expected the value to start with '"
                            + settings.queryPrefix + "'");
        }
        return token.substring(settings.queryPrefix.length());
    }

    private String inForm(AuthRequest request, String field) {
        String form = isForm(request) && !WITHOUT_BODY.contains(request.method())
                ? new String(body(request, settings.maxBody), StandardCharsets.ISO_8859_1)
                : "";
        return one(Parameters.values(form, field))
                .orElseThrow(() -> AuthException.of(TOKEN_MISSING, "Missing '" + field + "' form field"));
    }

    /** Two of a name are two credentials, whatever they hold (RFC 6750 section 3.1). */
    private static Optional<String> one(List<Optional<String>> values) {
        List<Optional<String>> filled =
                values.stream().filter(value -> !value.equals(Optional.of(""))).toList();
        if (filled.size() > 1) {
            throw AuthException.of(TOKEN_AMBIGUOUS);
        }
        if (filled.stream().anyMatch(Optional::isEmpty)) {
            throw AuthException.of(TOKEN_MALFORMED);
        }
        return filled.isEmpty() ? Optional.empty() : filled.get(0);
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
        return !isHandshake(request)
                ? List.of()
                : protocols(request)
                        .filter(Locations::isToken)
                        .map(protocol -> protocol.substring(OFFER.length()))
                        .toList();
    }

    static boolean isHandshake(AuthRequest request) {
        return request.headers("Upgrade").stream().anyMatch("websocket"::equalsIgnoreCase);
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
        byte[] body = WITHOUT_BODY.contains(request.method()) ? new byte[0] : body(request, settings.maxBody);
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
        String type = mediaType(request);
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }

    /** Never {@code multipart/form-data}: it may hold whole files. */
    static boolean isForm(AuthRequest request) {
        return mediaType(request).equals("application/x-www-form-urlencoded");
    }

    private static String mediaType(AuthRequest request) {
        List<String> types = request.headers("Content-Type");
        return types.size() != 1 ? "" : trim(types.get(0).split(";", 2)[0]).toLowerCase(Locale.ROOT);
    }

    static byte[] body(AuthRequest request, int most) {
        byte[] body;
        try {
            body = request.body(most + 1);
        } catch (IOException e) {
            throw AuthException.of(REQUEST_MALFORMED, "Request body ended early");
        } catch (IllegalStateException e) { // of the adapter, which knows the mend
            throw AuthException.unavailable(String.valueOf(e.getMessage()), null);
        }
        if (body.length > most) {
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
