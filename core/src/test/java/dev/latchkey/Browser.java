package dev.latchkey;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Keeps cookies as a browser does, and sends them along, with the CSRF value where a page must repeat it. */
final class Browser {

    /** One cookie of the jar: names, domain and path tell it from others (RFC 6265 section 5.3). */
    record Cookie(String name, String value, String path, Instant end, Map<String, String> attributes) {

        boolean isSentTo(String target) {
            return target.equals(path) || target.startsWith(path.endsWith("/") ? path : path + "/");
        }
    }

    private final Latchkey auth;
    private final StandingClock clock;
    private final Map<String, Cookie> jar = new LinkedHashMap<>();
    private String csrfHeader = "X-CSRF-TOKEN";

    Browser(Latchkey auth, StandingClock clock) {
        this.auth = auth;
        this.clock = clock;
    }

    /** A browser with the cookies of somebody who just logged in. */
    static Browser ofAlice(Latchkey auth, StandingClock clock) {
        Browser browser = new Browser(auth, clock);
        browser.keep(Map.of(
                "Set-Cookie", auth.cookies(auth.issue("alice", Grant.create().forCookies()))));
        return browser;
    }

    Browser csrfHeader(String name) {
        csrfHeader = name;
        return this;
    }

    /** Asks an endpoint, as a script of a page does. */
    AuthResponse send(Request request) {
        AuthResponse response = auth.serve(withCookies(request));
        keep(response.headers());
        return response;
    }

    /** Asks a route. */
    Outcome check(Request request, Access access) {
        Outcome outcome = auth.check(withCookies(request), access);
        keep(outcome.headers());
        outcome.response().ifPresent(response -> keep(response.headers()));
        return outcome;
    }

    Outcome check(Request request) {
        return check(request, Access.required());
    }

    /** The request with what the browser and the page's script add to it. */
    Request withCookies(Request request) {
        Request whole = withCookiesAlone(request).header("Sec-Fetch-Site", "same-origin");
        Cookie csrf = cookie("csrf");
        return csrf == null || request.method().equals("GET") ? whole : whole.header(csrfHeader, csrf.value());
    }

    Request withCookiesAlone(Request request) {
        String line = all().stream()
                .filter(cookie -> cookie.isSentTo(request.path()))
                .map(cookie -> cookie.name() + "=" + cookie.value())
                .collect(Collectors.joining("; "));
        return line.isEmpty() ? request : request.header("Cookie", line);
    }

    void keep(Map<String, List<String>> headers) {
        headers.getOrDefault("Set-Cookie", List.of()).forEach(this::keep);
    }

    private void keep(String line) {
        List<String> parts = Arrays.stream(line.split(";")).map(String::strip).toList();
        Map<String, String> attributes = new TreeMap<>();
        for (String part : parts.subList(1, parts.size())) {
            String[] pair = part.split("=", 2);
            attributes.put(pair[0].toLowerCase(Locale.ROOT), pair.length == 1 ? "" : pair[1]);
        }
        String[] pair = parts.get(0).split("=", 2);
        String path = attributes.getOrDefault("path", "/");
        String key = pair[0] + " " + attributes.getOrDefault("domain", "") + " " + path;
        long age = Long.parseLong(attributes.getOrDefault("max-age", "1000000000"));
        jar.remove(key);
        if (age > 0) {
            jar.put(key, new Cookie(pair[0], pair[1], path, clock.instant().plusSeconds(age), attributes));
        }
    }

    /** What the browser holds now. */
    List<Cookie> all() {
        jar.values().removeIf(cookie -> !clock.instant().isBefore(cookie.end()));
        return new ArrayList<>(jar.values());
    }

    List<String> names() {
        return all().stream().map(Cookie::name).toList();
    }

    /** The one whose name holds this word, or null. */
    Cookie cookie(String word) {
        return all().stream()
                .filter(cookie -> cookie.name().contains(word))
                .filter(cookie -> word.equals("csrf") || !cookie.name().contains("csrf"))
                .findFirst()
                .orElse(null);
    }
}
