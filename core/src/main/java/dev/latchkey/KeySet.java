package dev.latchkey;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The key that signs and the keys that are still accepted, so that a rotation logs nobody out.
 *
 * <pre>{@code
 * KeySet.of(JwtKey.hs256(now).withId("2026-11"), JwtKey.hs256(before).withId("2026-05"))
 * }</pre>
 */
public final class KeySet {

    private final JwtKey signing;
    private final List<JwtKey> all;

    private KeySet(JwtKey signing, List<JwtKey> all) {
        this.signing = signing;
        this.all = all;
    }

    /**
     * The keys in force.
     *
     * @throws IllegalArgumentException if two keys bear the same id, the same key is listed twice, or the first is a public key alone
     */
    public static KeySet of(JwtKey signing, JwtKey... accepted) {
        if (!signing.canSign()) {
            throw new IllegalArgumentException(
                    signing + " is a public key, which cannot sign: list it after the one " + "that signs");
        }
        List<JwtKey> all =
                Stream.concat(Stream.of(signing), Stream.of(accepted)).toList();
        for (int i = 0; i < all.size(); i++) {
            for (JwtKey other : all.subList(i + 1, all.size())) {
                if (all.get(i).id().isPresent() && all.get(i).id().equals(other.id())) {
                    throw new IllegalArgumentException(
                            "two keys bear the id " + other.id().get());
                }
                if (all.get(i).sameAs(other)) {
                    throw new IllegalArgumentException("the same key is listed twice: " + other);
                }
            }
        }
        return new KeySet(signing, all);
    }

    JwtKey signing() {
        return signing;
    }

    List<JwtKey> all() {
        return all;
    }

    /** The keys that may have signed a token with this header; the key decides the algorithm, never the header. */
    List<JwtKey> candidates(@Nullable String id) {
        return id == null
                ? all
                : all.stream().filter(key -> id.equals(key.id().orElse(null))).toList();
    }

    /** Lists algorithms and ids, never a secret. */
    @Override
    public String toString() {
        return "KeySet" + all;
    }
}
