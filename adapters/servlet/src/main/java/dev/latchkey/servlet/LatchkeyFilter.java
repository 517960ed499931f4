package dev.latchkey.servlet;

import dev.latchkey.Access;
import dev.latchkey.AccessRules;
import dev.latchkey.AuthException;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Protects every servlet and static file behind it, and serves Latchkey's endpoints. Map it to {@code /*}, for all
 * dispatcher types, with asynchronous requests supported.
 *
 * <pre>{@code
 * LatchkeyFilter filter = LatchkeyFilter.of(auth)
 *         .open("/health", "/assets/*")
 *         .require("/admin/*", Access.role("admin")); // everything else: a valid access token
 * }</pre>
 */
public final class LatchkeyFilter implements Filter {

    /** Only a servlet can hand a request on to what lies there: views (Servlet 10.5). */
    private static final AccessRules VIEWS = AccessRules.create().open("/WEB-INF/*");

    private final Latchkey auth;
    private final Set<String> endpoints;
    private final AccessRules rules;

    private LatchkeyFilter(Latchkey auth, AccessRules rules) {
        this.auth = auth;
        this.endpoints = auth.endpoints();
        this.rules = rules;
    }

    /** Every path demands a valid access token. */
    public static LatchkeyFilter of(Latchkey auth) {
        return new LatchkeyFilter(auth, AccessRules.create());
    }

    /**
     * A copy in which these paths are open to anybody: literal, or with {@code /*} at the end for all below, yet not for
     * servlets that are mapped by extension.
     */
    public LatchkeyFilter open(String first, String... more) {
        return new LatchkeyFilter(auth, rules.open(first, more));
    }

    /** A copy in which a path demands this, as {@link AccessRules#require} takes it, within the application's context. */
    public LatchkeyFilter require(String path, Access access) {
        return new LatchkeyFilter(auth, rules.require(path, access));
    }

    /**
     * The token of this request.
     *
     * @throws IllegalStateException if the path is open, or optional and the request has none
     */
    public static VerifiedToken token(ServletRequest request) {
        return Outcome.tokenOf(met(request));
    }

    /** The token of this request; empty on an open path, and on an optional one without a token. */
    public static Optional<VerifiedToken> findToken(ServletRequest request) {
        return Outcome.findTokenOf(met(request));
    }

    private static @Nullable Outcome met(ServletRequest request) {
        return LatchkeyRequest.of(request).map(LatchkeyRequest::met).orElse(null);
    }

    /**
     * The user of this request, as the user loader found it.
     *
     * @throws IllegalStateException if there is no token, or no user was loaded, or one of another class
     */
    public static <U> U user(ServletRequest request, Class<U> type) {
        return token(request).user(type);
    }

    /**
     * Checks the request once more inside a servlet; a refusal that the servlet lets through becomes the response.
     *
     * @throws AuthException if the request is refused
     */
    public static Optional<VerifiedToken> check(HttpServletRequest request, Access access) {
        return LatchkeyRequest.of(request)
                .orElseThrow(
                        () -> new IllegalStateException("no LatchkeyFilter stands before this servlet: map it to /*"))
                .check(request, access);
    }

    /** Writes a response of Latchkey from a servlet, such as {@code auth.respond(auth.issue(person))}. */
    public static void write(HttpServletResponse response, AuthResponse answer) throws IOException {
        response.setStatus(answer.status());
        answer.setHeaders(response::getHeaders, response::setHeader, response::addHeader);
        response.getOutputStream().write(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void init(FilterConfig config) {
        System.getLogger("dev.latchkey")
                .log(System.Logger.Level.INFO, "paths: " + rules + ", the rest required, endpoints: " + endpoints);
    }

    @Override
    public void doFilter(ServletRequest incoming, ServletResponse outgoing, FilterChain chain)
            throws IOException, ServletException {
        HttpServletResponse response = (HttpServletResponse) outgoing;
        LatchkeyRequest request = new LatchkeyRequest(auth, (HttpServletRequest) incoming, response);
        DispatcherType dispatch = request.getDispatcherType();
        if (endpoints.contains(request.path()) && dispatch != DispatcherType.ERROR) {
            write(response, auth.serve(request.seen()));
            return;
        }
        Outcome around = request.met();
        try {
            demands(request, dispatch).forEach(request::check);
            chain.doFilter(request, response);
        } catch (AuthException | ServletException e) {
            AuthException refusal = refusal(e);
            if (refusal != null && response.isCommitted() && response.getStatus() == 400) {
                return; // the container has answered a body that ended early
            }
            // What is included can set neither status nor headers: who includes it answers.
            if (refusal == null || dispatch == DispatcherType.INCLUDE || response.isCommitted()) {
                throw e;
            }
            AuthResponse answer = auth.respond(refusal).inPlaceOf(response.getHeaderNames(), response::getHeaders);
            response.reset(); // what a servlet wrote
            write(response, answer);
            if (request.isAsyncStarted()) {
                request.getAsyncContext().complete();
            }
        } finally {
            if (dispatch == DispatcherType.INCLUDE) {
                request.keep(around);
            }
        }
    }

    private List<Access> demands(LatchkeyRequest request, DispatcherType dispatch) {
        boolean handedOn = dispatch == DispatcherType.FORWARD || dispatch == DispatcherType.INCLUDE;
        boolean view = handedOn && VIEWS.access(request.path()).equals(Access.open());
        return view || request.isOfAnError()
                ? List.of(Access.open())
                : rules.demands(request.path(), request.sentPath(), request.isMappedByExtension());
    }

    /** The refusal that somebody let through, or that a framework wrapped as its own failure. */
    private static @Nullable AuthException refusal(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof ServletException) {
            cause = cause.getCause();
        }
        return cause instanceof AuthException refusal ? refusal : null;
    }
}
