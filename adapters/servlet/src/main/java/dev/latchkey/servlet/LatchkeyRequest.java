package dev.latchkey.servlet;

import dev.latchkey.AuthRequest;
import dev.latchkey.VerifiedToken;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
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

/** A request as the core sees it, and as servlets see it: with its user, and with its body in full. */
final class LatchkeyRequest extends HttpServletRequestWrapper implements AuthRequest {

    private static final String BODY = "dev.latchkey.body";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";
    private static final String OFFERED = "dev.latchkey.offered";

    private record Subject(String getName) implements Principal {}

    private final String path;
    private final String sentPath;
    private final boolean mappedByExtension;

    LatchkeyRequest(HttpServletRequest request) {
        super(request);
        if (request.getAttribute(OFFERED) == null) { // else another of these hides a part of it
            request.setAttribute(OFFERED, Collections.list(request.getHeaders(PROTOCOL)));
        }
        // An included servlet sees the paths of the one that includes it; its own are attributes (Servlet 9.3.1).
        boolean included = request.getDispatcherType() == DispatcherType.INCLUDE
                && request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) != null;
        path = included
                ? text(request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH))
                        + text(request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO))
                : request.getServletPath() + text(request.getPathInfo());
        String uri =
                included ? text(request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI)) : request.getRequestURI();
        // Where the context path was sent in another spelling, nothing is cut off, and no open rule fits.
        String context = request.getContextPath();
        sentPath = uri.startsWith(context + "/") ? uri.substring(context.length()) : uri;
        mappedByExtension =
                (included ? request.getAttribute(RequestDispatcher.INCLUDE_MAPPING) : request.getHttpServletMapping())
                                instanceof HttpServletMapping mapping
                        && mapping.getMappingMatch() == MappingMatch.EXTENSION;
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "");
    }

    @Override
    public String method() {
        return getMethod();
    }

    /** The path by which the container chose the servlet: decoded, normal, without parameters. */
    @Override
    public String path() {
        return path;
    }

    /** The path as it was sent, by which some frameworks choose once more within their servlet. */
    String sentPath() {
        return sentPath;
    }

    boolean isMappedByExtension() {
        return mappedByExtension;
    }

    /** Not that of the request, which Tomcat gives as it was sent, with {@code ;x=1} in it. */
    @Override
    public String prefix() {
        return getServletContext().getContextPath();
    }

    @Override
    public String query() {
        return text(getQueryString());
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<String> headers(String name) {
        return name.equalsIgnoreCase(PROTOCOL)
                ? (List<String>) getAttribute(OFFERED)
                : Collections.list(super.getHeaders(name));
    }

    @Override
    public String remoteAddress() {
        return getRemoteAddr();
    }

    /** A token among the sub-protocols must not be what a WebSocket behind the filter selects. */
    @Override
    public Enumeration<String> getHeaders(String name) {
        return name.equalsIgnoreCase(PROTOCOL) ? Collections.enumeration(subProtocols()) : super.getHeaders(name);
    }

    @Override
    public @Nullable String getHeader(String name) {
        Enumeration<String> lines = getHeaders(name);
        return lines.hasMoreElements() ? lines.nextElement() : null;
    }

    @Override
    public byte[] body(int limit) throws IOException {
        Replay replay = replay();
        if (replay == null) {
            replay = new Replay(super.getInputStream(), limit);
            setAttribute(BODY, replay);
        }
        return replay.start();
    }

    private @Nullable Replay replay() {
        return (Replay) getAttribute(BODY);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        Replay replay = replay();
        return replay == null ? super.getInputStream() : replay;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        Replay replay = replay();
        return replay == null ? super.getReader() : replay.reader(getCharacterEncoding());
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
        Replay replay = replay();
        boolean form = text(getHeader("Content-Type")).toLowerCase(Locale.ROOT).startsWith(FORM);
        // Of several of these, one for each dispatch, the innermost adds them.
        if (replay == null || !form || isWrapperFor(LatchkeyRequest.class)) {
            return super.getParameterMap();
        }
        Map<String, List<String>> fields = replay.fields(getCharacterEncoding()); // first: Jetty would take the rest
        Map<String, String[]> all = new LinkedHashMap<>(super.getParameterMap());
        fields.forEach((name, values) -> all.merge(
                name,
                values.toArray(String[]::new),
                (query, more) -> Stream.of(query, more).flatMap(Stream::of).toArray(String[]::new)));
        return Collections.unmodifiableMap(all);
    }

    private Optional<VerifiedToken> token() {
        return LatchkeyFilter.findToken(this);
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
