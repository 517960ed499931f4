package dev.latchkey.servlet;

import dev.latchkey.Access;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one Latchkey found of one request, kept as its attribute through all its dispatches. */
final class Visit {

    private static final String CURRENT = "dev.latchkey.visit";
    private static final String TOKEN = "dev.latchkey.token";

    /** What a servlet says of a body that a refusal replaces. */
    private static final Set<String> OF_A_BODY = Set.of(("content-type content-length content-encoding content-language"
                    + " content-disposition content-range cache-control expires etag last-modified")
            .split(" "));

    private final Latchkey auth;
    private final List<Visit> all;
    private final HttpServletResponse response;
    private final List<Access> met = new ArrayList<>();
    private @Nullable VerifiedToken token;
    private boolean failed;

    private Visit(Latchkey auth, List<Visit> all, HttpServletResponse response) {
        this.auth = auth;
        this.all = all;
        this.response = response;
        all.add(this);
    }

    /** That of the filter nearest to the servlet. */
    static Optional<Visit> of(ServletRequest request) {
        return Optional.ofNullable((Visit) request.getAttribute(CURRENT));
    }

    /** Goes on where an earlier dispatch of the request ended. */
    static Visit enter(Latchkey auth, ServletRequest request, HttpServletResponse response) {
        List<Visit> all = of(request).map(current -> current.all).orElseGet(ArrayList::new);
        Visit visit = all.stream()
                .filter(known -> known.auth.equals(auth))
                .findFirst()
                .orElseGet(() -> new Visit(auth, all, response));
        visit.enter(request);
        return visit;
    }

    void enter(ServletRequest request) {
        request.setAttribute(CURRENT, this);
        request.setAttribute(TOKEN, token);
    }

    Optional<VerifiedToken> token() {
        return Optional.ofNullable(token);
    }

    /** An error page is the container's own choice: it shows its error to anybody, and so does what it forwards to. */
    void admit(LatchkeyRequest request, DispatcherType dispatch, List<Access> demands) {
        failed |= dispatch == DispatcherType.ERROR;
        if (!failed) {
            demands.forEach(access -> check(request, access));
        }
    }

    /** Checks what no earlier check of the request did. */
    void check(LatchkeyRequest request, Access access) {
        if (met.stream().anyMatch(before -> before.covers(access))) {
            return;
        }
        Outcome outcome = auth.check(request, access);
        LatchkeyFilter.set(response, outcome.headers(response::getHeaders));
        if (outcome.refusal().isPresent()) {
            throw outcome.refusal().get();
        }
        met.add(access);
        token = outcome.token().orElse(token);
        enter(request);
    }

    /** Takes back what a servlet wrote; headers that others set, such as those for CORS, stay. */
    static void clear(HttpServletResponse response) {
        Map<String, List<String>> others = new LinkedHashMap<>();
        for (String name : response.getHeaderNames()) {
            if (!OF_A_BODY.contains(name.toLowerCase(Locale.ROOT))) {
                others.put(name, List.copyOf(response.getHeaders(name)));
            }
        }
        response.reset();
        others.forEach((name, values) -> {
            if (!response.containsHeader(name)) {
                values.forEach(value -> response.addHeader(name, value));
            }
        });
    }
}
