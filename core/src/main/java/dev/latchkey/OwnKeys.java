package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our own keys, which sign and are published besides verifying. */
final class OwnKeys {

    private final KeySet set;
    private final Keys keys;

    OwnKeys(KeySet set, Keys keys) {
        this.set = set;
        this.keys = keys;
    }

    Keys keys() {
        return keys;
    }

    JwtKey signing(Instant now) {
        JwtKey key = keys.view(now).signing();
        if (key == null) {
            throw AuthException.unavailable("no key signs: those there are verify only, or are over", null);
        }
        return key;
    }

    /** The key for the tokens of a user. */
    JwtKey signing(Object user, Instant now) {
        Settings.UserHook<JwtKey> choice = set.signingKey();
        if (choice == null) {
            return signing(now);
        }
        JwtKey key = choice.apply(user);
        boolean known =
                set.lookup() != null || keys.view(now).accepted().stream().anyMatch(key::sameAs);
        if (!known || !key.canSign()) {
            throw new IllegalStateException("withSigningKey(…) chose " + key
                    + ", which cannot sign or nobody would accept: list it in the set, or let withLookup(…) find it");
        }
        return key;
    }

    /** The key that signed before, if it may go on. */
    JwtKey signingAgain(@Nullable Object id, Instant now) {
        return keys.view(now).accepted().stream()
                .filter(key -> set.signingKey() != null
                        && key.canSign()
                        && key.id().isPresent()
                        && key.id().get().equals(id))
                .findFirst()
                .orElseGet(() -> signing(now));
    }

    /** Whether a signature comes from elsewhere, and takes its time. */
    boolean signsElsewhere() {
        return keys.known().stream().anyMatch(JwtKey::isRemote);
    }

    /** The public halves of the keys in force and of those to come, for whoever verifies our tokens. */
    List<JwtKey> published(Instant now) {
        return keys.view(now).accepted().stream()
                .filter(key -> key.publicKey() != null)
                .toList();
    }

    boolean mayPublish() {
        return keys.change() || set.keys().stream().anyMatch(key -> key.publicKey() != null);
    }

    /** How long others may keep the published keys: half the time for which a new one waits, a minute at most. */
    Duration publishedFor() {
        Duration half = set.activationDelay().dividedBy(2);
        return half.compareTo(Duration.ofMinutes(1)) < 0 ? half : Duration.ofMinutes(1);
    }
}
