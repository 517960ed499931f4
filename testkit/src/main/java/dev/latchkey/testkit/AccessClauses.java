package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every form of access. */
abstract class AccessClauses extends ContractBase {

    /** Implemented in {@link AdapterContract}, where the adapter's author reads what it must do. */
    protected abstract AdapterContract.App start(Latchkey auth);

    RawHttp run() {
        return run(settings());
    }

    RawHttp run(LatchkeyBuilder settings) {
        return run(settings.build());
    }

    RawHttp run(Latchkey auth) {
        return talk(start(auth), auth);
    }

    @Test
    void openRouteServesAnybody() {
        RawHttp http = run();

        assertAnswered(http.get("/open"), "open");
        assertAnswered(http.get("/open", "Authorization: Bearer"), "open");
        assertAnswered(http.get("/open", bearer(tokens.access("alice"))), "open");
    }

    @Test
    void routeOfWhichNothingIsSaidDemandsAToken() {
        RawHttp http = run();

        assertRefused(http.get("/default"), AuthError.TOKEN_MISSING);
        assertAnswered(http.get("/default", bearer(tokens.access("alice"))), "alice");
    }

    @Test
    void requiredRouteTakesAValidAccessTokenOnly() {
        RawHttp http = run();

        assertRefused(http.get("/required"), AuthError.TOKEN_MISSING);
        assertRefused(http.get("/required", bearer("garbage")), AuthError.TOKEN_MALFORMED);
        assertRefused(http.get("/required", bearer(tokens.expired("alice"))), AuthError.TOKEN_EXPIRED);
        assertRefused(http.get("/required", bearer(tokens.wrongKey("alice"))), AuthError.SIGNATURE_INVALID);
        assertRefused(http.get("/required", bearer(tokens.refresh("alice"))), AuthError.TOKEN_TYPE_INVALID);
        assertAnswered(http.get("/required", bearer(tokens.access("alice"))), "alice");
    }

    @Test
    void optionalRouteIsAnonymousWithoutATokenAndRefusesABadOne() {
        RawHttp http = run();

        assertRefused(http.get("/optional", bearer(tokens.expired("alice"))), AuthError.TOKEN_EXPIRED);
        assertRefused(http.get("/optional", "Authorization: Bearer"), AuthError.HEADER_MALFORMED);
        assertAnswered(http.get("/optional"), "anonymous");
        assertAnswered(http.get("/optional", "Authorization: Basic YTpi"), "anonymous");
        assertAnswered(http.get("/optional", bearer(tokens.access("alice"))), "alice");
    }

    @Test
    void optionalRouteVariesByTheHeader() {
        RawHttp http = run();

        assertThat(http.get("/optional").header("Vary")).containsIgnoringCase("Authorization");
        assertThat(http.get("/optional", bearer("garbage")).header("Vary")).containsIgnoringCase("Authorization");
    }

    @Test
    void freshRouteDemandsAFreshLogin() {
        RawHttp http = run();

        assertRefused(http.get("/fresh", bearer(tokens.access("alice"))), AuthError.FRESH_TOKEN_REQUIRED);
        assertAnswered(http.get("/fresh", bearer(tokens.fresh("alice"))), "alice");
    }

    @Test
    void maxAgeRouteDemandsARecentLogin() {
        RawHttp http = run();
        String login = tokens.fresh("alice");

        assertAnswered(http.get("/max-age", bearer(login)), "alice");
        tokens.clock().advance(Duration.ofSeconds(62));
        Route.HANDLED.set(0);
        RawHttp.Reply refused = http.get("/max-age", bearer(login));
        assertRefused(refused, AuthError.FRESH_TOKEN_REQUIRED);
        assertThat(refused.header("WWW-Authenticate")).contains("max_age=\"60\"");
    }

    @Test
    void scopeRouteDemandsTheScope() {
        RawHttp http = run();

        RawHttp.Reply refused = http.get("/scope", bearer(tokens.access("alice")));
        assertRefused(refused, AuthError.SCOPE_INSUFFICIENT);
        assertThat(refused.header("WWW-Authenticate"))
                .contains("insufficient_scope")
                .contains("scope=\"notes:write\"");
        Grant writer = Grant.create().claim("scope", "notes:read notes:write");
        assertAnswered(http.get("/scope", bearer(tokens.access("alice", writer))), "alice");
    }

    @Test
    void roleRouteDemandsTheRole() {
        RawHttp http = run();

        Grant user = Grant.create().claim("roles", List.of("user"));
        assertRefused(http.get("/role", bearer(tokens.access("alice", user))), AuthError.ROLE_MISSING);
        Grant admin = Grant.create().claim("roles", List.of("user", "admin"));
        assertAnswered(http.get("/role", bearer(tokens.access("alice", admin))), "alice");
    }

    @Test
    void lenientRouteTakesABadTokenForNoneAndTells() {
        RawHttp http = run();
        int before = Route.IGNORED.get();

        assertAnswered(http.get("/lenient", bearer(tokens.expired("alice"))), "anonymous");
        assertAnswered(http.get("/lenient", "Authorization: Bearer"), "anonymous");
        assertThat(Route.IGNORED.get() - before).isEqualTo(2);
        assertAnswered(http.get("/lenient"), "anonymous");
        assertAnswered(http.get("/lenient", bearer(tokens.access("alice"))), "alice");
        assertThat(Route.IGNORED.get() - before).isEqualTo(2);
    }

    @Test
    void everyTypeHasItsOwnRoute() {
        Latchkey auth = settings().build();
        RawHttp http = run(auth);
        String access = auth.accessToken("alice");
        String refresh = auth.refreshToken("alice");
        String invite = auth.token("invite", "alice", Grant.create());

        assertRefused(http.get("/refresh", bearer(access)), AuthError.TOKEN_TYPE_INVALID);
        assertRefused(http.get("/invite", bearer(access)), AuthError.TOKEN_TYPE_INVALID);
        assertRefused(http.get("/required", bearer(invite)), AuthError.TOKEN_TYPE_INVALID);
        assertAnswered(http.get("/refresh", bearer(refresh)), "alice");
        assertAnswered(http.get("/invite", bearer(invite)), "alice");
        for (String any : new String[] {access, refresh, invite}) {
            assertAnswered(http.get("/any-type", bearer(any)), "alice");
        }
    }

    @Test
    void revokedTokenIsRefusedUnlessTheRouteDoesNotAsk() {
        Latchkey auth = settings().build();
        RawHttp http = run(auth);
        String token = auth.accessToken("alice");
        auth.revoke(auth.verify(token));

        assertRefused(http.get("/required", bearer(token)), AuthError.TOKEN_REVOKED);
        assertAnswered(http.get("/without-revocation", bearer(token)), "alice");
    }

    @Test
    void userReachesTheHandlerAndADeletedOneIsOut() {
        RawHttp http = run(settings()
                .userLoader(
                        claims -> claims.subject().equals("alice") ? Optional.of("Alice Example") : Optional.empty()));

        assertRefused(http.get("/required", bearer(tokens.access("bob"))), AuthError.USER_NOT_FOUND);
        assertAnswered(http.get("/without-user", bearer(tokens.access("bob"))), "bob");
        assertAnswered(http.get("/user", bearer(tokens.access("alice"))), "Alice Example");
    }

    @Test
    void groupDemandsMoreOfEveryRouteBelowItsPath() {
        RawHttp http = run();

        assertRefused(http.get("/group/page", bearer(tokens.access("alice"))), AuthError.FRESH_TOKEN_REQUIRED);
        assertAnswered(http.get("/group/page", bearer(tokens.fresh("alice"))), "alice");
    }
}
