package dev.latchkey.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Rotation;
import dev.latchkey.TokenStore.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** What the tests of one store say often. */
final class StoreCase {

    static final Duration GRACE = Duration.ofSeconds(30);
    static final Duration LIFETIME = Duration.ofHours(1);

    private StoreCase() {}

    static Subject subject() {
        return new Subject("notes", newId());
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    static RefreshToken token() {
        return token(now());
    }

    static RefreshToken token(Instant issuedAt) {
        return new RefreshToken(newId(), issuedAt, issuedAt.plus(LIFETIME));
    }

    /** Opens a session by this node, and tells its id. */
    static String open(TokenStore node, Subject subject, RefreshToken first) {
        Session session = new Session(
                newId(),
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                first.issuedAt(),
                first.issuedAt(),
                first.issuedAt().plus(Duration.ofDays(30)));
        assertThat(node.open(subject, node.generation(subject), session, first, 100_000))
                .contains(List.of());
        return session.id();
    }

    static String open(TokenStore node, Subject subject) {
        return open(node, subject, token());
    }

    static boolean isLive(TokenStore node, Subject subject, String session) {
        return node.isLive(subject, newId(), session, now());
    }

    static Rotation rotate(TokenStore node, Subject subject, String session, RefreshToken presented) {
        return node.rotate(subject, session, presented.id(), token(), GRACE);
    }
}
