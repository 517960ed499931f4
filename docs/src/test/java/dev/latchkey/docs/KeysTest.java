package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.JwtKey;
import dev.latchkey.KeySet;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
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
import java.security.Security;
import java.util.Base64;
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
        builder.key(JwtKey.pem("EdDSA", file).withId("2026-11"));
        // endregion
        Latchkey auth = builder.build();
        assertThat(auth.verify(auth.accessToken("alice")).claims().header()).containsEntry("kid", "2026-11");
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
}
