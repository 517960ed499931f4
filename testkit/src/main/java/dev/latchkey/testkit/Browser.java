package dev.latchkey.testkit;

import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import dev.latchkey.Tokens;

/** What a browser holds after a login by cookie, as the lines that it and its page send. */
record Browser(String access, String refresh, String csrf) {

    static final String ACCESS = "access_token_cookie";
    static final String REFRESH = "refresh_token_cookie";
    static final String CSRF = "csrf_access_token";

    static Browser of(Latchkey auth) {
        Tokens tokens = auth.issue("alice", Grant.create().forCookies());
        return new Browser(
                tokens.accessToken(),
                tokens.refreshToken().orElseThrow(),
                tokens.csrf().orElseThrow());
    }

    static Browser of(RawHttp.Reply login) {
        return new Browser(login.cookie(ACCESS), login.cookie(REFRESH), login.cookie(CSRF));
    }

    /** The cookie that goes to every path. */
    String cookie() {
        return "Cookie: " + ACCESS + "=" + access;
    }

    /** The cookies that go to the endpoints. */
    String all() {
        return cookie() + "; " + REFRESH + "=" + refresh + "; " + CSRF + "=" + csrf;
    }

    /** What the page adds. */
    String value() {
        return "X-CSRF-TOKEN: " + csrf;
    }
}
