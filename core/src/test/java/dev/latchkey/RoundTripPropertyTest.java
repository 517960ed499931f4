package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What goes in comes out, and nothing else has the same form. */
class RoundTripPropertyTest {

    private final Map<String, Latchkey> latchkeys = new HashMap<>();

    private Latchkey latchkey(String algorithm) {
        return latchkeys.computeIfAbsent(
                algorithm,
                name -> Latchkey.builder()
                        .issuer("notes")
                        .key(AllKeys.key(name))
                        .stateless()
                        .build());
    }

    @Test
    void base64UrlIsOneSpellingForEveryBytes() {
        Cases.run("base64UrlIsOneSpellingForEveryBytes", (random, cases) -> {
            byte[] bytes = bytes(random, 40);
            String text = Base64Url.encode(bytes);
            assertThat(decode(text)).isEqualTo(bytes);
            String mutant = new Mutations(random).mutate(text);
            byte[] decoded = decode(mutant);
            if (decoded == null) {
                cases.count("refused");
            } else {
                assertThat(Base64Url.encode(decoded)).isEqualTo(mutant);
                assertThat(Base64.getUrlDecoder().decode(mutant)).isEqualTo(decoded);
                cases.count("another");
            }
        });
    }

    @Test
    void jsonComesBackFromEverySpelling() {
        Cases.run("jsonComesBackFromEverySpelling", (random, cases) -> {
            Shapes shapes = new Shapes(random);
            Map<String, Object> value = shapes.object(6, Json.MAX_DEPTH);
            assertThat(Json.read(utf8(Json.write(value)))).isEqualTo(value);
            assertThat(Json.read(utf8(shapes.spell(value)))).isEqualTo(value);
        });
    }

    @Test
    void anyBytesAreJsonOrRefused() {
        Cases.run("anyBytesAreJsonOrRefused", (random, cases) -> {
            Shapes shapes = new Shapes(random);
            byte[] bytes = random.nextInt(4) == 0
                    ? bytes(random, 60)
                    : utf8(new Mutations(random).mutate(shapes.spell(shapes.object(4, 40))));
            for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Object value;
            try {
                value = Json.read(bytes);
            } catch (Json.MalformedException e) {
                cases.count("refused");
                return;
            }
            Map<String, Object> wrapped = new LinkedHashMap<>();
            wrapped.put("v", value instanceof Map<?, ?> || value instanceof List<?> ? "" : value);
            Map<?, ?> map = value instanceof Map<?, ?> object ? object : wrapped;
            @SuppressWarnings("unchecked")
            String again = Json.write((Map<String, ?>) map);
            assertSame(Json.read(utf8(again)), map);
            cases.count("read");
        });
    }

    @Test
    void everyClaimThatAGrantTakesComesBack() {
        Cases run = Cases.run("everyClaimThatAGrantTakesComesBack", (random, cases) -> {
            Grant grant = Grant.create();
            try {
                for (int i = random.nextInt(6); i > 0; i--) {
                    String name = "c" + new Shapes(random).text().strip();
                    Object value = allowed(random, random.nextInt(29));
                    grant = random.nextInt(4) == 0 ? grant.header(name, value) : grant.claim(name, value);
                }
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageMatching("(?s).*(digits|reserved).*");
                cases.count("refused by the grant");
                return;
            }
            String algorithm = AllKeys.algorithm(random);
            Latchkey auth = latchkey(algorithm);
            String token;
            try {
                token = auth.accessToken("alice", grant);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("8192");
                cases.count("too long");
                return;
            }
            Claims read = auth.verify(token).claims();
            Grant granted = grant;
            granted.claims().forEach((name, value) -> assertSame(read.asMap().get(name), value));
            granted.headers().forEach((name, value) -> assertSame(read.header().get(name), value));
            cases.count("verified");
            cases.count(algorithm);
        });
        if (run.isWhole()) {
            assertThat(run.counted("verified")).isGreaterThan(run.counted("too long"));
            assertThat(AllKeys.ALGORITHMS).allMatch(algorithm -> run.counted(algorithm) > 0);
        }
    }

    private static void assertSame(Object read, Object granted) {
        if (!Shapes.same(read, granted)) {
            throw new AssertionError("granted " + granted + ", read " + read);
        }
    }

    /** Every type that the documentation of {@link Grant#claim} allows. */
    private static Object allowed(SplittableRandom random, int depth) {
        Shapes shapes = new Shapes(random);
        return switch (random.nextInt(depth > 0 ? 17 : 13)) {
            case 0 -> shapes.text();
            case 1 -> java.nio.CharBuffer.wrap(shapes.text());
            case 2 -> new UUID(random.nextLong(), random.nextLong());
            case 3 -> Instant.ofEpochSecond(random.nextLong(-1L << 33, 1L << 37), random.nextInt(1_000_000_000));
            case 4 -> finite(Double.longBitsToDouble(random.nextLong()));
            case 5 -> finite(Float.intBitsToFloat(random.nextInt()));
            case 6 -> random.nextInt();
            case 7 -> (short) random.nextInt();
            case 8 -> (byte) random.nextInt();
            case 9 -> new BigInteger(1 + random.nextInt(300), new java.util.Random(random.nextLong()));
            case 10 ->
                new BigDecimal(
                        new BigInteger(1 + random.nextInt(220), new java.util.Random(random.nextLong())),
                        random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(-400, 400));
            case 11 -> random.nextBoolean() ? AuthError.TOKEN_EXPIRED : ErrorStyle.STANDARD;
            case 12 -> random.nextInt(3) == 0 ? null : random.nextBoolean();
            case 13 -> {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put(shapes.text(), allowed(random, depth - 1));
                yield map;
            }
            case 14 -> new LinkedHashSet<>(Arrays.asList(allowed(random, depth - 1), 1));
            case 15 -> Arrays.asList(allowed(random, depth - 1));
            default -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    list.add(allowed(random, depth - 1));
                }
                yield list;
            }
        };
    }

    private static Object finite(Number number) {
        return Double.isFinite(number.doubleValue()) ? number : 0.5;
    }

    private static byte[] bytes(SplittableRandom random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Base64Url.decode(bytes, 0, bytes.length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
