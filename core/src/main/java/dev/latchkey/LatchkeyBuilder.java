package dev.latchkey;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Collects settings; {@link #build()} reports everything that is wrong or missing at once. Not for several threads. */
public final class LatchkeyBuilder {

    private final Settings settings;

    LatchkeyBuilder(Settings settings) {
        this.settings = settings;
    }

    /** The name of this application, written as {@code iss} and demanded of every token. Mandatory. */
    public LatchkeyBuilder issuer(String issuer) {
        settings.issuer = issuer;
        return this;
    }

    /** Whom the tokens are meant for, written as {@code aud}; by default the issuer itself. */
    public LatchkeyBuilder audience(String first, String... more) {
        settings.audience = list(first, more);
        return this;
    }

    /** The audiences of which a token must name one, where these differ from the ones written. */
    public LatchkeyBuilder acceptedAudience(String first, String... more) {
        settings.acceptedAudience = list(first, more);
        return this;
    }

    /** The one key that signs and verifies. This or {@link #keys} is mandatory. */
    public LatchkeyBuilder key(JwtKey key) {
        return keys(KeySet.of(key));
    }

    /** The key that signs and those still accepted. */
    public LatchkeyBuilder keys(KeySet keys) {
        settings.keys = keys;
        return this;
    }

    /** Other issuers whose access tokens are accepted besides our own; their tokens never refresh, nor come as cookies. */
    public LatchkeyBuilder trust(Issuer first, Issuer... more) {
        settings.trusted = Stream.concat(Stream.of(first), Stream.of(more)).toList();
        return this;
    }

    /** What older tokens of this application may lack, for a time. */
    public LatchkeyBuilder migration(Migration migration) {
        settings.migration = migration;
        return this;
    }

    /** How long an access token lives: by default 15 minutes, 1 s to 400 days. */
    public LatchkeyBuilder accessLifetime(Duration lifetime) {
        settings.accessLifetime = lifetime;
        return this;
    }

    /**
     * How long a refresh token lives, and so how long a session may be unused: by default 30 days, 1 s to 400 days. No
     * access token of a session outlives its refresh token.
     */
    public LatchkeyBuilder refreshLifetime(Duration lifetime) {
        settings.refreshLifetime = lifetime;
        return this;
    }

    /** How long a session lives however often it is refreshed: by default 90 days, 1 s to 400 days. */
    public LatchkeyBuilder sessionLifetime(Duration lifetime) {
        settings.sessionLifetime = lifetime;
        return this;
    }

    /** The same for a login that is not to be remembered: by default 12 hours, 1 s to 400 days. */
    public LatchkeyBuilder shortSessionLifetime(Duration lifetime) {
        settings.shortSessionLifetime = lifetime;
        return this;
    }

    /**
     * How long after a refresh the token before gets the same successor again, for tabs that refresh at once and for
     * answers that were lost: 0 to 60 s, by default 30 s.
     */
    public LatchkeyBuilder refreshGrace(Duration grace) {
        settings.refreshGrace = grace;
        return this;
    }

    /** How many sessions one subject may have, 1 to 10,000, by default 100: a login beyond ends the longest unused. */
    public LatchkeyBuilder maxSessions(int most) {
        settings.maxSessions = most;
        return this;
    }

    /** Is told of logins, refreshes, refusals and whatever else happens. */
    public LatchkeyBuilder listener(AuthListener listener) {
        settings.listener = listener;
        return this;
    }

    /** Allows lifetimes above 400 days and {@link Grant#neverExpires()}: for a thief as well. Warns at every start. */
    public LatchkeyBuilder allowTokensThatNeverExpire() {
        settings.unlimitedAllowed = true;
        return this;
    }

    /** How long after {@code exp} a token still counts: 0 to 2 minutes, by default 5 s. */
    public LatchkeyBuilder leeway(Duration leeway) {
        settings.leeway = leeway;
        return this;
    }

    /** How far ahead {@code iat} and {@code nbf} may lie, for clocks that differ: 1 s to 5 minutes, by default 60 s. */
    public LatchkeyBuilder futureLeeway(Duration leeway) {
        settings.futureLeeway = leeway;
        return this;
    }

    /** Writes {@code nbf}, this long after {@code iat}: 0 to 1 day. By default tokens have no {@code nbf}. */
    public LatchkeyBuilder notBefore(Duration delay) {
        settings.notBefore = delay;
        return this;
    }

    /** More claims that every token must carry, when it is made and when it is checked. */
    public LatchkeyBuilder requiredClaims(String first, String... more) {
        settings.requiredClaims = list(first, more);
        return this;
    }

    /**
     * The claim that holds the scopes of a token, by default {@code scope}: words in one text, or a list of texts. Dots
     * lead into nested objects, unless a claim has that very name.
     */
    public LatchkeyBuilder scopeClaim(String path) {
        settings.scopeClaim = path;
        return this;
    }

    /** The claim that holds the roles of the user, by default {@code roles}; such as {@code realm_access.roles}. */
    public LatchkeyBuilder roleClaim(String path) {
        settings.roleClaim = path;
        return this;
    }

    /** The clock of every check, by default the system's. */
    public LatchkeyBuilder clock(Clock clock) {
        settings.clock = clock;
        return this;
    }

    /** Makes token and session ids, which must never repeat nor be guessed: by default random UUIDs. */
    public LatchkeyBuilder idGenerator(Supplier<String> ids) {
        settings.ids = ids;
        return this;
    }

    /** Tells the subject of a user object; a {@code String} is a subject already. */
    public <U> LatchkeyBuilder identity(Class<U> type, Function<? super U, String> subject) {
        settings.identity = Settings.UserHook.of("identity", type, subject);
        return this;
    }

    /** More claims for every token of a user; reserved names are refused when the token is made. */
    public <U> LatchkeyBuilder claims(Class<U> type, Function<? super U, ? extends Map<String, ?>> claims) {
        settings.claims = Settings.UserHook.of("claims", type, claims);
        return this;
    }

    /** More members of the JOSE header for every token of a user; reserved names are refused. */
    public <U> LatchkeyBuilder headers(Class<U> type, Function<? super U, ? extends Map<String, ?>> headers) {
        settings.headers = Settings.UserHook.of("headers", type, headers);
        return this;
    }

    /** Finds the user of a token, as the last step of every check; empty refuses it with {@code user_not_found}. */
    public LatchkeyBuilder userLoader(Function<Claims, ? extends Optional<?>> loader) {
        settings.userLoader = loader;
        return this;
    }

    /** The application's own check of the claims of every token; false refuses it with {@code claims_rejected}. */
    public LatchkeyBuilder claimsCheck(Predicate<Claims> check) {
        settings.claimsCheck = check;
        return this;
    }

    /** The application's own list of revoked tokens, asked besides the store; true refuses. */
    public LatchkeyBuilder revokedWhen(Predicate<Claims> revoked) {
        settings.revokedWhen = revoked;
        return this;
    }

    /** Where sessions and revocations are kept; by default in memory, for one node only. */
    public LatchkeyBuilder store(TokenStore store) {
        settings.store = store;
        return this;
    }

    /**
     * Keeps no sessions and no revocations: a logout ends nothing, a refresh token works again and again, a stolen token
     * until it expires. Warns at every start.
     */
    public LatchkeyBuilder stateless() {
        settings.stateless = true;
        return this;
    }

    /** Where tokens are looked for, whichever comes first; by default the header alone. */
    public LatchkeyBuilder locations(TokenLocation first, TokenLocation... more) {
        settings.locations = Locations.list(first, more);
        settings.locationsNamed = true;
        return this;
    }

    /** How tokens travel as cookies; where no {@link #locations} are named, the header and cookies from here on. */
    public LatchkeyBuilder cookies(Cookies cookies) {
        settings.cookies = cookies;
        if (!settings.locationsNamed) {
            settings.locations = List.of(TokenLocation.HEADER, TokenLocation.COOKIE);
        }
        return this;
    }

    /** The parameter of the query that holds the token, by default {@code jwt}, and what precedes it there. */
    public LatchkeyBuilder queryParameter(String name, String prefix) {
        settings.queryName = name;
        settings.queryPrefix = prefix;
        return this;
    }

    /** The header that holds the token, by default {@code Authorization}. */
    public LatchkeyBuilder headerName(String name) {
        settings.headerName = name;
        return this;
    }

    /** The scheme before the token, in any case, by default {@code Bearer}; empty for the bare token. */
    public LatchkeyBuilder headerScheme(String scheme) {
        settings.headerScheme = scheme;
        return this;
    }

    /** The members of a JSON body that hold a token, by default {@code access_token} and {@code refresh_token}. */
    public LatchkeyBuilder jsonKeys(String access, String refresh) {
        settings.accessJsonKey = access;
        settings.refreshJsonKey = refresh;
        return this;
    }

    /** The most bytes of a body that are read for a token, CSRF value or login: 256 to 65,536, by default all. */
    public LatchkeyBuilder maxBodySize(int bytes) {
        settings.maxBody = bytes;
        return this;
    }

    /** The form of refusals, by default {@link ErrorStyle#STANDARD}. */
    public LatchkeyBuilder errorStyle(ErrorStyle style) {
        settings.errorStyle = style;
        return this;
    }

    /** The member that holds the text of a refusal, by default {@code msg}. */
    public LatchkeyBuilder errorMessageKey(String key) {
        settings.errorMessageKey = key;
        return this;
    }

    /** The realm of every challenge (RFC 9110 section 11.5); by default none. */
    public LatchkeyBuilder realm(String realm) {
        settings.realm = realm;
        return this;
    }

    /** Replaces any refusal's response: sees why, and what would be sent; must keep a status of 300 to 599. */
    public LatchkeyBuilder errorResponse(BiFunction<AuthException, AuthResponse, AuthResponse> response) {
        settings.errorResponse = response;
        return this;
    }

    /** Opens the login endpoint. */
    public LatchkeyBuilder login(Login login) {
        settings.login = login;
        return this;
    }

    /** Where the endpoints lie, by default {@code /auth}: login, refresh, logout and sessions below it. */
    public LatchkeyBuilder endpoints(String base) {
        settings.loginPath = base + "/login";
        settings.refreshPath = base + "/refresh";
        settings.logoutPath = base + "/logout";
        settings.sessionsPath = base + "/sessions";
        settings.keysPath = base + "/jwks.json";
        return this;
    }

    /** The path of the login endpoint alone. */
    public LatchkeyBuilder loginPath(String path) {
        settings.loginPath = path;
        return this;
    }

    /** Serves no endpoint: the application writes its own with {@link Latchkey#issue} and {@link Latchkey#refresh}. */
    public LatchkeyBuilder withoutEndpoints() {
        settings.endpoints = false;
        return this;
    }

    /**
     * Marks a hook that never blocks, such as a look-up in memory, so that an event loop may call it itself: a promise
     * that nobody checks.
     */
    public static <T, R> Function<T, R> nonBlocking(Function<T, R> hook) {
        return new NonBlocking.Mapping<>(hook);
    }

    /** Marks a hook of two arguments that never blocks. */
    public static <T, U, R> BiFunction<T, U, R> nonBlocking(BiFunction<T, U, R> hook) {
        return new NonBlocking.BiMapping<>(hook);
    }

    /** Marks a deciding hook that never blocks. */
    public static <T> Predicate<T> nonBlockingTest(Predicate<T> hook) {
        return new NonBlocking.Test<>(hook);
    }

    /**
     * Checks the settings and starts.
     *
     * @throws IllegalStateException naming every setting that is wrong or missing, each with the mend
     */
    public Latchkey build() {
        return new Latchkey(SettingsCheck.started(settings.copy()));
    }

    private static List<String> list(String first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).distinct().toList();
    }
}
