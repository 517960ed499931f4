package dev.latchkey;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Another party whose access tokens are accepted: an identity provider, or another application.
 *
 * <pre>{@code
 * Issuer.of("https://id.example.com/realms/notes")    // finds its keys by OpenID Connect Discovery
 *         .audience("notes-api")
 *         .accessTokenType("at+jwt")                  // so that an ID token is none (RFC 9068)
 *         .userLoader(claims -> people.byProvider(claims.issuer(), claims.subject()))
 * }</pre>
 */
public final class Issuer implements Cloneable {

    /** What an access token may call itself in its header (RFC 9068 section 2.1). */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    private final String name;

    // Written by the methods that make copies, before anybody else can see them.
    private @Nullable KeySet keys;
    private List<String> audience = List.of();
    private String audienceClaim = "aud";
    private Set<String> types = TYPES;
    private Map<String, Optional<String>> marks = Map.of();
    private String scopeClaim = "scope";
    private String roleClaim = "roles";
    private @Nullable Function<Claims, ? extends Optional<?>> userLoader;
    private @Nullable Migration migration;

    private Issuer(String name) {
        this.name = name;
    }

    private Issuer with(Consumer<Issuer> change) {
        try {
            Issuer copy = (Issuer) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** An issuer by the very text of its {@code iss}; audience and the mark of its access tokens must be said. */
    public static Issuer of(String name) {
        return new Issuer(name);
    }

    /** Its keys, where discovery is not to find them: an address, or public keys that stay. */
    public Issuer keys(KeySet keys) {
        return with(copy -> copy.keys = keys);
    }

    /** For whom its tokens must be: one of these names. Mandatory, as its other tokens are meant for others. */
    public Issuer audience(String first, String... more) {
        return with(copy -> copy.audience =
                Stream.concat(Stream.of(first), Stream.of(more)).distinct().toList());
    }

    /** The claim that names the audience, by default {@code aud}; such as {@code client_id}. */
    public Issuer audienceClaim(String name) {
        return with(copy -> copy.audienceClaim = name);
    }

    /** Its access tokens, and no others, say this in {@code typ} of the header, such as {@code at+jwt} (RFC 9068). */
    public Issuer accessTokenType(String typ) {
        String type = typ.toLowerCase(Locale.ROOT);
        return with(copy -> copy.types = Set.of(type, "application/" + type));
    }

    /** Its access tokens, and no others, have this claim, whatever its value: such as {@code scp}. */
    public Issuer accessTokenClaim(String name) {
        return marked(name, Optional.empty());
    }

    /** Its access tokens, and no others, have this text in a claim: such as {@code access} in {@code token_use}. */
    public Issuer accessTokenClaim(String name, String value) {
        return marked(name, Optional.of(value));
    }

    private Issuer marked(String claim, Optional<String> value) {
        Map<String, Optional<String>> more = new LinkedHashMap<>(marks);
        more.put(claim, value);
        return with(copy -> copy.marks = Map.copyOf(more));
    }

    /** The claim of its scopes, by default {@code scope}; read as {@link LatchkeyBuilder#scopeClaim} says. */
    public Issuer scopeClaim(String path) {
        return with(copy -> copy.scopeClaim = path);
    }

    /** The claim of its roles, by default {@code roles}; such as {@code realm_access.roles}. */
    public Issuer roleClaim(String path) {
        return with(copy -> copy.roleClaim = path);
    }

    /**
     * Finds the user of a token of this issuer, whose subjects are not ours. Where the application loads users and this
     * issuer has no loader, its tokens pass only routes {@link Access#withoutUser}.
     */
    public Issuer userLoader(Function<Claims, ? extends Optional<?>> loader) {
        return with(copy -> copy.userLoader = loader);
    }

    /** Accepts what its older tokens lack, for a time. */
    public Issuer migration(Migration migration) {
        return with(copy -> copy.migration = migration);
    }

    String name() {
        return name;
    }

    KeySet keys() {
        return keys == null ? KeySet.discovered(name) : keys;
    }

    List<String> audience() {
        return audience;
    }

    String audienceClaim() {
        return audienceClaim;
    }

    /** Whether a header may bear this {@code typ}; null where it has none. */
    boolean takesType(@Nullable Object typ) {
        return typ == null ? types.equals(TYPES) : types.contains(typ.toString().toLowerCase(Locale.ROOT));
    }

    Map<String, Optional<String>> marks() {
        return marks;
    }

    String scopeClaim() {
        return scopeClaim;
    }

    String roleClaim() {
        return roleClaim;
    }

    @Nullable
    Function<Claims, ? extends Optional<?>> userLoader() {
        return userLoader;
    }

    @Nullable
    Migration migration() {
        return migration;
    }

    /** What is wrong or missing, each with the mend. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        String whose = "issuer '" + Log.escape(name) + "': ";
        if (audience.isEmpty() || audience.stream().anyMatch(String::isBlank)) {
            problems.add(whose + "call audience(\"…\") with the name of this application there: "
                    + "its tokens for other applications must not open this one");
        }
        if (marks.isEmpty() && types.equals(TYPES)) {
            problems.add(whose + "say how its access tokens differ from its ID tokens: accessTokenType(\"at+jwt\"), or "
                    + "accessTokenClaim(\"token_use\", \"access\")");
        }
        if (keys == null) {
            try {
                KeyUrl.check(URI.create(name));
            } catch (IllegalArgumentException e) {
                problems.add(whose + "its name is no address where keys could be found: call keys(KeySet.remote(…))");
            }
        }
        return Collections.unmodifiableList(problems);
    }

    /** Names the issuer. */
    @Override
    public String toString() {
        return "Issuer[" + name + "]";
    }
}
