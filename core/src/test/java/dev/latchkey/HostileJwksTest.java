package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Key sets as they should not be: what is none changes nothing, and one bad key spoils no other. */
class HostileJwksTest {

    private static final Map<String, Object> GOOD = Jwk.published(Provider.KEY);
    private static final String SECRET = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

    private final Provider provider = new Provider();
    private final KeyHost host = provider.host;

    @AfterEach
    void close() {
        provider.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String set(Object... entries) {
        return Json.write(Map.of("keys", Arrays.asList(entries)));
    }

    static Stream<Arguments> noKeySets() {
        String good = set(GOOD);
        return Stream.of(
                Arguments.of(500, bytes(good), "status 500"),
                Arguments.of(404, bytes(good), "status 404"),
                Arguments.of(203, bytes(good), "status 203"),
                Arguments.of(200, bytes(""), "no JSON object"),
                Arguments.of(200, bytes(" "), "no JSON object"),
                Arguments.of(200, bytes("<!doctype html><title>Log in</title>"), "no JSON object"),
                Arguments.of(200, bytes(good.substring(0, good.length() - 1)), "no JSON object"),
                Arguments.of(200, bytes(good + good), "no JSON object"),
                Arguments.of(200, bytes("[" + good + "]"), "no object"),
                Arguments.of(200, bytes("{}"), "no 'keys'"),
                Arguments.of(200, bytes(Json.write(GOOD)), "no 'keys'"),
                Arguments.of(200, bytes("{\"keys\":{}}"), "is a list"),
                Arguments.of(200, bytes("{\"keys\":null}"), "is a list"),
                Arguments.of(200, bytes("{\"keys\":[],\"keys\":[]}"), "a member twice"),
                Arguments.of(200, bytes(good.replace("\"kid\":", "\"kid\":\"other\",\"kid\":")), "twice"),
                Arguments.of(200, bytes(good.replace("theirs", "their\u00ff")), "no JSON object"),
                Arguments.of(200, bytes(good.replace("theirs", "their\u00c0\u0080")), "no JSON object"),
                Arguments.of(200, bytes("\u00ef\u00bb\u00bf" + good), "no JSON object"),
                Arguments.of(200, bytes("[".repeat(10_000)), "no JSON object"),
                Arguments.of(200, bytes("{\"keys\":".repeat(10_000)), "no JSON object"),
                Arguments.of(
                        200, bytes("{\"keys\":[" + "[".repeat(10_000) + "]".repeat(10_000) + "]}"), "no JSON object"),
                Arguments.of(200, bytes("{\"keys\":[1e999999999]}"), "no JSON object"));
    }

    @ParameterizedTest
    @MethodSource("noKeySets")
    void whatIsNoKeySetChangesNothing(int status, byte[] body, String why) throws Exception {
        try (Latchkey auth = provider.trusting()) {
            host.answers(status, body);
            assertThat(provider.nextAfter(Duration.ofMinutes(4), auth))
                    .startsWith("failed")
                    .contains(why.split(" "));
            assertThat(provider.passes(auth)).isTrue();
            assertThat(auth.health().up()).isTrue();
            assertThat(auth.health().problems()).singleElement().asString().doesNotContain("Log in");
        }
    }

    private List<JwtKey> load() throws Exception {
        return provider.keys().loader().load(Instant.EPOCH).stream()
                .map(KeyRing.Entry::key)
                .toList();
    }

    private static Map<String, Object> good(String name, Object value) {
        Map<String, Object> members = new LinkedHashMap<>(GOOD);
        members.put(name, value);
        return members;
    }

    private static Map<String, Object> rsa(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        RSAPublicKey key = (RSAPublicKey) generator.generateKeyPair().getPublic();
        return new RSAKey.Builder(key).build().toJSONObject();
    }

    static Stream<Object> uselessEntries() throws Exception {
        Map<String, Object> rsa = rsa(2048);
        Map<String, Object> curve = Jwk.published(JwtKey.generate("ES256"));
        List<Object> entries = new ArrayList<>(Arrays.asList(
                null,
                7L,
                "theirs",
                List.of(GOOD),
                Map.of(),
                rsa(1024),
                good("use", "enc"),
                good("use", null),
                good("use", List.of("sig")),
                good("key_ops", List.of("encrypt", "wrapKey")),
                good("key_ops", List.of()),
                good("key_ops", List.of("verify", "encrypt")),
                good("kty", "AKP"),
                good("kty", 7L),
                good("crv", "Ed448"),
                good("alg", "RSA-OAEP-256"),
                good("alg", "none"),
                good("alg", "RS256"),
                good("kid", "a\nb"),
                good("kid", ""),
                good("kid", "k".repeat(257)),
                good("kid", 7L),
                good("d", SECRET),
                good("d", null),
                good("k", SECRET),
                Map.of("kty", "oct", "alg", "HS256", "kid", "theirs", "k", SECRET),
                Map.of("kty", "oct", "alg", "HS256", "kid", "theirs"),
                good("x", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                good("exp", "never"),
                good("nbf", true),
                Map.of("kty", "EC", "crv", "P-256", "x", SECRET, "y", SECRET)));
        for (Map<String, Object> whole : List.of(GOOD, rsa, curve)) {
            for (String name : List.of("kty", "crv", "x", "y", "n", "e")) {
                for (Object odd :
                        Arrays.asList(null, "", "=", "é", "A", 7L, true, List.of(), Map.of(), "A".repeat(20_000))) {
                    if (whole.containsKey(name)) {
                        Map<String, Object> members = new LinkedHashMap<>(whole);
                        members.put(name, odd);
                        entries.add(members);
                    }
                }
            }
        }
        return entries.stream();
    }

    @Test
    void aUselessKeyIsLeftOutAndToldWithoutItsSecret() throws Exception {
        for (Object useless : uselessEntries().toList()) {
            host.answers(200, set(useless, GOOD));
            List<List<JwtKey>> loaded = new ArrayList<>();
            List<LogBook.Line> lines = LogBook.during(() -> loaded.add(found()));
            assertThat(loaded.get(0))
                    .as(String.valueOf(useless))
                    .singleElement()
                    .satisfies(key -> assertThat(key.sameAs(Provider.KEY)).isTrue());
            assertThat(lines)
                    .as(String.valueOf(useless))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text())
                            .startsWith("a key left out of a set: ")
                            .matches("[ -~]{10,400}")
                            .doesNotContain(SECRET, "\\u0020"));
        }
    }

    private List<JwtKey> found() {
        try {
            return load();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsNotLookedAtSpoilsNoKey() throws Exception {
        Map<String, Object> odd = new LinkedHashMap<>(GOOD);
        odd.put("x5u", "http://127.0.0.1/");
        odd.put("x5c", List.of("no certificate"));
        odd.put("x5t", 7L);
        odd.put("jku", Collections.emptyList());
        odd.put("key_ops", List.of("verify"));
        host.answers(200, set(odd));
        assertThat(load()).hasSize(1);
    }

    @Test
    void ofTwoKeysWithOneIdBothAreTried() throws Exception {
        JwtKey twin = JwtKey.generate("EdDSA").withId("theirs");
        JwtKey cousin = JwtKey.generate("ES256").withId("theirs");
        host.publishes(Provider.KEY, twin, cousin, Provider.KEY);
        try (Latchkey auth = provider.trusting(provider.keys())) {
            assertThat(provider.next()).isEqualTo("changed [theirs, theirs, theirs]");
            for (JwtKey key : List.of(Provider.KEY, twin, cousin)) {
                assertThat(auth.verify(Provider.token(key)).subject()).isEqualTo("alice");
            }
            JwtKey stranger = JwtKey.generate("EdDSA").withId("theirs");
            Refusal.expect(AuthError.SIGNATURE_INVALID, () -> auth.verify(Provider.token(stranger)));
        }
    }

    @Test
    void aKeyWithoutIdAnswersToAny() throws Exception {
        Map<String, Object> nameless = new LinkedHashMap<>(GOOD);
        nameless.remove("kid");
        host.answers(200, set(nameless));
        try (Latchkey auth = provider.trusting(provider.keys())) {
            assertThat(provider.next()).isEqualTo("changed [(without an id)]");
            assertThat(auth.verify(Provider.token("any", Provider.KEY)).subject())
                    .isEqualTo("alice");
            assertThat(auth.verify(Provider.token(Map.of("alg", "EdDSA", "typ", "at+jwt"), Provider.KEY))
                            .subject())
                    .isEqualTo("alice");
        }
    }

    @Test
    void anRsaKeyWithoutAlgorithmTakesTheOneThatWasSet() throws Exception {
        host.answers(200, set(rsa(2048)));
        assertThat(load())
                .singleElement()
                .satisfies(key -> assertThat(key.algorithm()).isEqualTo("RS256"));
        assertThat(provider.keys().withRsaAlgorithm("PS384").loader().load(Instant.EPOCH))
                .singleElement()
                .satisfies(entry -> assertThat(entry.key().algorithm()).isEqualTo("PS384"));
    }

    @Test
    void ofTenThousandKeysTheFirstHundredCountAndThatIsTold() throws Exception {
        List<Object> entries = new ArrayList<>(Collections.nCopies(10_000, Map.of("use", "enc")));
        entries.set(99, GOOD);
        entries.set(100, Jwk.published(JwtKey.generate("EdDSA")));
        host.answers(200, Json.write(Map.of("keys", entries)));
        List<LogBook.Line> lines = LogBook.during(() -> assertThat(found()).hasSize(1));
        assertThat(lines).hasSize(100);
        assertThat(lines.get(99).text()).contains("9900 keys left out", "at most 100");
    }

    @Test
    void stopsReadingABodyThatIsTooLong() throws Exception {
        host.pours(50_000_000);
        assertThatThrownBy(this::load).hasMessage("more than 262144 bytes");
        assertThat(host.wasLeft()).isTrue();
        assertThat(host.sent()).as("what sockets keep included").isLessThan(20_000_000);
        host.answers(200, " ".repeat(262_144 - set(GOOD).length()) + set(GOOD));
        assertThat(load()).hasSize(1);
        host.answers(200, " ".repeat(262_145 - set(GOOD).length()) + set(GOOD));
        assertThatThrownBy(this::load).hasMessage("more than 262144 bytes");
    }

    @Test
    @Tag("patience")
    void aBodyThatDripsEndsWithinFiveSecondsWhileKnownKeysPass() throws Exception {
        try (Latchkey auth = provider.trusting()) {
            host.drips(50);
            assertThat(provider.nextAfter(Duration.ofMinutes(4), auth)).matches("failed IOException no.*5.*s");
            assertThat(host.wasLeft()).as("the connection is given up").isTrue();
            assertThat(host.sent()).isBetween(1L, 200L);
        }
    }

    @Test
    @Tag("patience")
    void headersThatDoNotComeAreAwaitedForFiveSecondsWhileKnownKeysPass() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (Latchkey auth = provider.trusting()) {
            host.holdsBack(gate);
            assertThat(provider.nextAfter(Duration.ofMinutes(4), auth)).startsWith("failed ");
            assertThat(host.fetches()).isEqualTo(2);
        } finally {
            gate.countDown();
        }
    }
}
