package dev.latchkey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How tokens travel as cookies, out of reach for scripts, and what holds other pages off (RFC 6265, CSRF).
 *
 * <pre>{@code
 * Latchkey.builder().cookies(Cookies.create().hostCookies().renewal(Duration.ofMinutes(5)))
 * }</pre>
 */
public final class Cookies implements Cloneable {

    /** Browsers drop a longer line. */
    static final int LONGEST_LINE = 4093;

    private static final String HOST_PREFIX = "__Host-";
    private static final String SECURE_PREFIX = "__Secure-";
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    // Written by the methods that make cookies, before anybody else can see them.
    private String accessName = "access_token_cookie";
    private String refreshName = "refresh_token_cookie";
    private String csrfName = "csrf_access_token";
    private boolean hostCookies;
    private String accessPath = "/";
    private @Nullable String refreshPath;
    private String csrfPath = "/";
    private @Nullable String domain;
    private String sameSite = "Lax";
    private boolean partitioned;
    private boolean insecure;
    private boolean untilBrowserCloses;
    private @Nullable Duration maxAge;
    private @Nullable Duration renewal;
    private String csrfHeader = "X-CSRF-TOKEN";
    private String csrfField = "csrf_token";
    private boolean csrfCookie = true;
    private boolean csrfProtection = true;
    private Set<String> trustedOrigins = Set.of();

    private Cookies() {}

    private Cookies with(Consumer<Cookies> change) {
        try {
            Cookies copy = (Cookies) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code HttpOnly}, {@code Secure}, {@code SameSite=Lax}, for this host alone, as long as the token lives. */
    public static Cookies create() {
        return new Cookies();
    }

    /**
     * The names, by default {@code access_token_cookie}, {@code refresh_token_cookie} and, for the CSRF value of both,
     * {@code csrf_access_token}.
     */
    public Cookies names(String access, String refresh, String csrf) {
        return with(copy -> {
            copy.accessName = access;
            copy.refreshName = refresh;
            copy.csrfName = csrf;
        });
    }

    /**
     * Puts {@code __Host-} before the names of the access and CSRF cookies, so that no sibling domain can plant these, and
     * {@code __Secure-} before that of the refresh cookie, which has a path (RFC 6265bis section 4.1.3).
     */
    public Cookies hostCookies() {
        return with(copy -> copy.hostCookies = true);
    }

    /** The path of the access cookie, by default {@code /}. */
    public Cookies accessPath(String path) {
        return with(copy -> copy.accessPath = path);
    }

    /** The path of the refresh cookie as the browser sees it; by default that of the endpoints, and no other. */
    public Cookies refreshPath(String path) {
        return with(copy -> copy.refreshPath = path);
    }

    /** The path of the CSRF cookie, by default {@code /}: pages below it can read the value. */
    public Cookies csrfPath(String path) {
        return with(copy -> copy.csrfPath = path);
    }

    /** Sends the cookies to this domain and all below it, each of which can then plant them; by default to one host. */
    public Cookies domain(String domain) {
        return with(copy -> copy.domain = domain.startsWith(".") ? domain.substring(1) : domain);
    }

    /** {@code SameSite=Strict}: a link from elsewhere arrives as a stranger. */
    public Cookies sameSiteStrict() {
        return with(copy -> copy.sameSite = "Strict");
    }

    /** {@code SameSite=None}: for pages of other sites that embed this one or call it; CSRF protection stands alone. */
    public Cookies sameSiteNone() {
        return with(copy -> copy.sameSite = "None");
    }

    /** {@code Partitioned}: in a frame, one jar for each site around it. */
    public Cookies partitioned() {
        return with(copy -> copy.partitioned = true);
    }

    /**
     * Leaves out {@code Secure}, for Safari on {@code http://localhost}; Chromium and Firefox need no such thing. A
     * request that came for any other host than this machine's loopback is then refused. Warns at every start.
     */
    public Cookies insecureLoopbackCookies() {
        return with(copy -> copy.insecure = true);
    }

    /** Leaves out {@code Max-Age}: the browser drops the cookies when it closes, unless it restores its tabs. */
    public Cookies untilBrowserCloses() {
        return with(copy -> copy.untilBrowserCloses = true);
    }

    /** At most this long instead of the token's whole life: 1 s to 400 days. */
    public Cookies maxAge(Duration most) {
        return with(copy -> copy.maxAge = most);
    }

    /**
     * Renews an access cookie that has less than this left, on the response to the request that brought it: with the same
     * claims but no longer fresh, never beyond the refresh token of its session. At least 1 s; off by default.
     */
    public Cookies renewal(Duration before) {
        return with(copy -> copy.renewal = before);
    }

    /** The header that must repeat the CSRF value, by default {@code X-CSRF-TOKEN}. */
    public Cookies csrfHeader(String name) {
        return with(copy -> copy.csrfHeader = name);
    }

    /** The field of a form that may hold it instead, by default {@code csrf_token}. */
    public Cookies csrfField(String name) {
        return with(copy -> copy.csrfField = name);
    }

    /** Sets no CSRF cookie: the body of login and refresh holds the value, and {@link VerifiedToken#csrf} tells it. */
    public Cookies withoutCsrfCookie() {
        return with(copy -> copy.csrfCookie = false);
    }

    /** Lets any page act for a user who is logged in, as far as {@code SameSite} allows. Warns at every start. */
    public Cookies withoutCsrfProtection() {
        return with(copy -> copy.csrfProtection = false);
    }

    /** Other origins whose pages may send requests with cookies, such as {@code https://app.example.com}. */
    public Cookies trustedOrigins(String first, String... more) {
        Set<String> origins = new HashSet<>();
        Stream.concat(Stream.of(first), Stream.of(more)).forEach(origin -> origins.add(lower(origin)));
        return with(copy -> copy.trustedOrigins = Set.copyOf(origins));
    }

    String accessName() {
        return hostCookies ? HOST_PREFIX + accessName : accessName;
    }

    String refreshName() {
        return hostCookies ? SECURE_PREFIX + refreshName : refreshName;
    }

    String csrfName() {
        return hostCookies ? HOST_PREFIX + csrfName : csrfName;
    }

    String accessPath() {
        return accessPath;
    }

    Optional<String> refreshPath() {
        return Optional.ofNullable(refreshPath);
    }

    String csrfPath() {
        return csrfPath;
    }

    Optional<Duration> renewal() {
        return Optional.ofNullable(renewal);
    }

    String csrfHeader() {
        return csrfHeader;
    }

    String csrfField() {
        return csrfField;
    }

    boolean hasCsrfCookie() {
        return csrfCookie && csrfProtection;
    }

    boolean isCsrfProtected() {
        return csrfProtection;
    }

    boolean trusts(String origin) {
        return trustedOrigins.contains(lower(origin));
    }

    boolean hasDomain() {
        return domain != null;
    }

    /** How long a browser keeps what the login set, at most. */
    Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }

    boolean areInsecure() {
        return insecure;
    }

    /** How long a browser keeps a cookie whose token lives so long; empty for as long as it runs. */
    Optional<Duration> ageFor(Duration life) {
        Duration most = maxAge == null || maxAge.compareTo(life) > 0 ? life : maxAge;
        return untilBrowserCloses ? Optional.empty() : Optional.of(most);
    }

    /** What every cookie of these says besides its path and age. */
    String attributes(boolean forScripts) {
        return (domain == null ? "" : "; Domain=" + domain)
                + (insecure ? "" : "; Secure")
                + (forScripts ? "" : "; HttpOnly")
                + "; SameSite=" + sameSite
                + (partitioned ? "; Partitioned" : "");
    }

    /** The same for this host alone, whatever the domain: a browser may hold such cookies from before. */
    Cookies ofTheHost() {
        return with(copy -> copy.domain = null);
    }

    /** What is wrong with these, each line with the mend: browsers drop them without a word. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (String name : List.of(accessName, refreshName, csrfName)) {
            if (!name.matches(TOKEN) || name.startsWith("__")) {
                problems.add("cookies: '" + Log.escape(name) + "' is no name of a cookie (RFC 6265 section 4.1.1); "
                        + "for the prefix __Host- call hostCookies()");
            }
        }
        if (Stream.of(accessName, refreshName, csrfName)
                        .map(Cookies::lower)
                        .distinct()
                        .count()
                < 3) {
            problems.add("cookies: three cookies need three different names");
        }
        for (String path : Stream.of(accessPath, csrfPath, refreshPath == null ? "/" : refreshPath)
                .toList()) {
            if (!path.startsWith("/") || !path.matches("[!-:<-~]+")) {
                problems.add("cookies: path '" + Log.escape(path) + "' must start with a slash, without spaces or "
                        + "semicolons, non-ASCII characters percent-encoded");
            }
        }
        domain(problems);
        if (hostCookies && (domain != null || !accessPath.equals("/") || !csrfPath.equals("/"))) {
            problems.add("cookies: hostCookies() are for one host and the path /: leave out domain(…), accessPath(…) "
                    + "and csrfPath(…)");
        }
        if (insecure && (hostCookies || sameSite.equals("None") || partitioned)) {
            problems.add("cookies: browsers drop hostCookies(), sameSiteNone() and partitioned() without Secure: leave "
                    + "out insecureLoopbackCookies()");
        }
        if (sameSite.equals("None") && !csrfProtection) {
            problems.add("cookies: with sameSiteNone() and withoutCsrfProtection() any page could act for your users: "
                    + "leave out one");
        }
        if (!csrfHeader.matches(TOKEN) || csrfField.isEmpty()) {
            problems.add("cookies: csrfHeader(…) needs the name of a header, csrfField(…) that of a field");
        }
        ages(problems);
        for (String origin : trustedOrigins) {
            if (!origin.matches("https?://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?")
                    || origin.matches("http:.*:80|https:.*:443")) {
                problems.add("cookies: trusted origin '" + Log.escape(origin) + "' must be as browsers send it: scheme "
                        + "and host, a port if it is not the usual one, no path, no star");
            }
        }
        return problems;
    }

    Cookies checked() {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return this;
    }

    private void domain(List<String> problems) {
        if (domain != null
                && (!domain.matches("(?i)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
                        || domain.matches("[0-9.]+"))) {
            problems.add("cookies: domain '" + Log.escape(domain) + "' must be a name of at least two labels, such as "
                    + "example.com: browsers drop addresses and single names; leave it out for one host");
        }
    }

    private void ages(List<String> problems) {
        if (maxAge != null
                && (maxAge.compareTo(Duration.ofSeconds(1)) < 0 || maxAge.compareTo(Settings.MAX_LIFETIME) > 0)) {
            problems.add("cookies: maxAge is " + maxAge + ", needs 1 second to 400 days");
        }
        if (maxAge != null && untilBrowserCloses) {
            problems.add("cookies: maxAge(…) and untilBrowserCloses() exclude each other: leave one out");
        }
        if (renewal != null && renewal.compareTo(Duration.ofSeconds(1)) < 0) {
            problems.add("cookies: renewal is " + renewal + ", needs at least one second");
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
