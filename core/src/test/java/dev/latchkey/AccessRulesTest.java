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
                "/../admin"
            })
    void closedRuleCoversWhateverARouterMightTakeForIt(String path) {
        assertThat(rules.access(path)).isEqualTo(ADMIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "admin", "/a//b", "/a/../b", "/a/.", "/a;b", "/%61", "/a*", "/*/a", "/a/*/b", "\\a"})
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
}
