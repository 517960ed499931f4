package dev.latchkey.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.AuthException;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Tokens;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.TimeoutOptions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs what docs/redis.md shows. */
class RedisPageTest {

    private final LatchkeyBuilder builder = Latchkey.builder().issuer("notes").key(JwtKey.generate());
    private RedisServer server;
    private String address;

    @BeforeEach
    void start() {
        server = RedisServer.start("appendonly yes", "appendfsync always");
        address = server.address();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void use() {
        // region use
        Latchkey auth = builder.store(RedisTokenStore.of(address)).build();
        // endregion
        Latchkey other = builder.store(RedisTokenStore.of(address)).build();
        Tokens tokens = auth.issue("alice");
        other.logout(tokens.accessToken());
        assertThatThrownBy(() -> auth.verify(tokens.accessToken())).isInstanceOf(AuthException.class);
        auth.close();
        other.close();
    }

    @Test
    void options() {
        // region options
        RedisTokenStore store = RedisTokenStore.of(address)
                .withTimeout(Duration.ofMillis(500)); // how long a request waits for Redis, 1 s unless set
        // endregion
        store.ping();
        store.close();
    }

    @Test
    void clientOfYourOwn() {
        RedisClient client = RedisClient.create(address);
        // region client
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(Duration.ofSeconds(1)))
                .build());
        RedisTokenStore store = RedisTokenStore.of(client);
        // endregion
        assertThat(store.warnings()).isEmpty();
        store.close();
        client.shutdown();
    }
}
