package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoginTest {

    private final List<String> checked = new ArrayList<>();
    private final Map<String, String> hashes = Map.of("alice", "hash of secret", "sso", "");
    private final Login login = Login.of(
            name -> Optional.ofNullable(hashes.containsKey(name) ? name : null),
            name -> hashes.get(name).isEmpty() ? null : hashes.get(name),
            (password, hash) -> {
                checked.add(hash);
                return hash.equals("hash of " + password);
            },
            "hash of nothing");

    @Test
    void findsTheUserByNameAndPassword() {
        assertThat(login.authenticate("alice", "secret")).isEqualTo("alice");
        refuses(login, "alice", "Secret");
        refuses(login, "bob", "secret");
    }

    /** The cost of the hash is what a stopwatch would see. */
    @Test
    void checksOnePasswordInEveryCase() {
        checked.clear();
        refuses(login, "alice", "wrong");
        refuses(login, "bob", "wrong");
        refuses(login, "sso", "wrong");
        assertThat(checked).containsExactly("hash of secret", "hash of nothing", "hash of nothing");
    }

    @Test
    void thePasswordOfTheDummyOpensNothing() {
        refuses(login, "bob", "nothing");
        refuses(login, "sso", "nothing");
    }

    @Test
    void refusesADummyThatTheHasherCannotRead() {
        assertThatThrownBy(() -> Login.of(
                        name -> Optional.empty(),
                        name -> "x",
                        (password, hash) -> {
                            throw new IllegalArgumentException("not a hash");
                        },
                        "dummy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dummyHash is not a hash that matches(…) can read")
                .hasRootCauseMessage("not a hash");
    }

    @Test
    void refusesFieldsThatCannotBeToldApart() {
        for (List<String> names : List.of(List.of("a", "a"), List.of("", "a"), List.of("a", ""))) {
            assertThatThrownBy(() -> login.withFields(names.get(0), names.get(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the two fields need two different names");
        }
    }

    @Test
    void copiesKeepWhatTheyDoNotChange() {
        Login copy = login.withFields("email", "pin")
                .withThrottle((name, address) -> !name.equals("mallory"))
                .withMaxConcurrent(1)
                .withResponse((user, tokens) -> AuthResponse.json(200, Map.of()));
        assertThat(copy.usernameField()).isEqualTo("email");
        assertThat(copy.passwordField()).isEqualTo("pin");
        assertThat(copy.response()).isPresent();
        assertThat(copy.authenticate("alice", "secret")).isEqualTo("alice");
        Refusal.expect(AuthError.TOO_MANY_ATTEMPTS, () -> copy.throttle("mallory", null));
        assertThat(login.usernameField()).isEqualTo("username");
        assertThat(login.response()).isEmpty();
    }

    /** A thousand logins at once would starve the server of memory and processors: the rest is told to come back. */
    @Test
    void boundsThePasswordChecksThatRunAtOnce() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch finish = new CountDownLatch(1);
        Login slow = Login.by((name, password) -> {
                    inside.countDown();
                    await(finish);
                    return Optional.of(name);
                })
                .withMaxConcurrent(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Object>> running = IntStream.range(0, 2)
                    .mapToObj(i -> threads.submit(() -> slow.authenticate("alice", "x")))
                    .toList();
            await(inside);
            AuthException refusal = Refusal.expect(AuthError.UNAVAILABLE, () -> slow.authenticate("bob", "x"));
            assertThat(refusal.getCause()).hasMessage("too many passwords are being checked at once");
            Latchkey auth = Forge.latchkey(new StandingClock()).login(slow).build();
            AuthResponse response =
                    auth.serve(Request.json("/auth/login", "{\"username\":\"bob\",\"password\":\"x\"}"));
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.headers()).containsKey("Retry-After");
            finish.countDown();
            for (Future<Object> login : running) {
                assertThat(login.get(10, TimeUnit.SECONDS)).isEqualTo("alice");
            }
        } finally {
            finish.countDown();
            threads.shutdownNow();
        }
        assertThat(slow.authenticate("bob", "x")).isEqualTo("bob");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCheckThatThrowsGivesItsPlaceBack() {
        Login broken = Login.by((name, password) -> {
                    throw new IllegalStateException("LDAP down");
                })
                .withMaxConcurrent(1);
        for (int i = 0; i < 3; i++) {
            AuthException refusal = Refusal.expect(AuthError.UNAVAILABLE, () -> broken.authenticate("alice", "x"));
            assertThat(refusal.getCause()).hasMessage("login failed");
        }
        assertThatThrownBy(() -> broken.withMaxConcurrent(0)).hasMessage("maxConcurrent is 0, needs at least 1");
    }

    private static void refuses(Login login, String name, String password) {
        Refusal.expect(AuthError.CREDENTIALS_INVALID, "Invalid credentials", () -> login.authenticate(name, password));
    }
}
