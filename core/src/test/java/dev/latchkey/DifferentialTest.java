package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Our compact JWS against Nimbus, jose4j and JJWT: we may refuse what they take, each time for a reason named here,
 * and never take what one of them refuses or reads otherwise. Not compared are header members that we never look at
 * ({@code cty}, {@code jku}, {@code jwk}, {@code x5…}): others refuse some of their values.
 */
class DifferentialTest {

    /** In which of our refusals a laxer library may accept: never the signature's or the algorithm's. */
    private static final Set<AuthError> WE_ARE_STRICTER =
            Set.of(AuthError.TOKEN_MALFORMED, AuthError.CRITICAL_EXTENSION_UNSUPPORTED, AuthError.KEY_UNKNOWN);

    @Test
    void whatOthersSign_oursVerifies() {
        Cases run = Cases.run("whatOthersSign_oursVerifies", (random, cases) -> {
            JoseLibraries algorithm = JoseLibraries.any(random);
            Shapes shapes = new Shapes(random);
            Map<String, Object> claims = shapes.object(8, Json.MAX_DEPTH);
            byte[] payload = shapes.spell(claims).getBytes(StandardCharsets.UTF_8);
            String token = algorithm.signByAnother(payload, random);
            if (token.length() > Jws.MAX_LENGTH) {
                cases.count("too long");
                return;
            }
            Jws jws = Jws.parse(token);
            Jws unused = Forge.verify(jws, algorithm.keys);
            assertThat(Shapes.same(jws.payload(), claims))
                    .as("%s should be %s", jws.payload(), claims)
                    .isTrue();
            cases.count("verified");
            cases.count(algorithm.name);
        });
        assertEveryAlgorithmVerified(run);
    }

    @Test
    void whatOursSigns_othersVerify() {
        Cases run = Cases.run("whatOursSigns_othersVerify", (random, cases) -> {
            JoseLibraries algorithm = JoseLibraries.any(random);
            Shapes shapes = new Shapes(random);
            Map<String, Object> header = new LinkedHashMap<>(Map.of("alg", algorithm.name, "typ", "JWT"));
            if (random.nextBoolean()) {
                header.put("kid", "key");
            }
            header.putAll(shapes.object(2, 5));
            Map<String, Object> claims = shapes.object(8, Json.MAX_DEPTH);
            String token;
            try {
                token = Jws.sign(header, claims, algorithm.key);
            } catch (IllegalArgumentException e) {
                cases.count("too long");
                return;
            }
            agree(token, algorithm, Json.write(claims).getBytes(StandardCharsets.UTF_8), claims);
            cases.count("verified");
            cases.count(algorithm.name);
        });
        assertEveryAlgorithmVerified(run);
    }

    @Test
    void mutantsOfGenuineTokens_oursAcceptsOnlyWhatOthersAccept() {
        Cases.run("mutantsOfGenuineTokens", (random, cases) -> {
            JoseLibraries algorithm = JoseLibraries.any(random);
            Shapes shapes = new Shapes(random);
            String genuine = algorithm.sign(header(random, algorithm), shapes.spell(shapes.object(4, 4)));
            compare(new Mutations(random).mutate(genuine), algorithm, random, cases);
            cases.count(algorithm.name);
        });
    }

    /** Header, payload and base64url are damaged before they are signed: all that the signature cannot tell. */
    @Test
    void oddTokensSignedWithTheRightKey_oursAcceptsOnlyWhatOthersAccept() {
        Cases run = Cases.run("oddTokensSignedWithTheRightKey", (random, cases) -> {
            JoseLibraries algorithm = JoseLibraries.any(random);
            Shapes shapes = new Shapes(random);
            Mutations mutations = new Mutations(random);
            String header = header(random, algorithm);
            String payload = shapes.spell(shapes.object(4, random.nextInt(3) == 0 ? 40 : 4));
            int damage = random.nextInt(8);
            header = (damage & 1) != 0 && random.nextBoolean() ? mutations.mutate(header) : header;
            payload = (damage & 2) != 0 ? mutations.mutate(payload) : payload;
            byte[] bytes =
                    payload.getBytes(random.nextInt(8) == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
            String input = Base64Url.encode(header.getBytes(StandardCharsets.UTF_8)) + '.' + Base64Url.encode(bytes);
            input = (damage & 4) != 0 && random.nextBoolean() ? mutations.mutate(input) : input;
            compare(Crafted.signed(input, signer(random, algorithm)), algorithm, random, cases);
            cases.count(algorithm.name);
        });
        if (run.isWhole()) {
            assertThat(run.counted("accepted")).isPositive();
        }
    }

    /** Mostly the right key; at times another one, or the right one as another algorithm uses it. */
    private static JwtKey signer(SplittableRandom random, JoseLibraries algorithm) {
        return switch (random.nextInt(16)) {
            case 0 -> algorithm.otherKey;
            case 1 -> JoseLibraries.of(relative(random, algorithm)).key;
            default -> algorithm.key;
        };
    }

    private static String relative(SplittableRandom random, JoseLibraries algorithm) {
        List<String> relatives = AllKeys.relatives(algorithm.name);
        return relatives.get(random.nextInt(relatives.size()));
    }

    private static String header(SplittableRandom random, JoseLibraries algorithm) {
        Map<String, Object> header = new LinkedHashMap<>();
        Shapes shapes = new Shapes(random);
        if (random.nextInt(4) > 0) {
            header.put("typ", random.nextInt(4) > 0 ? "JWT" : shapes.value(1));
        }
        header.put(
                "alg",
                switch (random.nextInt(32)) {
                    case 0 -> shapes.value(1);
                    case 1 -> relative(random, algorithm);
                    default -> algorithm.name;
                });
        if (random.nextInt(4) == 0) {
            header.put("kid", random.nextBoolean() ? "key" : shapes.value(1));
        }
        if (random.nextInt(16) == 0) {
            String name = List.of("crit", "b64", "zip", "cty", "enc").get(random.nextInt(5));
            boolean text = name.equals("cty");
            Object value = List.of("DEF", "JWT", "AAAA", List.of("b64"), false).get(random.nextInt(text ? 3 : 5));
            header.put(name, value);
        }
        if (random.nextInt(4) == 0) {
            header.putAll(shapes.object(2, 3));
        }
        return shapes.spell(header);
    }

    private static void compare(String token, JoseLibraries algorithm, SplittableRandom random, Cases cases) {
        Map<String, Object> claims;
        try {
            Jws jws = Jws.parse(token);
            Jws unused = Forge.verify(jws, algorithm.keys);
            claims = jws.payload();
        } catch (AuthException e) {
            cases.count("refused: " + e.error());
            if (random.nextInt(4) == 0) {
                compareRefusal(token, algorithm, e, cases);
            }
            return;
        }
        byte[] bytes = Base64Url.decode(
                token.getBytes(StandardCharsets.US_ASCII), token.indexOf('.') + 1, token.lastIndexOf('.'));
        agree(token, algorithm, bytes, claims);
        cases.count("accepted");
    }

    private static void compareRefusal(String token, JoseLibraries algorithm, AuthException refusal, Cases cases) {
        Map<String, JoseLibraries.Read> others = algorithm.readByOthers(token);
        others.values().removeIf(read -> read == null);
        others.keySet().forEach(library -> cases.count(library + " accepts: " + refusal.getMessage()));
        assertThat(others.isEmpty() || WE_ARE_STRICTER.contains(refusal.error()))
                .as("we refuse %s with %s, but %s accept it", token, refusal.error(), others.keySet())
                .isTrue();
    }

    private static void agree(String token, JoseLibraries algorithm, byte[] payload, Map<String, Object> claims) {
        algorithm.readByOthers(token).forEach((library, read) -> {
            if (read == null) {
                throw new AssertionError(library + " refuses what we accept: " + token);
            } else if (read.bytes != null && !Arrays.equals(read.bytes, payload)) {
                throw new AssertionError(library + " reads another payload from " + token);
            } else if (read.json != null && !Shapes.same(asJjwtReads(read.json), asJjwtReads(claims))) {
                throw new AssertionError(
                        library + " reads " + read.json + " where we read " + claims + " from " + token);
            }
        });
    }

    static Set<String> names(String part) {
        byte[] ascii = part.getBytes(StandardCharsets.ISO_8859_1);
        byte[] json = Base64Url.decode(ascii, 0, ascii.length);
        try {
            return json != null && Json.read(json) instanceof Map<?, ?> map
                    ? map.keySet().stream().map(String.class::cast).collect(Collectors.toSet())
                    : Set.of();
        } catch (Json.MalformedException e) {
            return Set.of();
        }
    }

    /** JJWT drops members of a claim set that are null or empty. */
    private static Map<?, ?> asJjwtReads(Map<?, ?> claims) {
        Map<Object, Object> copy = new LinkedHashMap<>();
        claims.forEach((name, value) -> {
            boolean empty = value == null
                    || value.equals("")
                    || (value instanceof Map<?, ?> map && map.isEmpty())
                    || (value instanceof Collection<?> list && list.isEmpty());
            if (!empty) {
                copy.put(name, value);
            }
        });
        return copy;
    }

    private static void assertEveryAlgorithmVerified(Cases run) {
        if (run.isWhole()) {
            assertThat(run.counted("verified")).isGreaterThan(run.counted("too long"));
            assertThat(AllKeys.ALGORITHMS).allMatch(algorithm -> run.counted(algorithm) > 0);
        }
    }
}
