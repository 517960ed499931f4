package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesTest {

    private static final Access ADMIN = Access.role("admin");

    private final AccessRules rules = AccessRules.create()
            .open("/health", "/assets/*", "/admin/login")
            .require("/admin/*", ADMIN)
            .require("/hello", Access.optional());

    @Test
    void pathWithoutARuleDemandsAToken() {
        assertThat(rules.access("/")).isEqualTo(Access.required());
        assertThat(rules.access("/notes")).isEqualTo(Access.required());
        assertThat(AccessRules.create().access("/anything")).isEqualTo(Access.required());
    }

    @Test
    void longestRuleCounts() {
        assertThat(rules.access("/admin")).isEqualTo(ADMIN);
        assertThat(rules.access("/admin/people/7")).isEqualTo(ADMIN);
        assertThat(rules.access("/admin/login")).isEqualTo(Access.open());
        assertThat(rules.access("/administration")).isEqualTo(Access.required());
        assertThat(rules.access("/assets")).isEqualTo(Access.open());
        assertThat(rules.access("/assets/css/page.css")).isEqualTo(Access.open());
        assertThat(rules.access("/hello")).isEqualTo(Access.optional());
    }

    @Test
    void ruleForEverythingChangesTheDefault() {
        AccessRules strict = rules.require("/*", Access.fresh()).open("/");

        assertThat(strict.access("/notes").wantsFresh()).isTrue();
        assertThat(strict.access("/")).isEqualTo(Access.open());
        assertThat(strict.access("/health")).isEqualTo(Access.open());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/",
                "/HEALTH",
                "//health",
                "/health;x=1",
                "/./health",
                "/notes/../health",
                "/%68ealth",
                "/health%00",
                "/assets/../notes",
                "/assets/%2e%2e/notes",
                "/assets//x",
                "/assets/..;/notes",
                "/assets\\..\\notes",
                "",
                "health",
                "/assets/.",
                "/assets/%",
                "/health\n"
            })
    void openRuleCoversTheLiteralPathAlone(String path) {
        assertThat(rules.access(path)).isEqualTo(Access.required());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/",
                "/ADMIN/x",
                "//admin//x",
                "/admin;v=1/x",
                "/./admin/x",
                "/assets/../admin/x",
                "/%61dmin/x",
                "/assets/%2e%2e/admin/x",
                "/assets/..;/admin/x",
                "/%2561dmin",
                "/admin%2Fx",
                "/assets\\..\\admin\\x",
                "/admin/LOGIN",
                "/admin/login/",
                "/admin/login;x",
                "/admin;%0Ax",
                "/../admin"
            })
    void closedRuleCoversWhateverARouterMightTakeForIt(String path) {
        assertThat(rules.access(path)).isEqualTo(ADMIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "admin", "/a//b", "/a/../b", "/a/.", "/a;b", "/%61", "/a*", "/*/a", "/a/*/b", "\\a", "/my%20a"
            })
    void refusesARuleThatRoutersReadDifferently(String path) {
        assertThatThrownBy(() -> rules.require(path, ADMIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must start with a slash");
    }

    @Test
    void refusesTwoRulesForOnePath() {
        assertThatThrownBy(() -> rules.open("/admin/*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("path '/admin/*' has a rule already: required role=[admin]");
        assertThat(rules.open("/admin").access("/admin")).isEqualTo(Access.open());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/assets/my%20logo.png", "/assets/caf%C3%A9/%5B1%5d.css", "/assets/%41%7e", "/assets/%f0%9F"})
    void openRuleCoversHarmlessEncodingBelowIt(String path) {
        assertThat(rules.access(path)).isEqualTo(Access.open());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%2F", "%2f", "%5C", "%5c", "%3B", "%3b", "%25", "%252e", "%2E", "%2e", "%2A", "%23", "%3F", "%00",
                "%0a", "%1F", "%7F", "%C0%AF", "%c1%1c", "%", "%2", "%zz", "%u002e", "%20;", "%20/..", "\u007f"
            })
    void openRuleCoversNoEncodingThatRoutersReadDifferently(String end) {
        assertThat(rules.access("/assets/x" + end)).isEqualTo(Access.required());
    }

    @Test
    void longPathsAreNoBurden() {
        assertThat(rules.access("/assets" + "/a".repeat(50_000))).isEqualTo(Access.open());
        assertThat(rules.access("/assets/" + "%20".repeat(5_000))).isEqualTo(Access.open());
        assertThat(rules.access("/admin" + "/a".repeat(50_000))).isEqualTo(ADMIN);
    }

    @Test
    void openFoldersDoNotCountForWhatIsFoundByExtension() {
        assertThat(rules.demands("/assets/x.do", "/assets/x.do", false)).containsExactly(Access.open());
        assertThat(rules.demands("/assets/x.do", "/assets/x.do", true))
                .containsExactly(Access.open(), Access.required());
        assertThat(rules.demands("/health", "/health", true)).containsExactly(Access.open());
        assertThat(rules.demands("/admin/login", "/admin/login", true)).containsExactly(Access.open());
        assertThat(rules.demands("/admin/x.do", "/admin/x.do", true)).containsExactly(ADMIN);
        assertThat(rules.require("/forum/*", Access.optional()).demands("/forum/x.do", "/forum/x.do", true))
                .containsExactly(Access.optional(), Access.required());
        assertThat(rules.open("/*").demands("/x.do", "/x.do", true)).containsExactly(Access.open());
    }

    @Test
    void bothReadingsOfAPathAreMet() {
        assertThat(rules.demands("/health", "/health", false)).containsExactly(Access.open());
        assertThat(rules.demands("/health", "/notes/../health", false))
                .containsExactly(Access.open(), Access.required());
        assertThat(rules.demands("/x", "/admin/../x", false)).containsExactly(Access.required());
        assertThat(rules.demands("/health", "/admin;x/y", true)).containsExactly(Access.open(), ADMIN);
    }

    @Test
    void saysWhatItDemands() {
        assertThat(AccessRules.create().open("/health", "/assets/*").require("/*", Access.fresh()))
                .hasToString("[/health open, /assets/* open, /* required fresh]");
    }
}
