package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What operators read, and what nobody may read. */
class LogTest {

    private final StandingClock clock = new StandingClock();
    private final Latchkey auth = Forge.latchkey(clock)
            .login(Login.by((name, password) -> password.equals("secret") ? Optional.of(name) : Optional.empty()))
            .build();

    @Test
    void neverHoldsATokenOrAPassword() {
        Tokens tokens = auth.issue("alice");
        String refresh = tokens.refreshToken().orElseThrow();
        List<LogBook.Line> lines = LogBook.during(() -> {
            for (String token : List.of(
                    tokens.accessToken(),
                    refresh,
                    tokens.accessToken() + "A",
                    Forge.withClaim("exp", "1"),
                    Forge.withClaim("sub", "5"))) {
                assertThat(auth.check(Request.bearer(token), Access.fresh())).isNotNull();
                assertThat(auth.check(Request.bearer(token + " x"), Access.refresh()))
                        .isNotNull();
                assertThat(auth.serve(Request.post("/auth/refresh").header("Authorization", "Bearer " + token)))
                        .isNotNull();
            }
            for (String password : List.of("secret", "hunter2")) {
                assertThat(auth.serve(Request.json(
                                "/auth/login", "{\"username\":\"alice\",\"password\":\"" + password + "\"}")))
                        .isNotNull();
            }
            auth.logout(refresh);
            auth.revokeAll("alice");
        });
        assertThat(lines).hasSizeGreaterThan(10).allSatisfy(line -> {
            assertThat(line.text()).doesNotContain("eyJ", "hunter2", "secret", "Bearer");
            assertThat(line.thrown()).isNull();
        });
    }

    @Test
    void escapesWhatCouldForgeALine() {
        List<LogBook.Line> lines = LogBook.during(() -> {
            Request request = new Request("GET\r\n", "/x\nINFO admitted\u001b[2K\u2028ä", List.of(), "");
            assertThat(auth.check(request, Access.required()).admitted()).isFalse();
            String token = Forge.withClaim("jti", "\"a\\nWARNING all is well\\u0000\"");
            assertThat(auth.check(Request.bearer(token), Access.fresh()).admitted())
                    .isFalse();
        });
        assertThat(lines)
                .extracting(LogBook.Line::text)
                .containsExactly(
                        "refused token_missing method=GET\\u000d\\u000a"
                                + " path=/x\\u000aINFO\\u0020admitted\\u001b[2K\\u2028\\u00e4 address=192.0.2.1",
                        "refused fresh_token_required method=GET path=/me address=192.0.2.1"
                                + " jti=a\\u000aWARNING\\u0020all\\u0020is\\u0020well\\u0000");
    }

    @Test
    void cutsWhatIsTooLong() {
        assertThat(Log.escape("x".repeat(10_000))).hasSize(201).endsWith("…");
    }

    @Test
    void namesATokenOnlyOnceItsSignatureIsGood() {
        String forged = Forge.good().substring(0, Forge.good().length() - 4) + "AAAA";
        List<LogBook.Line> lines = LogBook.during(() -> assertThat(
                        auth.check(Request.bearer(forged), Access.required()).admitted())
                .isFalse());
        assertThat(lines)
                .singleElement()
                .extracting(LogBook.Line::text)
                .isEqualTo("refused signature_invalid method=GET path=/me address=192.0.2.1");
    }

    @Test
    void saysHowBadItIs() {
        assertThat(level(Request.get("/x"))).isEqualTo(Level.DEBUG);
        assertThat(level(Request.bearer("x"))).isEqualTo(Level.INFO);
        auth.close();
        assertThat(level(Request.bearer("x"))).isEqualTo(Level.WARNING);
    }

    private Level level(Request request) {
        return LogBook.during(
                        () -> assertThat(auth.check(request, Access.required())).isNotNull())
                .get(0)
                .level();
    }

    @Test
    void tellsTheOperatorWhatAHookThrew() {
        IllegalStateException thrown = new IllegalStateException("no user bob\nINFO login");
        Latchkey broken = Forge.latchkey(clock)
                .userLoader(claims -> {
                    throw thrown;
                })
                .build();
        LogBook.Line line = LogBook.during(
                        () -> assertThat(broken.check(Request.bearer(Forge.good()), Access.required()))
                                .isNotNull())
                .get(0);
        assertThat(line.level()).isEqualTo(Level.WARNING);
        assertThat(line.text())
                .isEqualTo("refused unavailable method=GET path=/me address=192.0.2.1: userLoader failed: "
                        + "java.lang.IllegalStateException: no user bob\\u000aINFO login");
        assertThat(line.thrown()).isNull();
    }
}
