package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Ends tokens before their time, and says for how long the store has to remember it. */
final class Revocations {

    private final Settings settings;

    Revocations(Settings settings) {
        this.settings = settings;
    }

    /** The store, or an {@link IllegalStateException} where there is none. */
    TokenStore store() {
        if (settings.store == null) {
            throw new IllegalStateException("stateless() gave up revocation: leave it out, or wait for the expiry");
        }
        return settings.store;
    }

    void revoke(Claims claims) {
        revoke(claims, claims.id(), remembered(claims.expiresAt()));
    }

    /** Ends the session of a token, or the token itself if it has none; nothing where there is no store. */
    void logout(Claims claims) {
        if (settings.store == null) {
            return;
        }
        Optional<String> session = claims.sessionId();
        if (session.isPresent()) {
            revoke(claims, session.get(), remembered(settings.clock.instant().plus(settings.sessionLifetime())));
        } else {
            revoke(claims);
        }
    }

    private void revoke(Claims claims, String id, Instant until) {
        TokenStore store = store();
        storing(() -> store.revoke(claims.issuer(), claims.subject(), id, until));
        Log.info("revoked id=" + Log.escape(id));
    }

    void revokeAll(String subject) {
        TokenStore store = store();
        Instant now = settings.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Duration longest = settings.unlimitedAllowed
                ? Duration.between(now, Instant.ofEpochSecond(ClaimRules.LATEST))
                : Settings.MAX_LIFETIME;
        storing(() -> {
            // Tokens made since the last cut-off of this second are dated to the next one: they are to go as well.
            Instant last = store.cutOff(settings.issuer(), subject);
            Instant cutOff = now.isAfter(last) ? now : last.plusSeconds(1);
            store.revokeAll(settings.issuer(), subject, cutOff, remembered(cutOff.plus(longest)));
        });
        Log.info("revoked all tokens of subject=" + Log.escape(subject));
    }

    private static void storing(Runnable write) {
        Checks.asked(() -> {
            write.run();
            return true;
        });
    }

    /** Entries live until {@code exp} plus leeway, rounded up. */
    private Instant remembered(Instant expiry) {
        return expiry.plus(settings.leeway).plusSeconds(1);
    }
}
