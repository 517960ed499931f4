package dev.latchkey;

import static dev.latchkey.AuthError.CLAIM_MISSING;
import static dev.latchkey.AuthError.CSRF_MISMATCH;
import static dev.latchkey.AuthError.CSRF_MISSING;
import static dev.latchkey.AuthError.ORIGIN_REJECTED;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a request that the application's own pages sent from one that another page made the browser send: a cookie comes
 * along with both. The page must be of a trusted origin, and must repeat the CSRF value that the token holds.
 */
final class Csrf {

    /** Compared as they are written: a lower-case {@code get} is no such method. */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final Settings settings;
    private final Cookies cookies;

    Csrf(Settings settings) {
        this.settings = settings;
        this.cookies = settings.cookies;
    }

    /** Checks a request whose token came as a cookie. */
    void check(AuthRequest request, Claims claims, Access access) {
        if (!cookies.isCsrfProtected()) {
            return;
        }
        // On safe methods too: a token without it was never meant for a cookie.
        String expected =
                claims.string("csrf").orElseThrow(() -> AuthException.of(CLAIM_MISSING, "Missing claim: csrf", claims));
        boolean handshake = Locations.isHandshake(request);
        if (!access.wantsCsrf(handshake || !SAFE.contains(request.method()))) {
            return;
        }
        boolean vouched = checkOrigin(request);
        if (handshake && vouched) { // a browser's WebSocket can send no value
            return;
        }
        List<String> found = found(request);
        if (found.isEmpty()) {
            throw AuthException.of(CSRF_MISSING, missing(), claims);
        }
        if (found.size() > 1 || !MessageDigest.isEqual(utf8(found.get(0)), utf8(expected))) {
            throw AuthException.of(CSRF_MISMATCH, CSRF_MISMATCH.message(), claims);
        }
    }

    private String missing() {
        return settings.errorStyle == ErrorStyle.ANCESTORS
                ? CSRF_MISSING.message()
                : CSRF_MISSING.message() + ". Expected it in the header '" + cookies.csrfHeader()
                        + "', or in the field '" + cookies.csrfField() + "' of a form";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What the header says, else the form: each value that was sent. */
    private List<String> found(AuthRequest request) {
        List<String> sent = request.headers(cookies.csrfHeader()).stream()
                .filter(value -> !value.isBlank())
                .toList();
        if (!sent.isEmpty() || !Locations.isForm(request)) {
            return sent;
        }
        String form;
        try {
            form = new String(Locations.body(request, settings.maxBody), StandardCharsets.ISO_8859_1);
        } catch (AuthException e) { // nobody can read it any more, or it is too large: the header remains
            if (e.getCause() != null) {
                Log.warn("no CSRF value is read from a form: " + e.getCause().getMessage());
            }
            return List.of();
        }
        return Parameters.values(form, cookies.csrfField()).stream()
                .map(value -> value.orElse("?"))
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /**
     * Whether browser or page vouch for where the request came from; false where nothing tells, since no browser sent it.
     *
     * @throws AuthException if it came from a page that is not trusted
     */
    boolean checkOrigin(AuthRequest request) {
        if (!cookies.isCsrfProtected()) {
            return true;
        }
        List<String> origins = request.headers("Origin");
        if (origins.size() == 1 && cookies.trusts(origins.get(0))) {
            return true;
        }
        List<String> sites = request.headers("Sec-Fetch-Site");
        if (!sites.isEmpty()) {
            return pass(sites.equals(List.of("same-origin")) || sites.equals(List.of("none")));
        }
        // The scheme is left out: where TLS ends at a proxy, this side does not know it.
        return !origins.isEmpty() && pass(origins.size() == 1 && isOwn(origins.get(0), request.headers("Host")));
    }

    private static boolean pass(boolean trusted) {
        if (!trusted) {
            throw AuthException.of(ORIGIN_REJECTED);
        }
        return true;
    }

    private static boolean isOwn(String origin, List<String> hosts) {
        String page = origin.toLowerCase(Locale.ROOT);
        Optional<String> port = page.startsWith("https://")
                ? Optional.of(":443")
                : page.startsWith("http://") ? Optional.of(":80") : Optional.empty();
        return hosts.size() == 1
                && port.isPresent()
                && withPort(page.substring(page.indexOf("//") + 2), port.get())
                        .equals(withPort(hosts.get(0).toLowerCase(Locale.ROOT), port.get()));
    }

    private static String withPort(String host, String usual) {
        return host.matches(".*:[0-9]+") && !host.endsWith("]") ? host : host + usual;
    }
}
