package dev.latchkey.redis;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisAddressTest {

    @Test
    void namesAWrongAddressAndNoPassword() {
        for (String wrong : List.of(
                "",
                "localhost",
                "http://127.0.0.1",
                "redis://",
                "redis://alice:s3cret@127.0.0.1:port",
                "redis://:s3cret@:6379",
                "redis://:s3cret@127.0.0.1@6379:1",
                "redis://under_score:6379",
                "redis-sentinel://:s3cret@localhost",
                "rediss://:s3cret@host:99999",
                "redis-sentinel://:s3cret@/x?password=s3cret",
                "redis//:s3cret@host",
                "redis://:s3cret",
                "s3cret")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> RedisTokenStore.of(wrong))
                    .withMessageContaining(" is not an address of Redis: needs redis://host:port")
                    .withMessageNotContaining("s3cret")
                    .withNoCause();
        }
        assertThatIllegalArgumentException().isThrownBy(RedisTokenStore::cluster);
        assertThatIllegalArgumentException().isThrownBy(() -> RedisTokenStore.cluster("redis://a", "b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisTokenStore.of("redis://127.0.0.1").withTimeout(Duration.ZERO))
                .withMessage("timeout is PT0S, needs to be positive");
    }
}
