package dev.latchkey;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hands tokens to the client, in a body or as cookies, and takes cookies back (RFC 6265 section 4.1). */
final class Delivery {

    private final Settings settings;
    private final Mint mint;
    private final Cookies cookies;

    Delivery(Settings settings, Mint mint) {
        this.settings = settings;
        this.mint = mint;
        this.cookies = settings.cookies;
    }

    /** As RFC 6749 section 5.1 has it. */
    AuthResponse inBody(Tokens tokens) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("access_token", tokens.accessToken());
        tokens.refreshToken().ifPresent(token -> body.put("refresh_token", token));
        body.put("token_type", "Bearer");
        body.put("expires_in", seconds(tokens));
        return AuthResponse.json(200, body).withHeader("Cache-Control", "no-store");
    }

    /** A body that any script of the page may read holds no token. */
    AuthResponse inCookies(Tokens tokens, String prefix) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("expires_in", seconds(tokens));
        if (!cookies.hasCsrfCookie()) {
            tokens.csrf().ifPresent(csrf -> body.put("csrf_token", csrf));
        }
        return AuthResponse.json(200, body)
                .withHeader("Cache-Control", "no-store")
                .withCookies(lines(tokens, cookies, prefix));
    }

    private static long seconds(Tokens tokens) {
        return tokens.accessExpiresAt().getEpochSecond() - tokens.issuedAt().getEpochSecond();
    }

    /** The lines that set the cookies of these tokens; the application's prefix comes before paths of its own. */
    List<String> lines(Tokens tokens, Cookies as, String prefix) {
        String csrf = tokens.csrf()
                .orElseThrow(() -> new IllegalArgumentException(
                        "these tokens are not for cookies: issue them with Grant.create().forCookies()"));
        List<String> lines = new ArrayList<>();
        lines.add(access(tokens.accessToken(), tokens.accessExpiresAt(), as));
        tokens.refreshToken().ifPresent(token -> {
            lines.add(refresh(token, tokens.refreshExpiresAt(), as, prefix));
            csrf(lines, csrf, tokens.refreshExpiresAt(), as);
        });
        return lines;
    }

    /** The same for one token, which must be genuine. */
    List<String> lines(String token, Claims claims, Cookies as) {
        String csrf = claims.string("csrf")
                .orElseThrow(() -> new IllegalArgumentException(
                        "this token is not for cookies: make it with Grant.create().forCookies()"));
        List<String> lines = new ArrayList<>();
        lines.add(
                claims.type().equals("refresh")
                        ? refresh(token, claims.expiresAt(), as, "")
                        : access(token, claims.expiresAt(), as));
        csrf(lines, csrf, claims.expiresAt(), as);
        return lines;
    }

    private String access(String token, Instant end, Cookies as) {
        return set(as.accessName(), token, as.accessPath(), end, as.attributes(false), as);
    }

    private String refresh(String token, Instant end, Cookies as, String prefix) {
        return set(as.refreshName(), token, refreshPath(as, prefix), end, as.attributes(false), as);
    }

    private void csrf(List<String> lines, String value, Instant end, Cookies as) {
        if (as.hasCsrfCookie()) {
            lines.add(set(as.csrfName(), value, as.csrfPath(), end, as.attributes(true), as));
        }
    }

    private String refreshPath(Cookies as, String prefix) {
        return as.refreshPath().orElseGet(() -> {
            String path = encoded(prefix) + settings.refreshPath.replaceFirst("/[^/]*$", "");
            return path.isEmpty() ? "/" : path;
        });
    }

    /** A prefix can be part of what the client sent: it must add no attribute to the cookie. */
    private static String encoded(String prefix) {
        StringBuilder out = new StringBuilder();
        for (byte b : prefix.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b < 127 && b != ';';
            out.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b & 0xff));
        }
        return out.toString();
    }

    private String set(String name, String value, String path, Instant end, String attributes, Cookies as) {
        Duration life = Duration.between(settings.clock.instant(), end);
        String age = as.ageFor(life)
                .map(most -> "; Max-Age=" + Math.max(1, most.toSeconds()))
                .orElse("");
        String line = name + "=" + value + "; Path=" + path + age + attributes;
        if (line.length() > Cookies.LONGEST_LINE) {
            throw new IllegalArgumentException("the cookie " + name + " has " + line.length()
                    + " bytes, and browsers drop lines of more than " + Cookies.LONGEST_LINE
                    + ": put less into the token's claims");
        }
        return line;
    }

    /** The lines that take back every cookie which may be there, of today's settings and of others. */
    List<String> cleared(Cookies as, String prefix) {
        return cleared(as, prefix, true);
    }

    /** The same for the cookie that was refused: for the access cookie alone, since the other may bring a new one. */
    List<String> clearedStale(AuthException refusal, boolean refresh, AuthRequest request) {
        return refusal.isOfPlantedCookie()
                ? clearedPlanted(refresh, request)
                : cleared(cookies, request.prefix(), refresh);
    }

    /**
     * Of two cookies of one name the one that is not as we set it: whoever took back ours would leave its bearer with that
     * of somebody else. What lies at a path unknown to us stays, and is refused again.
     */
    private List<String> clearedPlanted(boolean refresh, AuthRequest request) {
        String name = refresh ? cookies.refreshName() : cookies.accessName();
        String own = refresh ? refreshPath(cookies, request.prefix()) : cookies.accessPath();
        String attributes = cookies.ofTheHost().attributes(false);
        List<String> lines = new ArrayList<>();
        for (String path : new LinkedHashSet<>(List.of(own, "/"))) {
            if (!path.equals(own) || cookies.hasDomain()) {
                lines.add(clear(name, path, attributes));
            }
            for (String domain : parents(request)) {
                if (!cookies.hasDomain()) { // else ours could be the one of them
                    lines.add(clear(name, path, "; Domain=" + domain + attributes));
                }
            }
        }
        return lines;
    }

    /** The host of the request and every domain above it, down to two labels. */
    private static List<String> parents(AuthRequest request) {
        List<String> hosts = request.headers("Host");
        String host = hosts.size() == 1 ? hosts.get(0).replaceFirst(":[0-9]+$", "") : "";
        List<String> parents = new ArrayList<>();
        while (host.length() < 254 && host.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+") && !host.matches("[0-9.]+")) {
            parents.add(host);
            host = host.substring(host.indexOf('.') + 1);
        }
        return parents;
    }

    private List<String> cleared(Cookies as, String prefix, boolean all) {
        Set<String> lines = new LinkedHashSet<>();
        for (Cookies variant : List.of(as, as.ofTheHost())) {
            for (String path : new LinkedHashSet<>(List.of(as.accessPath(), "/"))) {
                lines.add(clear(variant.accessName(), path, variant.attributes(false)));
            }
            for (String path : new LinkedHashSet<>(List.of(as.csrfPath(), "/"))) {
                if (all) {
                    lines.add(clear(variant.csrfName(), path, variant.attributes(true)));
                }
            }
            for (String path : new LinkedHashSet<>(List.of(refreshPath(as, prefix), "/"))) {
                if (all) {
                    lines.add(clear(variant.refreshName(), path, variant.attributes(false)));
                }
            }
        }
        return List.copyOf(lines);
    }

    private static String clear(String name, String path, String attributes) {
        return name + "=; Path=" + path + "; Max-Age=0" + attributes;
    }

    /**
     * The access cookie anew, where the one that came is near its end. Freshness is not carried on, since nobody has typed
     * a password, but a moment until which it lasts is.
     */
    Optional<String> renewed(VerifiedToken token) {
        Claims old = token.claims();
        Instant now = settings.clock.instant();
        Optional<Instant> last = old.instant(Mint.RENEWABLE_UNTIL);
        boolean near = cookies.renewal()
                .filter(before -> Duration.between(now, old.expiresAt()).compareTo(before) < 0)
                .isPresent();
        if (!near || last.isEmpty() || !old.type().equals("access")) {
            return Optional.empty();
        }
        Instant end = Mint.later(now, Duration.between(old.issuedAt(), old.expiresAt()));
        Instant until = end.isBefore(last.get()) ? end : last.get();
        try {
            return until.isAfter(old.expiresAt())
                    ? Optional.of(access(mint.again(old, now, until), until, cookies))
                    : Optional.empty();
        } catch (RuntimeException e) { // a key whose hardware does not answer: the old cookie is good for a while
            Log.warn("a cookie was not renewed: " + Log.escape(e.toString()));
            return Optional.empty();
        }
    }
}
