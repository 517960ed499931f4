package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whose tokens are accepted: ours, and those of others, each with their keys. */
final class Issuers implements AutoCloseable {

    private final String ours;
    private final OwnKeys own;
    private final Map<String, ForeignRules> others;
    private final List<Keys> all = new ArrayList<>();

    private Issuers(String ours, OwnKeys own, Map<String, ForeignRules> others) {
        this.ours = ours;
        this.own = own;
        this.others = others;
        all.add(own.keys());
        others.values().forEach(rules -> all.add(rules.keys()));
    }

    /** Throws {@link IllegalArgumentException} if our own keys cannot be read. */
    static Issuers open(Settings settings) {
        Keys own = Keys.open(settings.keySet(), settings.clock, settings::tell, settings.longestLife());
        Map<String, ForeignRules> others = new LinkedHashMap<>();
        for (Issuer issuer : settings.trusted) {
            Keys keys = Keys.open(issuer.keys(), settings.clock, settings::tell, Duration.ZERO);
            others.put(issuer.name(), new ForeignRules(issuer, keys, settings));
        }
        return new Issuers(settings.issuer(), new OwnKeys(settings.keySet(), own), others);
    }

    OwnKeys own() {
        return own;
    }

    /**
     * The rules for a token that says it is of another issuer: the name only chooses whose rules it must meet. One that
     * nobody trusts is refused by its name, without a look at its signature.
     */
    Optional<ForeignRules> other(Jws jws) {
        if (others.isEmpty() || !(jws.payload().get("iss") instanceof String name) || name.equals(ours)) {
            return Optional.empty();
        }
        ForeignRules rules = others.get(name);
        if (rules == null) {
            throw AuthException.of(AuthError.ISSUER_INVALID);
        }
        return Optional.of(rules);
    }

    /** The issuer of claims, unless they are ours. */
    Optional<Issuer> other(Claims claims) {
        return claims.isOurs()
                ? Optional.empty()
                : Optional.ofNullable(others.get(claims.issuer())).map(ForeignRules::issuer);
    }

    /** Whether any check may wait for keys at all. */
    boolean change() {
        return all.stream().anyMatch(Keys::change);
    }

    /** Whether a check of this token would wait for its key. */
    boolean mayBlock(String token, Instant now) {
        try {
            Jws jws = Jws.parse(token);
            Keys keys = other(jws).map(ForeignRules::keys).orElse(own.keys());
            return keys.mayBlock(jws.header().get("kid") instanceof String kid ? kid : null, now);
        } catch (AuthException malformed) {
            return false;
        }
    }

    /** The health of all, given what is wrong elsewhere: keys that serve on after a failed reading are a problem only. */
    Latchkey.Health health(List<String> elsewhere, Instant now) {
        List<String> problems = new ArrayList<>(elsewhere);
        all.forEach(keys -> keys.problem(now).ifPresent(problems::add));
        return new Latchkey.Health(
                elsewhere.isEmpty() && all.stream().allMatch(keys -> keys.isUsable(now)), List.copyOf(problems));
    }

    @Override
    public void close() {
        all.forEach(Keys::close);
    }
}
