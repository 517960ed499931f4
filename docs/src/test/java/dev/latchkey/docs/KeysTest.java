package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.JwtKey;
import dev.latchkey.JwtSigner;
import dev.latchkey.KeySet;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Migration;
import dev.latchkey.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what docs/keys.md shows. */
class KeysTest {

    private final LatchkeyBuilder builder = Latchkey.builder().issuer("notes").stateless();

    private static Path write(Path folder, String name, PrivateKey key) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n",
                StandardCharsets.US_ASCII);
    }

    private static KeyPair pair() throws GeneralSecurityException {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    @Test
    void readsAFile(@TempDir Path folder) throws Exception {
        Path file = write(folder, "key.pem", pair().getPrivate());
        // region pem
        builder.key(JwtKey.pem("EdDSA", file));
        // endregion
        Latchkey auth = builder.build();
        assertThat(auth.verify(auth.accessToken("alice")).subject()).isEqualTo("alice");
    }

    @Test
    void rotatesFromASecretToAPair() throws Exception {
        byte[] secret = "an example of thirty-two bytes!!".getBytes(StandardCharsets.US_ASCII);
        KeyPair november = pair();
        PublicKey may = pair().getPublic();
        String old = builder.key(JwtKey.hs256(secret)).build().accessToken("alice");
        // region rotate
        builder.keys(KeySet.of(
                JwtKey.of("EdDSA", november).withId("2026-11"), // signs
                JwtKey.verifying("EdDSA", may).withId("2026-05"), // still accepted: its public half is enough
                JwtKey.hs256(secret))); // so is what was signed with a secret
        // endregion
        assertThat(builder.build().verify(old).subject()).isEqualTo("alice");
    }

    @Test
    void takesAProvider() throws Exception {
        KeyPair november = pair();
        Provider hardware = Security.getProvider("SunEC");
        // region provider
        builder.key(JwtKey.of("EdDSA", november, hardware));
        // endregion
        Latchkey auth = builder.build();
        assertThat(auth.verify(auth.accessToken("alice")).subject()).isEqualTo("alice");
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    @Test
    void readsEveryOtherSource(@TempDir Path folder) throws Exception {
        String base64 = Base64.getEncoder().encodeToString(random());
        String json = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
        char[] password = "changeit".toCharArray();
        Path keyStore = keyStore(folder, password);
        // region sources
        JwtKey secret = JwtKey.base64Secret("HS256", base64); // as openssl rand -base64 32 prints it
        JwtKey jwk = JwtKey.jwk(json); // RFC 7517, private or public; also of a file
        JwtKey stored = JwtKey.pkcs12("ES256", keyStore, password); // the only pair in it, or of an alias
        JwtKey made = JwtKey.generate("EdDSA"); // lost with the process: for tests
        // endregion
        Latchkey auth = builder.keys(KeySet.of(stored, secret, jwk, made)).build();
        assertThat(auth.verify(auth.accessToken("alice")).claims().header()).containsEntry("alg", "ES256");
    }

    /** As keys.md shows it. */
    private static Path keyStore(Path folder, char[] password) throws IOException, InterruptedException {
        Path file = folder.resolve("keys.p12");
        String line = "-genkeypair -alias notes -keyalg EC -groupname secp256r1 -dname CN=notes -keystore " + file
                + " -storepass " + new String(password);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(line.split(" ")));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return file;
    }

    @Test
    void rotatesByFile(@TempDir Path folder) throws Exception {
        Path unused = write(folder, "2026-05.pem", pair().getPrivate());
        // region file
        builder.keys(KeySet.file(folder)); // 2026-05.pem; later 2026-11.pem beside it
        // endregion
        try (Latchkey auth = builder.build()) {
            assertThat(auth.verify(auth.accessToken("alice")).subject()).isEqualTo("alice");
        }
    }

    @Test
    void rotatesBySchedule() throws Exception {
        KeyPair november = pair();
        KeyPair may = pair();
        // region schedule
        builder.keys(KeySet.of(
                JwtKey.of("EdDSA", november).signsFrom(Instant.parse("2026-11-01T00:00:00Z")), // accepted before
                JwtKey.of("EdDSA", may))); // signs until then
        // endregion
        TestClock clock = TestClock.at("2026-10-31T23:59:59Z");
        Latchkey auth = builder.clock(clock).build();
        String kid = JwtKey.of("EdDSA", may).id().orElseThrow();
        assertThat(auth.parseUnverified(auth.accessToken("alice")).header()).containsEntry("kid", kid);
        clock.advance(Duration.ofSeconds(1));
        assertThat(auth.parseUnverified(auth.accessToken("alice")).header()).doesNotContainEntry("kid", kid);
    }

    @Test
    void rotatesByCall() throws Exception {
        KeyPair november = pair();
        TestClock clock = TestClock.at("2026-10-31T23:59:59Z");
        Latchkey auth = builder.clock(clock).key(JwtKey.generate("EdDSA")).build();
        // region call
        auth.rotate(JwtKey.of("EdDSA", november));
        // endregion
        clock.advance(Duration.ofMinutes(3));
        assertThat(auth.parseUnverified(auth.accessToken("alice")).header())
                .containsEntry("kid", JwtKey.of("EdDSA", november).id().orElseThrow());
    }

    /** What a client of a key management service looks like. */
    private interface Service {
        byte[] sign(String key, byte[] bytes) throws GeneralSecurityException;
    }

    @Test
    void signsElsewhere() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair remote = generator.generateKeyPair();
        PublicKey publicKey = remote.getPublic();
        Service service = (key, bytes) -> {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(remote.getPrivate());
            signature.update(bytes);
            return signature.sign();
        };
        // region signer
        JwtSigner kms = bytes -> service.sign("notes-2026", bytes);
        builder.key(JwtKey.signer("ES256", publicKey, kms));
        // endregion
        Latchkey auth = builder.build();
        assertThat(auth.verify(auth.accessToken("alice")).subject()).isEqualTo("alice");
    }

    private record Member(String id, String tenant) {}

    @Test
    void choosesKeys() {
        JwtKey red = JwtKey.generate().withId("red");
        JwtKey blue = JwtKey.generate().withId("blue");
        JwtKey old = JwtKey.generate().withId("old");
        Map<String, JwtKey> tenants = Map.of("red", red, "blue", blue);
        Map<Object, JwtKey> byId = Map.of("old", old);
        // region choose
        KeySet keys = KeySet.of(red, blue)
                .withSigningKey(Member.class, member -> tenants.get(member.tenant())) // must be one that is accepted
                .withLookup(token -> Optional.ofNullable(byId.get(token.header().get("kid")))); // asked for unknown ids
        // endregion
        Latchkey auth = builder.identity(Member.class, Member::id)
                .keys(keys)
                .withoutEndpoints()
                .build();
        String token = auth.accessToken(new Member("alice", "blue"));
        assertThat(auth.verify(token).claims().header()).containsEntry("kid", "blue");
        String before = Latchkey.builder().issuer("notes").key(old).build().accessToken("bob");
        assertThat(auth.verify(before).subject()).isEqualTo("bob");
    }

    @Test
    void migrates() {
        // region migration
        builder.migration(Migration.until(Instant.parse("2027-03-01T00:00:00Z"))
                .withoutIssuer() // Flask-JWT-Extended and Flask-JWT write neither
                .withoutAudience());
        // endregion
        assertThat(builder.key(JwtKey.generate()).build().health().up()).isTrue();
    }
}
