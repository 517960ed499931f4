package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Cookies;
import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.TokenStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What the contracts of streams share: tokens that live briefly, by the real clock. */
abstract class StreamBase extends ContractBase {

    private final LatchkeyBuilder settings = Latchkey.builder()
            .issuer("streams")
            .key(JwtKey.generate())
            .store(TokenStore.inMemory(Clock.systemUTC()))
            .cookies(Cookies.create());
    final Latchkey auth = settings.build();
    final Latchkey otherNode = settings.build();
    final String alice = auth.accessToken("alice");

    String brief() {
        return auth.accessToken("alice", Grant.create().lifetime(Duration.ofSeconds(2)));
    }

    /** The session ended on another node, which this one asks its store about once a second. */
    static void assertEndedSoon(Instant logout) {
        assertThat(Instant.now()).as("end of the stream").isBetween(logout, logout.plusSeconds(2));
    }

    void assertEndedInTime(String token) {
        Instant now = Instant.now();
        Instant expiry = auth.verify(token).expiresAt(); // within the leeway
        assertThat(now).as("end of the stream").isBetween(expiry, expiry.plusSeconds(1));
    }
}
