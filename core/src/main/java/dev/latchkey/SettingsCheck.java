package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong with settings, each line with the setting's name and the mend; and what is dangerous about them. */
final class SettingsCheck {

    private SettingsCheck() {}

    /**
     * Checks settings and opens what they name.
     *
     * @throws IllegalStateException naming everything that is wrong or missing
     */
    static Settings started(Settings s) {
        List<String> problems = problems(s);
        if (problems.isEmpty()) {
            try {
                s.issuers = Issuers.open(s);
            } catch (IllegalArgumentException e) {
                problems.add("keys: " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalStateException("Latchkey cannot start:\n - " + String.join("\n - ", problems));
        }
        if (s.store == null && !s.stateless) {
            s.store = s.migration == null
                    ? TokenStore.inMemory(s.clock)
                    : new MemoryTokenStore(s.clock, MemoryTokenStore.MAX_ENTRIES, Instant.EPOCH);
        }
        warnings(s).forEach(Log::warn);
        return s;
    }

    private static List<String> problems(Settings s) {
        List<String> problems = new ArrayList<>();
        if (s.issuer == null || s.issuer.isBlank()) {
            problems.add("issuer is not set: call issuer(\"…\") with the name of your application, or set "
                    + "JWT_ISSUER for fromEnvironment()");
        } else if (blank(s.audience()) || blank(s.acceptedAudience())) {
            problems.add("audience holds a blank name: leave it out, or name who the tokens are for");
        }
        if (s.keys != null) {
            keys(problems, s, s.keys);
        } else {
            problems.add("key is not set: call key(JwtKey.hs256(secret)) with 32 random bytes, as "
                    + "openssl rand -base64 32 makes them, or set JWT_SECRET_KEY for fromEnvironment()");
        }
        Duration longest = s.unlimitedAllowed ? Duration.ofSeconds(ClaimRules.LATEST / 2) : Settings.MAX_LIFETIME;
        String thieves = "a stolen token works until then, so let refreshes carry the session on";
        range(problems, "accessLifetime", s.accessLifetime, Duration.ofSeconds(1), longest, thieves);
        range(problems, "refreshLifetime", s.refreshLifetime, Duration.ofSeconds(1), longest, thieves);
        range(problems, "sessionLifetime", s.sessionLifetime, Duration.ofSeconds(1), longest, thieves);
        range(problems, "shortSessionLifetime", s.shortSessionLifetime, Duration.ofSeconds(1), longest, thieves);
        String copies = "for that long a copy of a refresh token gets in unnoticed";
        range(problems, "refreshGrace", s.refreshGrace, Duration.ZERO, Duration.ofSeconds(60), copies);
        if (s.maxSessions < 1 || s.maxSessions > 10_000) {
            problems.add("maxSessions is " + s.maxSessions + ", needs 1 to 10,000");
        }
        String clocks = "set the clocks instead";
        range(problems, "leeway", s.leeway, Duration.ZERO, Duration.ofMinutes(2), clocks);
        range(problems, "futureLeeway", s.futureLeeway, Duration.ofSeconds(1), Duration.ofMinutes(5), clocks);
        if (s.notBefore != null) {
            range(problems, "notBefore", s.notBefore, Duration.ZERO, Duration.ofDays(1), "issue the token later");
        }
        required(problems, s);
        hooks(problems, s);
        if (s.store != null && s.stateless) {
            problems.add("store(…) and stateless() exclude each other: leave one out");
        }
        if (!s.headerName.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
            problems.add("headerName '" + Log.escape(s.headerName) + "' is not a header name (RFC 9110 section 5.6.2)");
        }
        if (!s.headerScheme.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]*")) {
            problems.add("headerScheme '" + Log.escape(s.headerScheme)
                    + "' is not one word: leave out spaces, or set \"\" for the bare token");
        }
        if (s.accessJsonKey.isEmpty() || s.refreshJsonKey.isEmpty() || s.accessJsonKey.equals(s.refreshJsonKey)) {
            problems.add("jsonKeys need two different names");
        }
        if (s.queryName.isEmpty()) {
            problems.add("queryParameter(…) needs a name");
        }
        if (s.maxBody < 256 || s.maxBody > AuthRequest.MAX_BODY - 1) {
            problems.add("maxBodySize is " + s.maxBody + ", needs 256 to " + (AuthRequest.MAX_BODY - 1));
        }
        cookies(problems, s);
        if (s.errorMessageKey.isEmpty() || s.errorMessageKey.equals("code")) {
            problems.add("errorMessageKey must be a name other than 'code', which holds the error's code");
        }
        endpoints(problems, s);
        return problems;
    }

    private static void keys(List<String> problems, Settings s, KeySet keys) {
        boolean signs = keys.keys().stream().anyMatch(JwtKey::canSign);
        boolean finds = keys.signingKey() != null && keys.lookup() != null;
        if (!signs && !finds && keys.loader() == null) {
            problems.add("keys hold none that signs: list one with its private half, or a secret, first");
        }
        keys.retireAfter().ifPresent(time -> {
            if (time.compareTo(s.longestLife()) < 0) {
                problems.add("keys: retireAfter is " + time + ", needs at least " + s.longestLife()
                        + ", as long as the last token of a key can live");
            }
        });
        Set<String> names = new HashSet<>(List.of(Objects.requireNonNullElse(s.issuer, "")));
        for (Issuer issuer : s.trusted) {
            problems.addAll(issuer.problems());
            if (!names.add(issuer.name())) {
                problems.add("trust(…) names '" + Log.escape(issuer.name())
                        + "' twice, or this application: a token has one issuer, and that one set of keys");
            }
        }
        boolean anonymous = s.migration != null && s.migration.acceptsNoIssuer();
        if (anonymous && !s.trusted.isEmpty()) {
            problems.add("migration: withoutIssuer() and trust(…) exclude each other: "
                    + "nobody could tell whose a token without iss is");
        }
    }

    private static void required(List<String> problems, Settings s) {
        if (s.requiredClaims.contains("nbf") && s.notBefore == null) {
            problems.add("requiredClaims names 'nbf', which no token has: call notBefore(…), or leave it out");
        }
        if (s.requiredClaims.contains("csrf")) {
            problems.add("requiredClaims names 'csrf', which tokens for cookies alone have: leave it out");
        }
    }

    private static void cookies(List<String> problems, Settings s) {
        problems.addAll(s.cookies.problems());
        if (s.usesCookies() && !s.endpoints && s.cookies.refreshPath().isEmpty()) {
            problems.add(
                    "cookies: without endpoints nobody knows where the refresh cookie goes: call refreshPath(…) with "
                            + "the path below which your refresh and logout lie");
        }
        Optional<Duration> renewal = s.cookies.renewal();
        if (renewal.filter(before -> before.compareTo(s.accessLifetime) >= 0).isPresent()) {
            problems.add("cookies: renewal is " + renewal.get() + ", needs less than accessLifetime, which is "
                    + s.accessLifetime + ": else every response renews");
        }
        if (renewal.isPresent() && s.notBefore != null && !s.notBefore.isZero()) {
            problems.add(
                    "cookies: a cookie that renewal(…) brought would not be valid before notBefore(…): leave one out");
        }
    }

    private static void hooks(List<String> problems, Settings s) {
        if (s.userLoader != null) {
            return;
        }
        for (Settings.@Nullable UserHook<?> hook :
                Arrays.asList(s.claims, s.headers, s.keys == null ? null : s.keys.signingKey())) {
            if (hook != null && s.endpoints && !hook.type().isAssignableFrom(String.class)) {
                problems.add(hook.name() + "(" + hook.type().getSimpleName() + ".class, …) needs userLoader(…): "
                        + "a refresh knows the subject only, and must load the user");
            }
        }
    }

    private static void endpoints(List<String> problems, Settings s) {
        if (!s.endpoints) {
            if (s.login != null) {
                problems.add("login(…) needs the endpoints: leave out withoutEndpoints()");
            }
            return;
        }
        List<String> paths = List.of(s.loginPath, s.refreshPath, s.logoutPath, s.sessionsPath);
        for (String path : paths) {
            if (!path.matches("(/[A-Za-z0-9._~-]+)+")) {
                problems.add("endpoint path '" + Log.escape(path)
                        + "' must be literal segments, each after a slash, such as /auth/login");
            }
        }
        if (paths.subList(1, paths.size()).stream().anyMatch(path -> (s.loginPath + "/").startsWith(path + "/"))) {
            problems.add("loginPath '" + Log.escape(s.loginPath) + "' is that of another endpoint: choose another");
        }
    }

    private static void range(
            List<String> problems, String name, Duration value, Duration least, Duration most, String mend) {
        if (value.compareTo(least) < 0) {
            problems.add(name + " is " + value + ", needs at least " + least);
        } else if (value.compareTo(most) > 0) {
            problems.add(name + " is " + value + ", may be at most " + most + ": " + mend);
        }
    }

    private static boolean blank(List<String> names) {
        return names.stream().anyMatch(String::isBlank);
    }

    private static List<String> warnings(Settings s) {
        List<String> warnings = new ArrayList<>(s.warnings);
        for (JwtKey key : s.keySet().keys()) {
            if (key.weak()) {
                warnings.add(key + " is dangerously short: whoever holds one token can guess it and sign as anybody; "
                        + "rotate to JwtKey.hs256 with 32 random bytes");
            }
        }
        Instant now = s.clock.instant();
        if (s.migration != null) {
            warnings.addAll(s.migration.warnings("", now));
        }
        for (Issuer issuer : s.trusted) {
            if (issuer.migration() != null) {
                warnings.addAll(issuer.migration().warnings(issuer.name() + ": ", now));
            }
            if (s.userLoader != null && issuer.userLoader() == null) {
                warnings.add("issuer '" + Log.escape(issuer.name())
                        + "' has no userLoader(…): its tokens pass only routes withoutUser()");
            }
        }
        if (s.unlimitedAllowed) {
            warnings.add("allowTokensThatNeverExpire(): a stolen token of that kind is a way in for ever");
        }
        if (s.store != null) {
            warnings.addAll(ofStore(s.store));
        }
        if (s.locations.contains(TokenLocation.QUERY)) {
            warnings.add(
                    "locations hold QUERY: logs, histories and Referer headers keep tokens that travel in a query; "
                            + "let them live for seconds, or demand them on single routes with withLocations(…)");
        }
        if (s.cookies.areInsecure()) {
            warnings.add("insecureLoopbackCookies(): without Secure, for browsers on this machine alone; requests for "
                    + "another host are refused");
        }
        if (!s.cookies.isCsrfProtected()) {
            warnings.add(
                    "withoutCsrfProtection(): any page can act for users who are logged in, as far as SameSite allows");
        }
        if (s.stateless) {
            warnings.add(
                    "stateless(): a logout ends nothing, a refresh token works again and again, and a stolen token works until it expires");
        }
        return warnings;
    }

    /** An application starts without its store, and lets nobody in until that answers. */
    private static List<String> ofStore(TokenStore store) {
        try {
            return store.warnings();
        } catch (RuntimeException e) {
            return List.of(
                    "the store gives no answer, and until it does all that needs it is refused with 503: start it, or "
                            + "mend its address (" + e.getMessage() + ")");
        }
    }
}
