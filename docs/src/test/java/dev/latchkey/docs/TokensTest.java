package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.latchkey.Access;
import dev.latchkey.AccessRules;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Claims;
import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.KeySet;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Login;
import dev.latchkey.Outcome;
import dev.latchkey.TokenStore;
import dev.latchkey.Tokens;
import dev.latchkey.UnverifiedToken;
import dev.latchkey.VerifiedToken;
import dev.latchkey.javalin.LatchkeyPlugin;
import dev.latchkey.testkit.TestClock;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Runs what docs/tokens.md shows. */
class TokensTest {

    private record Person(String id, String name, List<String> roles, boolean active) {}

    private final TestClock clock = TestClock.at("2026-11-21T12:00:00Z");
    private final Person person = new Person("7", "Alice", List.of("editor"), true);
    private final LatchkeyBuilder builder = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .clock(clock)
            .identity(Person.class, Person::id);
    private final Latchkey auth = builder.build();

    private Optional<Person> byId(String id) {
        return id.equals("7") ? Optional.of(person) : Optional.empty();
    }

    @Test
    void aLoginOpensASession() {
        // region issue
        Tokens tokens = auth.issue(person);
        String access = tokens.accessToken();
        String refresh = tokens.refreshToken().orElseThrow();

        Tokens next = auth.refresh(refresh); // a new access token, no new refresh token
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
        assertThat(next.refreshToken()).isEmpty();
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
        assertThatThrownBy(() -> auth.issue(person, Grant.create().refreshLifetime(Duration.ofDays(31))))
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

    @Test
    void revocationEndsATokenASessionOrEverything() {
        Tokens one = auth.issue(person);
        Tokens two = auth.issue(person);
        Tokens three = auth.issue(person);
        VerifiedToken token = auth.verify(one.accessToken());
        String refreshToken = two.refreshToken().orElseThrow();
        // region revoke
        auth.revoke(token); // this one token
        auth.logout(refreshToken); // its session: every access and refresh token of it, expired or not
        auth.revokeAll("7"); // all tokens of this subject, on every device
        // endregion

        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(one.accessToken()));
        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(two.accessToken()));
        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(three.accessToken()));
        VerifiedToken after = auth.verify(auth.issue(person).accessToken());
        assertThat(after.claims().issuedAt()).isEqualTo(clock.instant().plusSeconds(1));
    }

    @Test
    void revokingAnAccessTokenLeavesItsSessionAlone() {
        Tokens tokens = auth.issue(person);
        auth.revoke(auth.verify(tokens.accessToken()));

        assertThat(auth.refresh(tokens.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
    }

    @Test
    void theMemoryStoreRefusesTokensFromBeforeItsStart() {
        String token = auth.accessToken(person);
        clock.advance(Duration.ofMinutes(1));
        Latchkey restarted = builder.build();

        assertRefused(AuthError.TOKEN_REVOKED, () -> restarted.verify(token));
    }

    @Test
    void statelessGivesUpRevocation() {
        LatchkeyBuilder builder = this.builder;
        // region stateless
        builder.stateless(); // no store: what logout and revokeAll would end lives until it expires
        // endregion
        Latchkey auth = builder.build();
        Tokens tokens = auth.issue(person);

        assertThatThrownBy(() -> auth.logout(tokens.accessToken())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> auth.revokeAll("7")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> auth.revoke(auth.verify(tokens.accessToken())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStoreOfTheApplicationsOwn() {
        List<String> asked = new ArrayList<>();
        class OwnStore implements TokenStore {
            @Override
            public boolean isRevoked(Claims token) {
                asked.add(token.id());
                return false;
            }

            @Override
            public void revoke(String issuer, String subject, String id, Instant until) {}

            @Override
            public void revokeAll(String issuer, String subject, Instant cutOff, Instant until) {}

            @Override
            public Instant cutOff(String issuer, String subject) {
                return Instant.EPOCH;
            }

            @Override
            public void ping() {
                throw new IllegalStateException("connection refused");
            }
        }
        TokenStore ownStore = new OwnStore();
        LatchkeyBuilder builder = this.builder;
        // region store
        Latchkey auth = builder.store(ownStore).build();
        Latchkey.Health health = auth.health(); // asks the store
        // endregion

        String token = auth.accessToken("a");
        assertThat(asked).containsExactly(auth.verify(token).id());
        assertThat(health.up()).isFalse();
        assertThat(health.problems()).containsExactly("store: connection refused");
    }

    @Test
    void loginFindsTheUserAndChecksThePassword() {
        record Account(String name, String hash) {}
        Map<String, Account> people = Map.of("alice", new Account("alice", "hash:secret"));
        List<String> checked = new ArrayList<>();
        class Passwords {
            String hash(String password) {
                return "hash:" + password;
            }

            boolean matches(String password, String hash) {
                checked.add(hash);
                return hash(password).equals(hash);
            }
        }
        Passwords passwords = new Passwords();
        LatchkeyBuilder builder = this.builder;
        Set<String> blocked = Set.of("mallory");
        // region login
        Login login = Login.of(
                        name -> Optional.ofNullable(people.get(name)), // find
                        Account::hash, // the stored hash
                        passwords::matches, // a slow check: Argon2id, bcrypt
                        passwords.hash("nobody")) // checked where there is no such user
                .withThrottle((username, address) -> !blocked.contains(username)) // false: 429
                .withMaxConcurrent(8); // more at once: 503
        builder.identity(Account.class, Account::name).login(login);
        // endregion
        Latchkey auth = builder.build();
        checked.clear();

        Javalin app = start(auth);
        try {
            Http http = Http.to(app);

            assertThat(login(http, "alice", "secret").statusCode()).isEqualTo(200);
            HttpResponse<String> wrong = login(http, "alice", "wrong");
            HttpResponse<String> unknown = login(http, "bob", "wrong");
            assertThat(unknown.body()).isEqualTo(wrong.body()).contains("credentials_invalid");
            assertThat(unknown.statusCode()).isEqualTo(wrong.statusCode());
            assertThat(checked).containsExactly("hash:secret", "hash:secret", "hash:nobody");
            assertThat(login(http, "mallory", "x").statusCode()).isEqualTo(429);
        } finally {
            app.stop();
        }
    }

    @Test
    void loginByACallOfTheApplicationsOwn() {
        interface Directory {
            Optional<Person> bind(String mail, String pin);
        }
        Directory directory = (mail, pin) -> pin.equals("1234") ? Optional.of(person) : Optional.empty();
        // region login by
        Login login = Login.by(directory::bind)
                .withFields("mail", "pin")
                .withResponse((user, tokens) ->
                        AuthResponse.json(201, Map.of("name", ((Person) user).name(), "token", tokens.accessToken())));
        // endregion
        Javalin app = start(builder.login(login).build());
        try {
            var response = Http.to(app).post("/auth/login", "{\"mail\":\"a@notes.example\",\"pin\":\"1234\"}");

            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.body()).contains("\"name\":\"Alice\"");
            assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        } finally {
            app.stop();
        }
    }

    @Test
    void verifiesOutsideHttp() {
        String message = auth.accessToken(person);
        // region verify
        try {
            VerifiedToken token = auth.verify(message, Access.required().withoutUser());
            System.out.println("from " + token.subject());
        } catch (AuthException refused) {
            System.out.println("refused: " + refused.error().code());
        }
        // endregion

        assertThat(auth.verify(message).location()).isEmpty();
        assertThatThrownBy(() -> auth.verify(message, Access.open())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parseUnverifiedReadsWithoutAnyCheck() {
        String forged = auth.accessToken(person).replaceFirst("[.][^.]*$", ".AAAA");
        // region unverified
        UnverifiedToken alleged = auth.parseUnverified(forged);
        System.out.println(alleged.header().get("alg") + " " + alleged.claims().get("sub"));
        // endregion

        assertThat(alleged.claims()).containsEntry("sub", "7");
        assertRefused(AuthError.SIGNATURE_INVALID, () -> auth.verify(forged));
        assertRefused(AuthError.TOKEN_MALFORMED, () -> auth.parseUnverified("not a token"));
    }

    @Test
    void rotatesKeysWithoutLoggingAnybodyOut() {
        byte[] may = "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.UTF_8);
        byte[] november = "vutsrqponmlkjihgfedcba9876543210".getBytes(StandardCharsets.UTF_8);
        LatchkeyBuilder builder = Latchkey.builder().issuer("notes").clock(clock);
        String old = builder.key(JwtKey.hs256(may).withId("2026-05")).build().accessToken("alice");
        // region keys
        builder.keys(KeySet.of(
                JwtKey.hs256(november).withId("2026-11"), // signs
                JwtKey.hs256(may).withId("2026-05"))); // still accepted
        // endregion
        Latchkey auth = builder.build();

        assertThat(auth.verify(old).subject()).isEqualTo("alice");
        assertThat(auth.verify(auth.accessToken("a")).claims().header()).containsEntry("kid", "2026-11");
        Latchkey retired = builder.key(JwtKey.hs256(november).withId("2026-11")).build();
        assertRefused(AuthError.KEY_UNKNOWN, () -> retired.verify(old));
    }

    @Test
    void aShortSecretHasALongName() {
        byte[] old = "secret".getBytes(StandardCharsets.UTF_8);
        JwtKey strong = JwtKey.generate();
        // region weak
        KeySet keys = KeySet.of(strong, JwtKey.dangerouslyShortSecret("HS256", old));
        // endregion
        Latchkey auth =
                Latchkey.builder().issuer("notes").clock(clock).keys(keys).build();
        Latchkey older = Latchkey.builder()
                .issuer("notes")
                .clock(clock)
                .key(JwtKey.dangerouslyShortSecret("HS256", old))
                .build();

        assertThat(auth.verify(older.accessToken("a")).subject()).isEqualTo("a");
        assertThatThrownBy(() -> JwtKey.hs256(old))
                .hasMessage("secret for HS256 has 6 bytes, needs 32: generate one with openssl rand -base64 32");
    }

    @Test
    void anyHttpServerWillDo() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // region seam
        class Exchange implements AuthRequest {
            private final HttpExchange http;

            Exchange(HttpExchange http) {
                this.http = http;
            }

            @Override
            public String method() {
                return http.getRequestMethod();
            }

            @Override
            public String path() {
                return http.getRequestURI().getPath();
            }

            @Override
            public List<String> headers(String name) {
                return http.getRequestHeaders().getOrDefault(name, List.of());
            }

            @Override
            public String remoteAddress() {
                return http.getRemoteAddress().getAddress().getHostAddress();
            }

            @Override
            public byte[] body(int limit) throws IOException {
                return http.getRequestBody().readNBytes(limit);
            }

            void send(AuthResponse response) throws IOException {
                byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
                http.getResponseHeaders().putAll(response.headers());
                http.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
                http.getResponseBody().write(body);
                http.close();
            }
        }
        server.createContext("/", http -> {
            Exchange exchange = new Exchange(http);
            if (auth.endpoints().contains(exchange.path())) {
                exchange.send(auth.serve(exchange));
                return;
            }
            Outcome outcome = auth.check(exchange, Access.required());
            http.getResponseHeaders().putAll(outcome.headers());
            if (outcome.token().isPresent()) {
                exchange.send(AuthResponse.json(
                        200, Map.of("me", outcome.token().get().subject())));
            } else {
                exchange.send(outcome.response().orElseThrow());
            }
        });
        // endregion
        server.start();
        try {
            Http http = new Http("http://127.0.0.1:" + server.getAddress().getPort());
            Tokens tokens = auth.issue(person);

            assertThat(http.get("/me").body()).contains("token_missing");
            assertThat(http.get("/me", Http.bearer(tokens.accessToken())).body())
                    .isEqualTo("{\"me\":\"7\"}");
            assertThat(http.post(
                                    "/auth/refresh",
                                    "{\"refresh_token\":\""
                                            + tokens.refreshToken().orElseThrow() + "\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(http.post("/auth/logout", "", Http.bearer(tokens.accessToken()))
                            .statusCode())
                    .isEqualTo(204);
        } finally {
            server.stop(0);
        }
    }

    private static Javalin start(Latchkey auth) {
        return Javalin.create(config -> config.registerPlugin(new LatchkeyPlugin(auth)))
                .start("127.0.0.1", 0);
    }

    private static HttpResponse<String> login(Http http, String username, String password) {
        return http.post("/auth/login", "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}");
    }

    private static void assertRefused(AuthError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
