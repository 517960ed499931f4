package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in files that are added, replaced, spoiled and removed while requests go on. */
class KeyFileTest {

    private static final Duration DELAY = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private final StandingClock clock = new StandingClock();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private Latchkey latchkey(Path path) {
        return Latchkey.builder()
                .issuer("notes")
                .clock(clock)
                .keys(KeySet.file(path))
                .listener(new AuthListener() {
                    @Override
                    public void keysChanged(String keys, List<String> ids) {
                        told.add("changed " + ids);
                    }

                    @Override
                    public void keysFailed(String keys, String why) {
                        told.add("failed " + why);
                    }
                })
                .build();
    }

    private Path pem(String name, KeyPair pair, Instant modified) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPrivate().getEncoded());
        return write(name, "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n", modified);
    }

    private Path write(String name, String text, Instant modified) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(modified));
        return file;
    }

    /** Lets the time of a reading pass, and waits until it was done. */
    private String readAgain(Latchkey auth) throws InterruptedException {
        clock.advance(Duration.ofSeconds(11));
        String event = null;
        for (int asked = 0; event == null && asked < 200; asked++) { // the last reading may not have ended yet
            String unused = auth.accessToken("alice");
            event = told.poll(100, TimeUnit.MILLISECONDS);
        }
        assertThat(event).as("an event").isNotNull();
        return event;
    }

    private String kid(Latchkey auth) {
        return (String) auth.parseUnverified(auth.accessToken("alice")).header().get("kid");
    }

    private static KeyPair ed25519() {
        return PublicKeys.generate(Algorithm.EDDSA);
    }

    private static String id(KeyPair pair) {
        return JwtKey.of("EdDSA", pair).id().orElseThrow();
    }

    @Test
    void aKeyThatIsAddedIsAcceptedAtOnceAndSignsAfterTheDelay() throws Exception {
        KeyPair may = ed25519();
        KeyPair november = ed25519();
        pem("2026-05.pem", may, clock.instant().minus(Duration.ofDays(100)));
        try (Latchkey auth = latchkey(folder)) {
            assertThat(told.take()).isEqualTo("changed [" + id(may) + "]");
            String before = auth.accessToken("alice");
            pem("2026-11.pem", november, clock.instant());
            assertThat(readAgain(auth)).isEqualTo("changed [" + id(november) + ", " + id(may) + "]");
            assertThat(kid(auth)).isEqualTo(id(may));
            assertThat(Forge.latchkey(clock)
                            .key(JwtKey.of("EdDSA", november))
                            .build()
                            .accessToken("alice"))
                    .satisfies(early -> assertThat(auth.verify(early).subject()).isEqualTo("alice"));
            clock.advance(DELAY);
            assertThat(kid(auth)).isEqualTo(id(november));
            assertThat(auth.verify(before).subject()).isEqualTo("alice");

            String refresh = auth.refreshToken("bob");
            clock.advance(Duration.ofDays(29));
            assertThat(auth.verify(refresh, Access.refresh()).subject()).isEqualTo("bob");
        }
    }

    @Test
    void theOneBeforeRetiresOnceItsLastTokenIsOver() throws Exception {
        KeyPair may = ed25519();
        pem("2026-05.pem", may, clock.instant().minus(Duration.ofDays(100)));
        pem("2026-11.pem", ed25519(), clock.instant());
        try (Latchkey auth = latchkey(folder)) {
            String old = auth.accessToken("alice");
            assertThat(kid(auth)).isEqualTo(id(may));
            clock.advance(DELAY.plus(Duration.ofDays(30)).plusSeconds(6));
            Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(old));
        }
    }

    @Test
    void aHalfWrittenFileChangesNothingAndIsTold() throws Exception {
        KeyPair may = ed25519();
        Path file = pem("2026-05.pem", may, clock.instant());
        try (Latchkey auth = latchkey(folder)) {
            assertThat(told.take()).startsWith("changed");
            String whole = Files.readString(pem("2026-11.pem", ed25519(), clock.instant()));
            Path half = write("2026-11.pem", whole.substring(0, 60), clock.instant());
            assertThat(readAgain(auth)).startsWith("failed key file " + half + ": found no key");
            assertThat(kid(auth)).isEqualTo(id(may));
            assertThat(auth.health().up()).isTrue();
            assertThat(auth.health().problems()).singleElement().asString().contains("2026-11.pem", "last good ones");

            write("2026-11.pem", whole, clock.instant());
            assertThat(readAgain(auth)).startsWith("changed");
            assertThat(auth.health().problems()).isEmpty();
            Files.delete(file);
            assertThat(readAgain(auth)).startsWith("changed");
            assertThat(kid(auth)).isNotEqualTo(id(may));
        }
    }

    @Test
    void anUnknownKeyIdCausesOneReadingASecond() throws Exception {
        pem("2026-05.pem", ed25519(), clock.instant());
        KeyPair november = ed25519();
        try (Latchkey auth = latchkey(folder)) {
            String early = Forge.latchkey(clock)
                    .key(JwtKey.of("EdDSA", november))
                    .build()
                    .accessToken("alice");
            Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(early));
            pem("2026-11.pem", november, clock.instant());
            Refusal.expect(AuthError.KEY_UNKNOWN, () -> auth.verify(early));
            clock.advance(Duration.ofSeconds(1));
            assertThat(auth.verify(early).subject()).isEqualTo("alice");
        }
    }

    @Test
    void theNewestOfASetComesFirst() throws Exception {
        KeyPair may = ed25519();
        KeyPair november = ed25519();
        Path file = write("keys.jwks", jwks(november, may), clock.instant());
        try (Latchkey auth = latchkey(file)) {
            assertThat(kid(auth)).isEqualTo(id(may));
            clock.advance(DELAY);
            assertThat(kid(auth)).isEqualTo(id(november));
        }
    }

    @Test
    void aSetOfOneKeySignsAtOnce() throws Exception {
        KeyPair only = ed25519();
        try (Latchkey auth = latchkey(write("keys.json", jwks(only), clock.instant()))) {
            assertThat(kid(auth)).isEqualTo(id(only));
        }
    }

    private static String jwks(KeyPair... pairs) {
        return Json.write(
                Map.of("keys", Arrays.stream(pairs).map(KeyFileTest::jwk).toList()));
    }

    private static Map<String, Object> jwk(KeyPair pair) {
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        Map<String, Object> members = new LinkedHashMap<>(Jwk.published(JwtKey.of("EdDSA", pair)));
        members.put("d", Base64Url.encode(Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length)));
        return members;
    }

    @Test
    void kindAndCurveTellTheAlgorithm() throws Exception {
        pem("a.pem", PublicKeys.generate(Algorithm.ES384), clock.instant());
        pem("b.pem", PublicKeys.generate(Algorithm.RS256), clock.instant());
        pem("c.pem", ed25519(), clock.instant());
        write("not-a-key.txt", "nothing", clock.instant());
        List<String> algorithms = new KeyFile(folder, KeySet.file(folder).withRsaAlgorithm("PS512"))
                .load(clock.instant()).stream()
                        .map(entry -> entry.key().algorithm())
                        .toList();
        assertThat(algorithms).containsExactly("EdDSA", "PS512", "ES384");
    }

    @Test
    void aWrongFileStopsTheStartAndIsNamed() throws Exception {
        assertThatThrownBy(() -> latchkey(folder.resolve("none.pem")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "key file " + folder.resolve("none.pem") + " cannot be read: NoSuchFileException");
        assertThatThrownBy(() -> latchkey(folder)).hasMessageContaining("found 0 files that end in .pem");
        Path file = write("a.json", "{\"keys\":{}}", clock.instant());
        assertThatThrownBy(() -> latchkey(file)).hasMessageContaining("'keys' of a key set is a list");
        Path empty = write("b.json", "{\"keys\":[]}", clock.instant());
        assertThatThrownBy(() -> latchkey(empty)).hasMessageContaining("found no private key");
        Path large = write("c.pem", "x".repeat(70_000), clock.instant());
        assertThatThrownBy(() -> latchkey(large)).hasMessageContaining("70000 bytes: no key is that large");
        Path bytes = folder.resolve("d.pem");
        Files.write(bytes, "\u00ff\u0000\u00fe".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> latchkey(bytes)).hasMessageContaining("found no key");
    }

    @Test
    void theSameKeyTwiceStopsTheStart() throws Exception {
        KeyPair pair = ed25519();
        pem("a.pem", pair, clock.instant());
        pem("b.pem", pair, clock.instant());
        assertThatThrownBy(() -> latchkey(folder)).hasMessageContaining("the same key is listed twice");
    }

    @Test
    void rotationByCallIsNotForFiles() throws Exception {
        pem("a.pem", ed25519(), clock.instant());
        try (Latchkey auth = latchkey(folder)) {
            assertThatThrownBy(() -> auth.rotate(JwtKey.generate("EdDSA")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("rotates when it changes: add the key there");
        }
    }
}
