package dev.latchkey;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The key that signs and the keys that are still accepted, so that a rotation logs nobody out; or the keys of another
 * issuer, which change when that issuer says so.
 *
 * <pre>{@code
 * KeySet.of(JwtKey.hs256(now).withId("2026-11"), JwtKey.hs256(before).withId("2026-05"))
 * KeySet.file(Path.of("/etc/notes/keys"))    // rotates when a file is added
 * KeySet.remote(URI.create("https://id.example.com/jwks.json"))
 * }</pre>
 */
public final class KeySet implements Cloneable {

    private final String name;
    private final List<JwtKey> keys;
    private final @Nullable Function<KeySet, KeyLoader> loader;

    // Written by the methods that make copies, before anybody else can see them.
    private Pace pace;
    private @Nullable Function<UnverifiedToken, Optional<JwtKey>> lookup;
    private Settings.@Nullable UserHook<JwtKey> signingKey;
    private Duration activationDelay = Duration.ofMinutes(3);
    private @Nullable Duration retireAfter;
    private Algorithm ofRsa = Algorithm.RS256;
    private @Nullable HttpClient client;

    /**
     * How often keys are read again.
     *
     * @param fresh how long they count as the latest
     * @param rest how long before the end of that they are read again beside the requests
     * @param apart the least time between two readings that an unknown key id or a failure causes
     * @param outage how long the last good ones serve when they cannot be read; null for ever
     */
    record Pace(
            Duration fresh,
            Duration rest,
            Duration apart,
            @Nullable Duration outage) {

        static final Pace OF_FILES =
                new Pace(Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(1), null);
        static final Pace OF_ISSUERS =
                new Pace(Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofHours(1));
    }

    private KeySet(String name, List<JwtKey> keys, Pace pace, @Nullable Function<KeySet, KeyLoader> loader) {
        this.name = name;
        this.keys = keys;
        this.pace = pace;
        this.loader = loader;
    }

    private KeySet with(Consumer<KeySet> change) {
        try {
            KeySet copy = (KeySet) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * The keys in force: the first signs, unless it {@link JwtKey#signsFrom} a moment to come. {@link Latchkey#rotate}
     * adds the next one.
     *
     * @throws IllegalArgumentException if two keys bear the same id, or the same key is listed twice
     */
    public static KeySet of(JwtKey first, JwtKey... more) {
        List<JwtKey> all = Stream.concat(Stream.of(first), Stream.of(more)).toList();
        checkDistinct(all);
        return new KeySet("keys", all, Pace.OF_FILES, null);
    }

    static void checkDistinct(List<JwtKey> all) {
        for (int i = 0; i < all.size(); i++) {
            for (JwtKey other : all.subList(i + 1, all.size())) {
                if (all.get(i).sameAs(other)) {
                    throw new IllegalArgumentException("the same key is listed twice: " + other);
                }
                if (all.get(i).id().isPresent() && all.get(i).id().equals(other.id())) {
                    throw new IllegalArgumentException(
                            "two keys bear the id " + other.id().get());
                }
            }
        }
    }

    /**
     * The keys of a file, PEM, JWK or JWKS with the newest first, or of all {@code .pem}, {@code .json}, {@code .jwk} and
     * {@code .jwks} files of a folder. They are read again within 10 s; a key that was added is accepted at once, signs
     * after the activation delay, and retires the one before. Files that cannot be read change nothing, and the listener
     * is told.
     */
    public static KeySet file(Path path) {
        return new KeySet("keys of " + KeyFile.name(path), List.of(), Pace.OF_FILES, set -> new KeyFile(path, set));
    }

    /**
     * The public keys that another issuer publishes as a JWKS, fetched when they are needed, at most every 5 minutes, and
     * early enough that no request waits; an unknown key id fetches them at most every 30 s.
     *
     * @throws IllegalArgumentException unless the address is https, or http on this machine
     */
    public static KeySet remote(URI jwks) {
        KeyUrl.check(jwks);
        return new KeySet(
                "keys of " + jwks.getScheme() + "://" + jwks.getAuthority() + jwks.getPath(),
                List.of(),
                Pace.OF_ISSUERS,
                set -> KeyUrl.of(jwks, set.client(), set.ofRsa));
    }

    /** The same, where the issuer tells the address of its keys (OpenID Connect Discovery 1.0 section 4). */
    public static KeySet discovered(String issuer) {
        KeyUrl.check(URI.create(issuer));
        return new KeySet(
                "keys of " + issuer,
                List.of(),
                Pace.OF_ISSUERS,
                set -> KeyUrl.discovered(issuer, set.client(), set.ofRsa));
    }

    /** Keys that the application finds, by what a token says of itself: see {@link #withLookup}. */
    public static KeySet lookup(Function<UnverifiedToken, Optional<JwtKey>> lookup) {
        return new KeySet("keys", List.of(), Pace.OF_FILES, null).withLookup(lookup);
    }

    /**
     * A copy that asks the application for the key of a token whose id it does not hold, or that has no id. The token is
     * not verified yet, so its words may choose among keys and nothing else. Empty refuses the token, and whatever is
     * thrown with 503.
     */
    public KeySet withLookup(Function<UnverifiedToken, Optional<JwtKey>> lookup) {
        return with(copy -> copy.lookup = lookup);
    }

    /**
     * A copy in which the user decides which key signs, such as that of a tenant. It must be one that the set accepts or
     * the lookup finds, else nobody would accept the token: issuing throws {@link IllegalStateException}.
     */
    public <U> KeySet withSigningKey(Class<U> type, Function<? super U, JwtKey> choice) {
        return with(copy -> copy.signingKey = Settings.UserHook.of("withSigningKey", type, choice));
    }

    /**
     * A copy in which a new key waits this long before it signs, so that every node and whoever reads the published keys
     * knows it: 0 s to 1 day, by default 3 minutes.
     */
    public KeySet withActivationDelay(Duration delay) {
        return with(copy -> copy.activationDelay = within("activationDelay", delay, Duration.ZERO, Duration.ofDays(1)));
    }

    /**
     * A copy in which a key is accepted for this long after another took its place: by default, and at least, as long as
     * its last token can live.
     */
    public KeySet withRetireAfter(Duration time) {
        return with(copy -> copy.retireAfter = time);
    }

    /** A copy that reads keys again after this long, 1 s to 1 day: by default 20 s for files, 5 minutes for issuers. */
    public KeySet cachedFor(Duration time) {
        Duration fresh = within("cachedFor", time, Duration.ofSeconds(1), Duration.ofDays(1));
        Duration rest = pace.outage == null ? fresh.dividedBy(2) : fresh.dividedBy(5);
        return with(copy -> copy.pace = new Pace(fresh, rest, pace.apart, pace.outage));
    }

    /** A copy whose last good keys serve this long when the issuer cannot be reached: 0 s to 7 days, by default 1 hour. */
    public KeySet withOutage(Duration most) {
        Duration outage = within("outage", most, Duration.ZERO, Duration.ofDays(7));
        return with(copy -> copy.pace = new Pace(pace.fresh, pace.rest, pace.apart, outage));
    }

    /** A copy in which an RSA key that names no algorithm is for this one: by default {@code RS256}. */
    public KeySet withRsaAlgorithm(String algorithm) {
        Algorithm named = Algorithm.of(algorithm);
        if (!named.isRsa()) {
            throw new IllegalArgumentException(algorithm + " takes no RSA key: name one of RS256 to PS512");
        }
        return with(copy -> copy.ofRsa = named);
    }

    /**
     * A copy that fetches keys with this client, such as one that knows a proxy or a private authority.
     *
     * @throws IllegalArgumentException if it follows redirects
     */
    public KeySet withHttpClient(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the client follows redirects: whom they lead to is not whom you trust");
        }
        return with(copy -> copy.client = client);
    }

    private static Duration within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", needs " + least + " to " + most);
        }
        return value;
    }

    private HttpClient client() {
        return client == null
                ? HttpClient.newBuilder().connectTimeout(KeyUrl.CONNECT_TIMEOUT).build()
                : client;
    }

    /** For whoever is told about these keys. */
    String name() {
        return name;
    }

    List<JwtKey> keys() {
        return keys;
    }

    /** What reads these keys again; null for those that stay. */
    @Nullable
    KeyLoader loader() {
        return loader == null ? null : loader.apply(this);
    }

    @Nullable
    Function<UnverifiedToken, Optional<JwtKey>> lookup() {
        return lookup;
    }

    Settings.@Nullable UserHook<JwtKey> signingKey() {
        return signingKey;
    }

    Pace pace() {
        return pace;
    }

    Duration activationDelay() {
        return activationDelay;
    }

    Optional<Duration> retireAfter() {
        return Optional.ofNullable(retireAfter);
    }

    Algorithm ofRsa() {
        return ofRsa;
    }

    /** Lists algorithms and ids, never a secret. */
    @Override
    public String toString() {
        return "KeySet" + (loader == null ? keys : "[" + name + "]");
    }
}
