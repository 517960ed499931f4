package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spellings of a path that are to reach a servlet without its check, as bytes on a socket. */
@Tag("patience")
class PathTrickTest {

    private static final List<String> PREFIXES = List.of(
            "",
            "/",
            "/.",
            "/./",
            "//",
            "/;x",
            "/;x/",
            "/;/",
            "/%2e",
            "/%2E/",
            "/%2f",
            "/%252f",
            "/%5c",
            "\\",
            "/\\",
            "/%00",
            "/%20",
            "/%09",
            "/open/..",
            "/open/../",
            "/open//..",
            "/open/..//",
            "/open/./..",
            "/open/.%2e",
            "/open/%2e%2e",
            "/open/%2e.",
            "/open/%252e%252e",
            "/open/..;",
            "/open/..;x=1",
            "/open/..;/",
            "/open/;/..",
            "/open;/..",
            "/open;x=1/..",
            "/open/;x/../..",
            "/open/%3b/..",
            "/open/..%3b",
            "/open/..%2f",
            "/open/%2e%2e%2f",
            "/open/..%252f",
            "/open/..%5c",
            "/open/..\\",
            "/open\\..",
            "/open%2f..",
            "/open%2f%2e%2e",
            "/open/x/../..",
            "/open/x/..%2f..",
            "/open/%c0%ae%c0%ae",
            "/open/%c0%af..",
            "/open/%e2%80%a5",
            "/open/%uff0e%uff0e",
            "/open/..%00",
            "/open/..%0d%0a",
            "/open/..%23",
            "/open/..?",
            "/open/%2e%2e%3f",
            "/health/..",
            "/health;/..",
            "/health;/../..",
            "/health/..;",
            "/health%2f..",
            "/..",
            "/../..",
            "/..;",
            "/%2e%2e",
            "/nowhere/..",
            "/optional/..",
            "/optional/..;x",
            "/x.do/..",
            "http://localhost",
            "http://localhost/open/..",
            "http://localhost/open/..;",
            "*");

    private static final List<String> SUFFIXES = List.of(
            "",
            "/",
            "//",
            "/.",
            "/./",
            "/..",
            "/../",
            ";",
            ";jsessionid=1",
            ";x=1;y=2",
            ";/",
            ";/x",
            "/;x",
            "%20",
            "%09",
            "%00",
            "%00.css",
            "%0a",
            "%2f",
            "%2f.",
            "%5c",
            "%3b",
            "%3bx.css",
            "%3f",
            "%23",
            "%252e",
            ".",
            "..",
            ".css",
            "/x.css",
            ";.css",
            ";/../open/x",
            "?",
            "?x=/open/",
            "#",
            "/../open/..",
            "/%2e%2e/open/x",
            "\\",
            "~",
            "*",
            "::$DATA");

    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .withoutEndpoints()
            .build();
    private final String user = "Authorization: Bearer " + auth.accessToken("alice");
    private final String admin =
            "Authorization: Bearer " + auth.accessToken("alice", Grant.create().claim("roles", List.of("admin")));

    /** Where a servlet stands, the demand of its rule, if any, and a path that leads to it. */
    private record Target(String pattern, String path, boolean adminOnly) {}

    private static final List<Target> TARGETS = List.of(
            new Target("/exact", "/exact", false),
            new Target("/prefix/*", "/prefix/x", false),
            new Target("*.do", "/x.do", false),
            new Target("/admin", "/admin", true),
            new Target("/admin/exact", "/admin/exact", true),
            new Target("/admin/prefix/*", "/admin/prefix/x", true),
            new Target("*.act", "/admin/x.act", true),
            new Target("/", "/admin/by-default", true));

    private App start(Container container, Set<String> reached) {
        LatchkeyFilter filter = LatchkeyFilter.of(auth)
                .open("/health", "/open/*")
                .require("/optional/*", Access.optional())
                .require("/admin/*", Access.role("admin"));
        return container.start(context -> {
            filter(context, filter, "/*");
            for (String open : List.of("/health", "/open/*", "/optional/*")) {
                servlet(
                        context,
                        open,
                        (request, response) -> response.getWriter().write("anybody"));
            }
            for (Target target : TARGETS) {
                servlet(context, target.pattern(), (request, response) -> {
                    boolean stranger = request.getUserPrincipal() == null;
                    String where = request.getServletPath().toLowerCase(Locale.ROOT);
                    if (stranger
                            || ((where.startsWith("/admin/") || where.startsWith("//admin/"))
                                    && !request.isUserInRole("admin"))) {
                        reached.add(target.pattern() + " at " + request.getRequestURI());
                    }
                    response.getWriter().write("secret of " + target.pattern());
                });
            }
        });
    }

    private static Set<String> spellings(String path) {
        Set<String> spellings = new LinkedHashSet<>();
        List<String> names = new ArrayList<>(List.of(path, path.toUpperCase(Locale.ROOT)));
        names.add("/%" + Integer.toHexString(path.charAt(1)) + path.substring(2));
        names.add("/%25" + Integer.toHexString(path.charAt(1)) + path.substring(2));
        names.add(path.substring(0, path.length() - 1) + "%" + Integer.toHexString(path.charAt(path.length() - 1)));
        names.add(path.replaceFirst("(.)/", "$1//"));
        names.add(path.replaceFirst("(.)/", "$1;v=1/"));
        names.add(path.replaceFirst("(.)/", "$1/./"));
        names.add(path.replaceFirst("(.)/", "$1%2f"));
        names.add(path.replaceFirst("(.)/", "$1\\\\"));
        names.add(path.replace(".", "%2e"));
        spellings.addAll(names);
        for (String name : List.of(path, names.get(2))) {
            for (String prefix : PREFIXES) {
                spellings.add(prefix + name);
                spellings.add(prefix + name.substring(1));
            }
            for (String suffix : SUFFIXES) {
                spellings.add(name + suffix);
            }
        }
        for (String folder : List.of("/open", "/optional", "/open/x", "/health")) {
            spellings.add(folder + path);
            spellings.add(folder + ";" + path);
            spellings.add(folder + "%2f" + path);
        }
        spellings.removeIf(String::isEmpty);
        return spellings;
    }

    @ParameterizedTest
    @EnumSource
    void noSpellingReachesAServletWithoutItsToken(Container container) {
        Set<String> reached = ConcurrentHashMap.newKeySet();
        Map<String, String> leaks = new LinkedHashMap<>();
        Map<Integer, Integer> statuses = new LinkedHashMap<>();
        int tried = 0;
        try (App app = start(container, reached)) {
            for (Target target : TARGETS) {
                for (String spelling : spellings(target.path())) {
                    List<String[]> strangers = target.adminOnly()
                            ? List.of(new String[0], new String[] {user})
                            : List.<String[]>of(new String[0]);
                    for (String[] headers : strangers) {
                        String reply = Raw.get(app, spelling, headers);
                        tried++;
                        statuses.merge(Raw.status(reply), 1, Integer::sum);
                        if (Raw.status(reply) >= 500
                                || (reply.contains("secret")
                                        && (headers.length == 0 || reply.contains("secret of /admin")))) {
                            leaks.put(spelling + " " + headers.length, Raw.brief(reply));
                        }
                    }
                }
            }
        }
        System.getLogger("dev.latchkey").log(System.Logger.Level.INFO, container + ": " + tried + " " + statuses);

        assertThat(leaks).isEmpty();
        assertThat(reached).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void rightTokenReachesEveryServlet(Container container) {
        Set<String> reached = ConcurrentHashMap.newKeySet();
        try (App app = start(container, reached)) {
            for (Target target : TARGETS) {
                String reply = Raw.brief(Raw.get(app, target.path(), target.adminOnly() ? admin : user));
                assertThat(reply).isEqualTo("200 secret of " + target.pattern());
            }
            for (String open :
                    List.of("/health", "/open", "/open/", "/open/my%20logo.png", "/open/caf%C3%A9", "/optional/x")) {
                assertThat(Raw.brief(Raw.get(app, open))).as(open).isEqualTo("200 anybody");
            }
        }
    }
}
