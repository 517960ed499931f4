package dev.latchkey;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** A key for every algorithm, and another that an attacker has: made once in a run, as those of RSA take their time. */
final class AllKeys {

    static final byte[] SECRET =
            "the secret of sixty-four bytes or more, for every one of the HMACs".getBytes(StandardCharsets.US_ASCII);
    static final byte[] OTHER_SECRET =
            "another secret of sixty-four bytes or more, known to the attacker..".getBytes(StandardCharsets.US_ASCII);

    /** Every algorithm, with how many of 300 cases it gets: the fewer the slower it is. */
    private static final Map<String, Integer> WEIGHTS = Map.ofEntries(
            Map.entry("HS256", 90),
            Map.entry("HS384", 90),
            Map.entry("HS512", 90),
            Map.entry("RS256", 4),
            Map.entry("RS384", 4),
            Map.entry("RS512", 4),
            Map.entry("PS256", 4),
            Map.entry("PS384", 4),
            Map.entry("PS512", 4),
            Map.entry("ES256", 2),
            Map.entry("ES384", 1),
            Map.entry("ES512", 1),
            Map.entry("EdDSA", 2));

    static final List<String> ALGORITHMS = WEIGHTS.keySet().stream().sorted().toList();
    private static final int WEIGHT =
            WEIGHTS.values().stream().mapToInt(Integer::intValue).sum();

    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private AllKeys() {}

    static boolean isHmac(String algorithm) {
        return algorithm.startsWith("HS");
    }

    /** All of RSA share a pair, as if one key could be mistaken for another's. */
    static KeyPair pair(String algorithm) {
        return PAIRS.computeIfAbsent(kind(algorithm), AllKeys::generate);
    }

    static KeyPair otherPair(String algorithm) {
        return PAIRS.computeIfAbsent(kind(algorithm) + " of another", AllKeys::generate);
    }

    static JwtKey key(String algorithm) {
        return isHmac(algorithm) ? JwtKey.of(algorithm, SECRET) : JwtKey.of(algorithm, pair(algorithm));
    }

    static JwtKey otherKey(String algorithm) {
        return isHmac(algorithm) ? JwtKey.of(algorithm, OTHER_SECRET) : JwtKey.of(algorithm, otherPair(algorithm));
    }

    static String algorithm(SplittableRandom random) {
        int left = random.nextInt(WEIGHT);
        for (String algorithm : ALGORITHMS) {
            left -= WEIGHTS.get(algorithm);
            if (left < 0) {
                return algorithm;
            }
        }
        throw new AssertionError();
    }

    /** Those that the same key could be used with, or nearly so. */
    static List<String> relatives(String algorithm) {
        return ALGORITHMS.stream()
                .filter(other -> family(other).equals(family(algorithm)))
                .toList();
    }

    private static String family(String algorithm) {
        return isHmac(algorithm) || algorithm.startsWith("E") ? algorithm.substring(0, 2) : "RSA";
    }

    private static String kind(String algorithm) {
        return family(algorithm).equals("RSA") ? "RSA" : algorithm;
    }

    private static KeyPair generate(String kind) {
        try {
            String name = kind.startsWith("ES") ? "EC" : kind.startsWith("Ed") ? "Ed25519" : "RSA";
            KeyPairGenerator generator = KeyPairGenerator.getInstance(name);
            if (name.equals("EC")) {
                generator.initialize(
                        new ECGenParameterSpec(Algorithm.of(kind.split(" ")[0]).key()));
            } else if (name.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
