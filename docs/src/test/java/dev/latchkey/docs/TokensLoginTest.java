package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.AuthError;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Login;
import dev.latchkey.TokenStore;
import dev.latchkey.Tokens;
import dev.latchkey.VerifiedToken;
import io.javalin.Javalin;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Runs what docs/tokens.md shows of login and revocation. */
class TokensLoginTest extends TokensPage {

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
        VerifiedToken after = auth.verify(auth.accessToken(person));
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
    void aStoreWithABoundOfItsOwn() {
        LatchkeyBuilder builder = this.builder;
        // region store
        Latchkey auth = builder.store(TokenStore.inMemory(Clock.systemUTC(), 200_000)) // sessions and revoked tokens
                .build();
        Latchkey.Health health = auth.health(); // asks the store
        // endregion

        assertThat(health.up()).isTrue();
        auth.close();
        assertThat(auth.health().problems()).containsExactly("closed");
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
}
