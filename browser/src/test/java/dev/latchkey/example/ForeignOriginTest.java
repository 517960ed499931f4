package dev.latchkey.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of other origins, in the browser of somebody who is logged in, against the running example. */
class ForeignOriginTest extends InBrowser {

    private static final String NOTE = "mine alone";

    private AttackerSite attacker;
    private Page victim;
    private String target;

    @BeforeEach
    void start() {
        attacker = new AttackerSite();
        startApp();
        target = url().replaceFirst("/$", "");
        victim = openAsAlice();
        addNote(victim, NOTE);
    }

    @AfterEach
    void stopAttacker() {
        attacker.close();
    }

    @Override
    BrowserContext firstContext() {
        return permissiveProfile();
    }

    /** Another site; the same host on another port, which is the same site to {@code SameSite}; another name for both. */
    private String origin(String kind) {
        return switch (kind) {
            case "other site" -> "http://localhost:" + attacker.port();
            case "other port" -> "http://127.0.0.1:" + attacker.port();
            default -> "http://localhost:" + app().port();
        };
    }

    private Page attackFrom(String kind) {
        Page page = context().newPage();
        page.navigate(origin(kind) + "/health"); // which the example answers without a policy, under its other name
        return page;
    }

    private List<String> attempt(Page page) {
        List<?> seen = (List<?>) page.evaluate(AttackerSite.ATTEMPTS, List.of(target, cookie(CSRF).value));
        return seen.stream().map(String::valueOf).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "other site, LAX, false",
        "other port, LAX, true",
        "other name, LAX, false",
        "other site, NONE, true",
        "other port, NONE, true",
        "other name, NONE, true"
    })
    void changesNothingAndReadsNothing(String kind, SameSiteAttribute sameSite, boolean cookiesAreSent) {
        weaken(sameSite);
        Map<String, String> before = values();
        List<Response> answers = new ArrayList<>();
        Page page = attackFrom(kind);
        page.onResponse(answers::add);

        List<String> seen = attempt(page);

        assertThat(seen)
                .contains("socket: refused", "image: refused")
                .contains( // the browser keeps the answer from it
                        "jsonNote: TypeError",
                        "jsonLogin: TypeError",
                        "logoutWithHeader: TypeError",
                        "refreshWithHeader: TypeError",
                        "read: TypeError");
        List<String> posts = posts(answers);
        assertThat(posts)
                .contains("/api/notes", "/auth/refresh", "/auth/sessions/end-all", "/auth/logout", "/auth/login");
        assertThat(posts(answers, 200, 201, 204)).isEmpty();
        // Without the cookie it would be 401: the session came along, and was not enough.
        assertThat(posts(answers, cookiesAreSent ? 403 : 401))
                .contains("/api/notes", "/auth/refresh", "/auth/sessions/end-all");
        assertThat(posts(answers, 403)).contains("/auth/logout");
        assertUntouched(before);
    }

    @ParameterizedTest
    @CsvSource({
        "other site, LAX, false",
        "other port, LAX, true",
        "other site, NONE, true",
        "other port, NONE, true",
        "other name, NONE, true"
    })
    void submitsFormsInVain(String kind, SameSiteAttribute sameSite, boolean cookiesAreSent) {
        weaken(sameSite);
        Map<String, String> before = values();
        Map<String, String> fields = Map.of(
                "csrf_token", cookie(CSRF).value, "text", "attack", "username", "admin", "password", "battery-staple");
        for (String path : List.of("/api/notes", "/auth/refresh", "/auth/sessions/end-all", "/auth/logout")) {
            Submitted answer = submit(kind, path, AttackerSite.FORM_TYPES.get(0), fields);
            assertThat(answer.carriedTheSession()).as(path).isEqualTo(cookiesAreSent);
            assertThat(answer.status()).as(path).isIn(cookiesAreSent ? List.of(403) : List.of(401, 403));
        }
        for (String type : AttackerSite.FORM_TYPES) {
            assertThat(submit(kind, "/auth/logout", type, fields).status()).isEqualTo(403);
            assertThat(submit(kind, "/auth/login", type, fields).status()).isEqualTo(415);
        }
        // As JSON in disguise: the first field's name and value make up the object.
        Map<String, String> json = Map.of("{\"username\":\"admin\",\"password\":\"battery-staple\",\"x\":\"", "\"}");
        assertThat(submit(kind, "/auth/login", "text/plain", json).status()).isEqualTo(415);
        assertUntouched(before);
    }

    private record Submitted(int status, String body, boolean carriedTheSession) {}

    private Submitted submit(String kind, String path, String type, Map<String, String> fields) {
        Page page = attackFrom(kind);
        Response answer = page.waitForResponse(
                response -> response.url().equals(target + path),
                () -> page.evaluate(AttackerSite.SUBMIT, List.of(target + path, type, fields)));
        Submitted submitted = new Submitted(answer.status(), answer.text(), carriedTheSession(answer));
        page.close();
        return submitted;
    }

    /** Else the tests above could pass because nothing works. */
    @Test
    void wouldSeeTheSameRequestsSucceedFromTheOwnPage() {
        List<Response> answers = new ArrayList<>();
        victim.onResponse(answers::add);

        List<String> seen = attempt(victim);

        assertThat(seen)
                .contains("jsonNote: 201", "refreshWithHeader: 200", "logoutWithHeader: 204", "jsonLogin: 200")
                .contains("socket: told 0"); // notes of admin, who has come in meanwhile
        assertThat(posts(answers, 204)).contains("/auth/sessions/end-all", "/auth/logout");
        victim.reload();
        assertLoggedIn(victim, "admin");
    }

    /** A neighbour on another port can read the CSRF cookie: then only the origin tells it from the page. */
    @Test
    void holdsOffANeighbourWhoKnowsTheCsrfValue() {
        Page page = attackFrom("other port");
        assertThat(page.evaluate("document.cookie")).isEqualTo(CSRF + "=" + cookie(CSRF).value);

        Submitted answer = submit(
                "other port",
                "/auth/logout",
                "application/x-www-form-urlencoded",
                Map.of("csrf_token", cookie(CSRF).value));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("origin_rejected");
        assertUntouched(values());
    }

    /** With {@code SameSite=None} the browser sends them from everywhere. */
    private void weaken(SameSiteAttribute sameSite) {
        List<Cookie> weaker = new ArrayList<>(context().cookies());
        weaker.forEach(cookie -> cookie.setSameSite(sameSite).setSecure(true));
        context().clearCookies();
        context().addCookies(weaker);
    }

    private Map<String, String> values() {
        return Map.of(ACCESS, cookie(ACCESS).value, REFRESH, cookie(REFRESH).value, CSRF, cookie(CSRF).value);
    }

    /** The same session with the same tokens, the same user, the same notes. */
    private void assertUntouched(Map<String, String> before) {
        assertThat(values()).isEqualTo(before);
        assertThat(ask("/api/me")).contains("\"name\":\"alice\"", "\"fresh\":true");
        assertThat(ask("/api/notes")).contains(NOTE).doesNotContain("attack");
        assertThat(ask("/auth/sessions").split("\"id\"")).hasSize(2);
        victim.reload();
        assertLoggedIn(victim, "alice");
    }

    private String ask(String path) {
        return String.valueOf(victim.evaluate("(path) => fetch(path).then((answer) => answer.text())", path));
    }

    private List<String> posts(List<Response> answers, Integer... statuses) {
        return answers.stream()
                .filter(answer -> answer.request().method().equals("POST"))
                .filter(answer -> statuses.length == 0 || List.of(statuses).contains(answer.status()))
                .map(answer -> answer.url().substring(target.length()))
                .toList();
    }

    private static boolean carriedTheSession(Response answer) {
        return answer.request().allHeaders().getOrDefault("cookie", "").contains(ACCESS + "=ey");
    }
}
