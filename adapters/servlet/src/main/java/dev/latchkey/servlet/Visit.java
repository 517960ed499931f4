package dev.latchkey.servlet;

import dev.latchkey.Access;
import dev.latchkey.AuthException;
import dev.latchkey.AuthResponse;
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
    private static final Set<String> OF_A_BODY = Set.of(
            "content-type",
            "content-length",
            "content-encoding",
            "content-language",
            "content-disposition",
            "content-range",
            "cache-control",
            "expires",
            "etag",
            "last-modified");

    private final Latchkey auth;
    private final List<Visit> all;
    private final List<Access> satisfied = new ArrayList<>();
    private LatchkeyRequest request;
    private HttpServletResponse response;
    private @Nullable VerifiedToken token;
    private @Nullable Outcome refused;
    private boolean failed;

    private Visit(Latchkey auth, List<Visit> all, LatchkeyRequest request, HttpServletResponse response) {
        this.auth = auth;
        this.all = all;
        this.request = request;
        this.response = response;
    }

    /** That of the filter nearest to the servlet. */
    static Optional<Visit> of(ServletRequest request) {
        return Optional.ofNullable((Visit) request.getAttribute(CURRENT));
    }

    /** Goes on where an earlier dispatch of the request ended. */
    static Visit enter(Latchkey auth, LatchkeyRequest request, HttpServletResponse response) {
        List<Visit> all = of(request).map(current -> current.all).orElseGet(ArrayList::new);
        Visit visit = all.stream()
                .filter(known -> known.auth.equals(auth))
                .findFirst()
                .orElse(null);
        if (visit == null) {
            visit = new Visit(auth, all, request, response);
            all.add(visit);
        } else if (request.getDispatcherType() != DispatcherType.INCLUDE) {
            visit.request = request;
            visit.response = response;
        }
        visit.resume();
        return visit;
    }

    void resume() {
        request.setAttribute(CURRENT, this);
        request.setAttribute(TOKEN, token);
    }

    Optional<VerifiedToken> token() {
        return Optional.ofNullable(token);
    }

    /**
     * Checks what no earlier dispatch did. An error page is the container's own choice: it shows the error that it was
     * chosen for, and so does what it forwards to.
     */
    Optional<Outcome> admit(DispatcherType dispatch, List<Access> demands) {
        failed |= dispatch == DispatcherType.ERROR;
        for (Access access : failed ? List.<Access>of() : demands) {
            if (satisfied.stream().noneMatch(done -> done.covers(access))) {
                Outcome outcome = check(access);
                if (!outcome.admitted()) {
                    return Optional.of(outcome);
                }
            }
        }
        return Optional.empty();
    }

    Outcome check(Access access) {
        Outcome outcome = auth.check(request, access);
        outcome.headers().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        if (outcome.admitted()) {
            satisfied.add(access);
            token = outcome.token().orElse(token);
            resume();
        } else {
            refused = outcome;
        }
        return outcome;
    }

    AuthResponse respond(AuthException refusal) {
        return Optional.ofNullable(refused)
                .filter(outcome -> refusal.equals(outcome.refusal().orElse(null)))
                .flatMap(Outcome::response)
                .orElseGet(() -> auth.respond(refusal));
    }

    /** Takes back what a servlet wrote; headers that others set, such as those for CORS, stay. */
    void clear() {
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
