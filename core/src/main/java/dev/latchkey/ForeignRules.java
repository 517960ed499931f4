package dev.latchkey;

import static dev.latchkey.AuthError.ISSUER_INVALID;
import static dev.latchkey.AuthError.TOKEN_TYPE_INVALID;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an access token of another issuer must be; it need not be shaped like ours. */
final class ForeignRules {

    private final Issuer issuer;
    private final Keys keys;
    private final Settings settings;

    ForeignRules(Issuer issuer, Keys keys, Settings settings) {
        this.issuer = issuer;
        this.keys = keys;
        this.settings = settings;
    }

    Issuer issuer() {
        return issuer;
    }

    Keys keys() {
        return keys;
    }

    /** Checks everything but expiry. */
    Claims check(Jws jws, Instant now) {
        jws.verify(keys, now, false);
        Map<String, @Nullable Object> payload = jws.payload();
        Migration migration = issuer.migration();
        if (migration != null) {
            payload = migration.today(payload, issuer.name(), issuer.audience(), jws::hash, now);
        }
        if (!ClaimRules.text(payload, "iss", "Payload Issuer (iss) must be a string")
                .equals(issuer.name())) {
            throw AuthException.of(ISSUER_INVALID);
        }
        ClaimRules.begun(payload, now.plus(settings.futureLeeway));
        ClaimRules.audience(payload, issuer.audienceClaim(), issuer.audience());
        ClaimRules.text(payload, "sub", "Subject must be a string");
        if (payload.containsKey("jti")) {
            ClaimRules.text(payload, "jti", "JWT ID must be a string");
        }
        Claims claims = Claims.foreign(jws.header(), payload, jws::hash);
        if (!issuer.takesType(jws.header().get("typ"))
                || !issuer.marks().entrySet().stream().allMatch(mark -> isMarked(claims, mark))) {
            throw AuthException.of(TOKEN_TYPE_INVALID, "Only access tokens are allowed", claims);
        }
        return claims;
    }

    private static boolean isMarked(Claims claims, Map.Entry<String, Optional<String>> mark) {
        Object value = claims.asMap().get(mark.getKey());
        return value != null && mark.getValue().map(value::equals).orElse(true);
    }
}
