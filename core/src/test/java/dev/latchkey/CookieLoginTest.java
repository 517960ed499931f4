package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The life of a session whose tokens travel as cookies. */
class CookieLoginTest {

    static final String LOGIN = "{\"username\":\"alice\",\"password\":\"secret\",\"cookies\":true}";

    private final StandingClock clock = new StandingClock();
    private final Latchkey auth = Forge.latchkey(clock)
            .cookies(Cookies.create())
            .login(Login.by((name, password) -> Optional.of(name).filter(n -> password.equals("secret"))))
            .build();
    private final Browser browser = new Browser(auth, clock);

    @Test
    void aBrowserLogsInUsesRefreshesAndLogsOut() {
        AuthResponse login = browser.send(Request.json("/auth/login", LOGIN));
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.body()).isEqualTo("{\"expires_in\":900}");
        assertThat(browser.check(Request.get("/me")).token().orElseThrow().subject())
                .isEqualTo("alice");

        AuthResponse refreshed = browser.send(Request.post("/auth/refresh"));
        assertThat(refreshed.body()).isEqualTo("{\"expires_in\":900}");
        assertThat(browser.check(Request.post("/notes")).admitted()).isTrue();

        AuthResponse logout = browser.send(Request.post("/auth/logout"));
        assertThat(logout.status()).isEqualTo(204);
        assertThat(browser.names()).isEmpty();
        assertThat(auth.sessions("alice")).isEmpty();
    }

    @Test
    void cookiesSayWhatBrowsersMustKnow() {
        AuthResponse login = auth.serve(Request.json("/auth/login", LOGIN));

        assertThat(login.headers().get("Set-Cookie"))
                .map(line -> line.replaceFirst("=[^;]*", "=…"))
                .containsExactly(
                        "access_token_cookie=…; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax",
                        "refresh_token_cookie=…; Path=/auth; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax",
                        "csrf_access_token=…; Path=/; Max-Age=2592000; Secure; SameSite=Lax");
    }
}
