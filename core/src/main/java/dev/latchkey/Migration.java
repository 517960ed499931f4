package dev.latchkey;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of an older system may lack until a day, so that moving logs nobody out. Each leniency weakens a check
 * and is warned of at every start; tokens that Latchkey issues lack nothing.
 *
 * <pre>{@code
 * Migration.until(Instant.parse("2027-03-01T00:00:00Z")).withoutIssuer().withoutAudience()
 * }</pre>
 */
public final class Migration {

    private enum Leniency {
        NO_ISSUER("iss", "anything signed with the same key passes as ours"),
        NO_AUDIENCE("aud", "a token for another application of the same key passes here"),
        NO_TYPE("type", "any token counts as an access token"),
        NO_ID("jti", "such a token is known by its hash alone"),
        NO_EXPIRY("exp", "a stolen token works until the migration ends"),
        IDENTITY_CLAIM("sub", "the subject is read from 'identity'"),
        USER_CLAIMS(null, "claims are read from 'user_claims'"),
        SUBJECT_NOT_TEXT(null, "the subjects 7 and \"7\" are one");

        private final @Nullable String missing;
        private final String harm;

        Leniency(@Nullable String missing, String harm) {
            this.missing = missing;
            this.harm = harm;
        }
    }

    private final Instant until;
    private final Set<Leniency> leniencies;

    private Migration(Instant until, Set<Leniency> leniencies) {
        this.until = until;
        this.leniencies = leniencies;
    }

    /** Nothing is accepted yet, and nothing more from this moment on: a day by which the older tokens have expired. */
    public static Migration until(Instant end) {
        return new Migration(end, EnumSet.noneOf(Leniency.class));
    }

    private Migration with(Leniency leniency) {
        Set<Leniency> more = EnumSet.of(leniency);
        more.addAll(leniencies);
        return new Migration(until, more);
    }

    /** Accepts tokens without {@code iss} as those of our own; impossible where other issuers are trusted. */
    public Migration withoutIssuer() {
        return with(Leniency.NO_ISSUER);
    }

    /** Accepts tokens without {@code aud}. */
    public Migration withoutAudience() {
        return with(Leniency.NO_AUDIENCE);
    }

    /** Accepts tokens without {@code type} as access tokens. */
    public Migration withoutType() {
        return with(Leniency.NO_TYPE);
    }

    /** Accepts tokens without {@code jti}; the hash of what was signed stands for it, so that they can be revoked. */
    public Migration withoutId() {
        return with(Leniency.NO_ID);
    }

    /** Accepts tokens without {@code exp}, until the migration ends. */
    public Migration withoutExpiry() {
        return with(Leniency.NO_EXPIRY);
    }

    /** Takes {@code identity} for the subject where there is no {@code sub}. */
    public Migration withIdentityClaim() {
        return with(Leniency.IDENTITY_CLAIM);
    }

    /** Takes the members of {@code user_claims} for claims, where the token has no such claim itself. */
    public Migration withUserClaims() {
        return with(Leniency.USER_CLAIMS);
    }

    /** Accepts a subject that is a whole number, as the text of it. */
    public Migration withNumberAsSubject() {
        return with(Leniency.SUBJECT_NOT_TEXT);
    }

    boolean acceptsNoIssuer() {
        return leniencies.contains(Leniency.NO_ISSUER);
    }

    /** The claims as a token of today would have them; as they are once the migration is over. */
    Map<String, @Nullable Object> today(
            Map<String, @Nullable Object> claims,
            String issuer,
            List<String> audience,
            Supplier<String> hash,
            Instant now) {
        if (!now.isBefore(until)) {
            return claims;
        }
        Map<String, @Nullable Object> today = new LinkedHashMap<>(claims);
        for (Leniency leniency : leniencies) {
            if (leniency.missing == null || !claims.containsKey(leniency.missing)) {
                supply(today, leniency, issuer, audience, hash);
            }
        }
        return today;
    }

    private void supply(
            Map<String, @Nullable Object> today,
            Leniency leniency,
            String issuer,
            List<String> audience,
            Supplier<String> hash) {
        switch (leniency) {
            case NO_ISSUER -> today.put("iss", issuer);
            case NO_AUDIENCE -> today.put("aud", audience);
            case NO_TYPE -> today.put("type", "access");
            case NO_ID -> today.put("jti", hash.get());
            case NO_EXPIRY -> today.put("exp", until.getEpochSecond());
            case IDENTITY_CLAIM -> {
                if (today.containsKey("identity")) {
                    today.put("sub", today.get("identity"));
                }
            }
            case USER_CLAIMS -> {
                if (today.get("user_claims") instanceof Map<?, ?> claims) {
                    claims.forEach((name, value) -> {
                        if (!Grant.RESERVED_CLAIMS.contains(name)) {
                            today.putIfAbsent((String) name, value);
                        }
                    });
                }
            }
            case SUBJECT_NOT_TEXT -> {
                if (today.get("sub") instanceof Long number) {
                    today.put("sub", number.toString());
                }
            }
        }
    }

    /** What an operator should know at every start. */
    List<String> warnings(String whose, Instant now) {
        if (!now.isBefore(until)) {
            return List.of(whose + "the migration ended at " + until + ": take migration(…) out");
        }
        List<String> warnings = new ArrayList<>();
        for (Leniency leniency : leniencies) {
            warnings.add(whose + "until " + until + " older tokens may differ ("
                    + leniency.name().toLowerCase(Locale.ROOT) + "): " + leniency.harm);
        }
        return warnings;
    }
}
