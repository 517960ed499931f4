package dev.latchkey.servlet;

import dev.latchkey.Access;
import dev.latchkey.AuthRequest;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request as the core sees it, and as servlets see it: with its user, and with its body in full. Each dispatch and
 * filter makes one; what is known of the request lies in the first.
 */
final class LatchkeyRequest extends HttpServletRequestWrapper {

    private static final String FIRST = "dev.latchkey.request";
    private static final String TOKEN = "dev.latchkey.token";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";

    private record Subject(String getName) implements Principal {}

    private final Latchkey auth;
    private final LatchkeyRequest first;
    private final HttpServletResponse response;
    private final boolean included;
    private @Nullable Outcome met;
    private @Nullable Replay replay;
    private boolean failed;

    LatchkeyRequest(Latchkey auth, HttpServletRequest request, HttpServletResponse response) {
        super(request);
        this.auth = auth;
        this.first = of(request).orElse(this);
        this.response = response;
        // An included servlet sees the paths of the one that includes it; its own are attributes (Servlet 9.3.1).
        this.included = request.getDispatcherType() == DispatcherType.INCLUDE
                && request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) != null;
        setAttribute(FIRST, first);
    }

    /** The first of a request; empty where no filter stood before. */
    static Optional<LatchkeyRequest> of(ServletRequest request) {
        return Optional.ofNullable((LatchkeyRequest) request.getAttribute(FIRST));
    }

    /** As the core sees it: with the headers of the first, from which nobody has taken anything. */
    AuthRequest seen() {
        HttpServletRequest sent = (HttpServletRequest) first.getRequest();
        return AuthRequest.of(
                        getMethod(),
                        path(),
                        getQueryString(),
                        name -> Collections.list(sent.getHeaders(name)),
                        getRemoteAddr(),
                        this::start)
                .withPrefix(getServletContext().getContextPath()) // that of the request may have ;x=1 on Tomcat
                .withBefore(first.met);
    }

    @Nullable
    Outcome met() {
        return first.met;
    }

    /** Keeps what the request has met, and shows pages its token. */
    void keep(@Nullable Outcome outcome) {
        first.met = outcome;
        setAttribute(TOKEN, Outcome.findTokenOf(outcome).orElse(null));
    }

    Optional<VerifiedToken> check(Access access) {
        Outcome outcome = auth.check(seen(), access);
        outcome.setHeaders(first.response::getHeaders, first.response::setHeader, first.response::addHeader);
        keep(outcome.orThrow());
        return outcome.token();
    }

    /** Asks once more who let the request in. */
    Optional<VerifiedToken> check(HttpServletRequest request, Access access) {
        Latchkey last = met == null ? auth : met.latchkey();
        return new LatchkeyRequest(last, request, response).check(access);
    }

    /** An error page is the container's own choice: it shows its error to anybody, and so does what it forwards to. */
    boolean isOfAnError() {
        first.failed |= getDispatcherType() == DispatcherType.ERROR; // not by an attribute, which others can set
        return first.failed;
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "");
    }

    /** The path by which the container chose the servlet: decoded, normal, without parameters. */
    String path() {
        return included
                ? text(getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH))
                        + text(getAttribute(RequestDispatcher.INCLUDE_PATH_INFO))
                : getServletPath() + text(getPathInfo());
    }

    /** The path as it was sent, by which some frameworks choose once more within their servlet. */
    String sentPath() {
        String uri = included ? text(getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI)) : getRequestURI();
        // Where the context path was sent in another spelling, nothing is cut off, and no open rule fits.
        String context = getContextPath();
        return uri.startsWith(context + "/") ? uri.substring(context.length()) : uri;
    }

    boolean isMappedByExtension() {
        return (included ? getAttribute(RequestDispatcher.INCLUDE_MAPPING) : getHttpServletMapping())
                        instanceof HttpServletMapping mapping
                && mapping.getMappingMatch() == MappingMatch.EXTENSION;
    }

    /** A token among the sub-protocols must not be what a WebSocket behind the filter selects. */
    @Override
    public Enumeration<String> getHeaders(String name) {
        return name.equalsIgnoreCase(PROTOCOL)
                ? Collections.enumeration(seen().subProtocols())
                : super.getHeaders(name);
    }

    @Override
    public @Nullable String getHeader(String name) {
        Enumeration<String> lines = getHeaders(name);
        return lines.hasMoreElements() ? lines.nextElement() : null;
    }

    private byte[] start(int limit) throws IOException {
        if (first.replay == null) {
            first.replay = new Replay(super.getInputStream(), limit);
        }
        return first.replay.start();
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return first.replay == null ? super.getInputStream() : first.replay;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return first.replay == null ? super.getReader() : first.replay.reader(getCharacterEncoding());
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = getParameterValues(name);
        return values == null ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return getParameterMap().get(name);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }

    /** The container has lost a form that the core read: those of the query, then its fields (Servlet 3.1). */
    @Override
    public Map<String, String[]> getParameterMap() {
        boolean form = text(getHeader("Content-Type")).toLowerCase(Locale.ROOT).startsWith(FORM);
        // Of several of these, one for each dispatch, the innermost adds them.
        if (first.replay == null || !form || isWrapperFor(LatchkeyRequest.class)) {
            return super.getParameterMap();
        }
        Map<String, List<String>> fields =
                first.replay.fields(getCharacterEncoding()); // first: Jetty would take the rest
        Map<String, String[]> all = new LinkedHashMap<>(super.getParameterMap());
        fields.forEach((name, values) -> all.merge(
                name,
                values.toArray(String[]::new),
                (query, more) -> Stream.of(query, more).flatMap(Stream::of).toArray(String[]::new)));
        return Collections.unmodifiableMap(all);
    }

    private Optional<VerifiedToken> token() {
        return Outcome.findTokenOf(first.met);
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        return token().<Principal>map(token -> new Subject(token.subject())).orElseGet(super::getUserPrincipal);
    }

    @Override
    public @Nullable String getRemoteUser() {
        return token().map(VerifiedToken::subject).orElseGet(super::getRemoteUser);
    }

    @Override
    public boolean isUserInRole(String role) {
        return token().map(token -> token.roles().contains(role)).orElseGet(() -> super.isUserInRole(role));
    }

    @Override
    public @Nullable String getAuthType() {
        return token().map(token -> "Bearer").orElseGet(super::getAuthType);
    }
}
