package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.AccessRules;
import dev.latchkey.AuthError;
import dev.latchkey.Claims;
import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Login;
import dev.latchkey.Tokens;
import dev.latchkey.VerifiedToken;
import dev.latchkey.testkit.TestClock;
import io.javalin.Javalin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs what docs/tokens.md shows of tokens, hooks and demands. */
class TokensTest extends TokensPage {

    @Test
    void aLoginOpensASession() {
        // region issue
        Tokens tokens = auth.issue(person);
        String access = tokens.accessToken();
        String refresh = tokens.refreshToken().orElseThrow();

        Tokens next = auth.refresh(refresh); // a new access token and the next refresh token
        // endregion

        Claims first = auth.verify(access).claims();
        Claims second = auth.verify(next.accessToken()).claims();
        assertThat(first.asMap())
                .containsOnlyKeys("iss", "sub", "aud", "iat", "exp", "jti", "type", "fresh", "auth_time", "sid");
        assertThat(first.issuedAt()).isEqualTo(clock.instant());
        assertThat(first.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(15)));
        assertThat(first.header()).containsOnlyKeys("alg", "typ");
        assertThat(first.isTrue("fresh")).isTrue();
        assertThat(second.isTrue("fresh")).isFalse();
        assertThat(second.sessionId()).isEqualTo(first.sessionId()).isPresent();
        assertThat(second.authenticatedAt()).isEqualTo(first.authenticatedAt()).hasValue(clock.instant());
        assertThat(next.refreshToken()).isPresent().isNotEqualTo(tokens.refreshToken());
        Claims refreshed = auth.verify(refresh, Access.refresh()).claims();
        assertThat(refreshed.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofDays(30)));
        assertThat(refreshed.isTrue("fresh")).isFalse();
    }

    @Test
    void tokensWithoutASession() {
        // region single
        String access = auth.accessToken("reporting-job"); // a subject is enough: a String needs no identity hook
        String refresh = auth.refreshToken("reporting-job");
        // endregion

        assertThat(auth.verify(access).claims().sessionId()).isEmpty();
        assertThat(auth.verify(access).isFresh()).isFalse();
        assertThat(auth.verify(access).claims().authenticatedAt()).isEmpty();
        assertThat(auth.verify(refresh, Access.refresh()).type()).isEqualTo("refresh");
    }

    @Test
    void lifetimesAreSettings() {
        LatchkeyBuilder builder = this.builder;
        // region lifetimes
        builder.accessLifetime(Duration.ofMinutes(5)).refreshLifetime(Duration.ofDays(7));
        // endregion

        Claims claims = builder.build().verify(builder.build().accessToken("a")).claims();
        assertThat(claims.expiresAt()).isEqualTo(clock.instant().plusSeconds(300));
    }

    @Test
    void clocksMayDifferALittle() {
        LatchkeyBuilder builder = this.builder;
        // region clocks
        builder.leeway(Duration.ofSeconds(10)) // after exp: 5 s by default, at most 2 minutes
                .futureLeeway(Duration.ofSeconds(30)) // iat and nbf ahead: 60 s by default, 1 s to 5 minutes
                .notBefore(Duration.ZERO); // writes nbf, which is left out by default
        // endregion
        Latchkey auth = builder.build();
        String token = auth.accessToken("a");

        clock.advance(Duration.ofSeconds(15 * 60 + 9));
        assertThat(auth.verify(token).claims().instant("nbf")).isPresent();
        clock.advance(Duration.ofSeconds(1));
        assertRefused(AuthError.TOKEN_EXPIRED, () -> auth.verify(token));
        clock.advance(Duration.ofSeconds(-15 * 60 - 10 - 31));
        assertRefused(
                AuthError.TOKEN_NOT_YET_VALID,
                () -> auth.verify(token, Access.required().withoutRevocationCheck()));
    }

    @Test
    void testsMoveTheClock() {
        Latchkey auth;
        // region testclock
        TestClock clock = TestClock.at("2026-11-21T12:00:00Z");
        auth = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.generate()) // a random key, lost with the process
                .clock(clock)
                .build();
        String token = auth.accessToken("alice");
        clock.advance(Duration.ofMinutes(16)); // token_expired from now on
        // endregion

        assertRefused(AuthError.TOKEN_EXPIRED, () -> auth.verify(token));
    }

    @Test
    void routesDemandAFreshOrARecentLogin() {
        // region fresh
        Access password = Access.fresh(); // the login's own token, not a refreshed one
        Access payment = Access.required().withMaxAge(Duration.ofMinutes(5)); // a login at most 5 minutes ago
        // endregion
        Tokens login = auth.issue(person);
        String refreshed = auth.refresh(login.refreshToken().orElseThrow()).accessToken();

        assertThat(auth.verify(login.accessToken(), password).isFresh()).isTrue();
        assertRefused(AuthError.FRESH_TOKEN_REQUIRED, () -> auth.verify(refreshed, password));
        assertThat(auth.verify(refreshed, payment).subject()).isEqualTo("7");
        clock.advance(Duration.ofMinutes(5));
        assertThat(auth.verify(refreshed, payment).subject()).isEqualTo("7");
        clock.advance(Duration.ofSeconds(1));
        assertRefused(AuthError.FRESH_TOKEN_REQUIRED, () -> auth.verify(refreshed, payment));
        assertThat(auth.verify(login.accessToken(), password).isFresh()).isTrue();
        assertRefused(AuthError.FRESH_TOKEN_REQUIRED, () -> auth.verify(auth.accessToken(person), payment));
    }

    @Test
    void routesDemandScopesAndRoles() {
        // region scopes
        Access write = Access.scope("notes:write"); // all of the scopes named
        Access admin = Access.role("admin", "auditor").withFresh(); // one of the roles, and a fresh login
        // endregion
        Grant grant = Grant.create().claim("scope", "notes:read notes:write").claim("roles", List.of("auditor"));
        String token = auth.issue(person, grant).accessToken();
        assertThat(auth.verify(token, write).subject()).isEqualTo("7");
        assertThat(auth.verify(token, admin).subject()).isEqualTo("7");
        assertRefused(AuthError.SCOPE_INSUFFICIENT, () -> auth.verify(auth.accessToken(person), write));
        assertRefused(AuthError.ROLE_MISSING, () -> auth.verify(auth.accessToken(person), admin));
    }

    @Test
    void rolesMayLieDeep() {
        LatchkeyBuilder builder = this.builder;
        // region role-claim
        builder.roleClaim("realm_access.roles");
        // endregion
        Latchkey auth = builder.build();
        Grant grant = Grant.create().claim("realm_access", Map.of("roles", List.of("admin")));
        assertThat(auth.verify(auth.accessToken(person, grant), Access.role("admin"))
                        .subject())
                .isEqualTo("7");
    }

    @Test
    void pathsDemandWhatTheirRulesSay() {
        // region access-rules
        AccessRules rules = AccessRules.create()
                .open("/health", "/assets/*")
                .require("/admin/*", Access.role("admin")); // everything else: a valid access token
        // endregion
        assertThat(rules.access("/health")).isEqualTo(Access.open());
        assertThat(rules.access("/notes")).isEqualTo(Access.required());
        assertThat(rules.access("/ADMIN//x;y")).hasToString("required role=[admin]");
    }

    @Test
    void aGrantMakesOneCallDifferent() {
        // region grant
        Grant grant = Grant.create()
                .lifetime(Duration.ofHours(1))
                .freshUntil(Instant.now(clock).plus(Duration.ofMinutes(10)))
                .claim("tenant", 42)
                .header("app", "mobile");
        Tokens tokens = auth.issue(person, grant);
        // endregion
        VerifiedToken token = auth.verify(tokens.accessToken());

        assertThat(token.claims().number("tenant")).hasValue(42);
        assertThat(token.claims().header()).containsEntry("app", "mobile");
        assertThat(token.isFresh()).isTrue();
        assertThat(token.expiresAt()).isEqualTo(clock.instant().plusSeconds(3600));
        String refresh = tokens.refreshToken().orElseThrow();
        assertThat(auth.verify(refresh, Access.refresh()).claims().number("tenant"))
                .hasValue(42);
        assertThat(auth.verify(auth.refresh(refresh).accessToken()).claims().number("tenant"))
                .isEmpty();
        clock.advance(Duration.ofMinutes(10).plusSeconds(1));
        assertThat(auth.verify(tokens.accessToken()).isFresh()).isFalse();
        assertThatThrownBy(() -> auth.issue(person, Grant.create().refreshLifetime(Duration.ofDays(91))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void typesOfTheApplicationsOwn() {
        // region types
        String invite = auth.token(
                "invite", "bob", Grant.create().lifetime(Duration.ofDays(2)).claim("team", "red"));

        VerifiedToken token = auth.verify(invite, Access.type("invite"));
        auth.revoke(token); // used once
        // endregion

        assertThat(token.claims().string("team")).hasValue("red");
        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(invite, Access.type("invite")));
        assertRefused(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(invite));
        String second = auth.token("invite", "bob", Grant.create());
        assertThat(auth.verify(second, Access.anyType()).type()).isEqualTo("invite");
        assertRefused(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(auth.accessToken("bob"), Access.type("invite")));
    }

    @Test
    void hooksKnowTheApplication() {
        LatchkeyBuilder builder = this.builder;
        // region hooks
        builder.identity(Person.class, Person::id) // sub
                .claims(Person.class, p -> Map.of("name", p.name(), "roles", p.roles()))
                .headers(Person.class, p -> Map.of("app", "notes"))
                .userLoader(claims -> byId(claims.subject())) // empty: user_not_found
                .claimsCheck(claims -> !claims.strings("roles").contains("banned")) // false: claims_rejected
                .revokedWhen(claims -> claims.string("tenant").isPresent()); // true: token_revoked
        // endregion
        Latchkey auth = builder.build();
        VerifiedToken token = auth.verify(auth.issue(person).accessToken());

        assertThat(token.claims().strings("roles")).containsExactly("editor");
        assertThat(token.user(Person.class)).isSameAs(person);
        assertRefused(
                AuthError.TOKEN_REVOKED,
                () -> auth.verify(auth.accessToken(person, Grant.create().claim("tenant", "x"))));
        Person gone = new Person("8", "Bob", List.of(), true);
        assertRefused(AuthError.USER_NOT_FOUND, () -> auth.verify(auth.accessToken(gone)));
        Person banned = new Person("7", "Alice", List.of("banned"), true);
        assertRefused(AuthError.CLAIMS_REJECTED, () -> auth.verify(auth.accessToken(banned)));
    }

    @Test
    void aHookThatFailsAdmitsNobody() {
        for (LatchkeyBuilder failing : List.of(
                Latchkey.builder().claimsCheck(claims -> {
                    throw new IllegalStateException("no database");
                }),
                Latchkey.builder().userLoader(claims -> null))) {
            Latchkey auth =
                    failing.issuer("notes").key(JwtKey.generate()).clock(clock).build();
            assertRefused(AuthError.UNAVAILABLE, () -> auth.verify(auth.accessToken("a")));
        }
    }

    @Test
    void aLoginOfAUserWithoutIdentityAnswers503() {
        record Stranger(String name) {}
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.generate())
                .login(Login.by((username, password) -> Optional.of(new Stranger(username))))
                .build();
        Javalin app = start(auth);
        try {
            assertThat(login(Http.to(app), "alice", "x").statusCode()).isEqualTo(503);
        } finally {
            app.stop();
        }
    }

    @Test
    void reservedNamesAreRefused() {
        for (String name :
                List.of("iss", "aud", "sub", "exp", "iat", "nbf", "jti", "type", "fresh", "csrf", "sid", "auth_time")) {
            assertThatThrownBy(() -> Grant.create().claim(name, "x")).hasMessageContaining("is reserved");
        }
        for (String name : List.of("alg", "typ", "kid", "crit")) {
            assertThatThrownBy(() -> Grant.create().header(name, "x")).hasMessageContaining("is reserved");
        }
    }
}
