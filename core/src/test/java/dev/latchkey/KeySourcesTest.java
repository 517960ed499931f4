package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys from key stores, Base64 texts and JWK files; what is wrong with one is said, and never what is in it. */
class KeySourcesTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static Path store;

    @BeforeAll
    static void makeStore() throws IOException, InterruptedException {
        store = folder.resolve("keys.p12");
        keytool("-genkeypair -alias curve -keyalg EC -groupname secp256r1");
        keytool("-genkeypair -alias rsa -keyalg RSA -keysize 2048");
    }

    private static void keytool(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(
                List.of((arguments + " -dname CN=notes -keystore " + store + " -storepass changeit").split(" ")));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aliasChoosesAmongThePairsOfAKeyStore() {
        JwtKey curve = JwtKey.pkcs12("ES256", store, PASSWORD, "curve");
        JwtKey rsa = JwtKey.pkcs12("PS256", store, PASSWORD, "rsa");
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .stateless()
                .keys(KeySet.of(curve, rsa))
                .build();
        assertThat(auth.parseUnverified(auth.accessToken("alice")).header()).containsEntry("alg", "ES256");
        assertThat(rsa.algorithm()).isEqualTo("PS256");
    }

    @Test
    void aKeyStoreThatDoesNotFitIsNamedWithTheMend() throws IOException {
        String named = "key file " + store + ": ";
        assertThatThrownBy(() -> JwtKey.pkcs12("ES256", store, PASSWORD))
                .hasMessageStartingWith(named + "found the key pairs [curve, rsa], expected one: name its alias");
        assertThatThrownBy(() -> JwtKey.pkcs12("ES256", store, PASSWORD, "other"))
                .hasMessageContaining("expected one of the alias other");
        assertThatThrownBy(() -> JwtKey.pkcs12("ES256", store, "guess".toCharArray(), "curve"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(named + "found no PKCS#12 key store that this password opens")
                .hasMessageNotContaining("guess");
        assertThatThrownBy(() -> JwtKey.pkcs12("ES256", store, PASSWORD, "rsa"))
                .hasMessageContaining("ES256 needs a key of kind secp256r1, this one is RSA");
        Path text = Files.writeString(folder.resolve("text.p12"), "no key store");
        assertThatThrownBy(() -> JwtKey.pkcs12("ES256", text, PASSWORD)).hasMessageContaining("found no PKCS#12");
        Path none = folder.resolve("none.p12");
        assertThatThrownBy(() -> JwtKey.pkcs12("ES256", none, PASSWORD)).hasMessageContaining("NoSuchFileException");
    }

    @Test
    void readsBothAlphabetsOfBase64() {
        byte[] secret = new byte[33];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (0xff - i * 5);
        }
        JwtKey key = JwtKey.hs256(secret);
        assertThat(JwtKey.base64Secret("HS256", Base64.getEncoder().encodeToString(secret) + "\n")
                        .sameAs(key))
                .isTrue();
        assertThat(JwtKey.base64Secret("HS256", Base64Url.encode(secret)).sameAs(key))
                .isTrue();
    }

    @Test
    void refusesWhatIsNoBase64AndSecretsThatAreTooShort() {
        assertThatThrownBy(() -> JwtKey.base64Secret("HS256", "not base64!"))
                .hasMessageContaining("is not Base64")
                .hasMessageNotContaining("not base64!");
        assertThatThrownBy(
                        () -> JwtKey.base64Secret("HS512", Base64.getEncoder().encodeToString(Forge.SECRET)))
                .hasMessageContaining("has 32 bytes, needs 64");
        assertThatThrownBy(() -> JwtKey.base64Secret("RS256", "AAAA")).hasMessageContaining("takes a key pair");
    }

    @Test
    void aJwkFileIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("key.jwk"), "{\"kty\":\"RSA\"}");
        assertThatThrownBy(() -> JwtKey.jwk(file))
                .hasMessageStartingWith("key file " + file + ": found a key of kind RSA");
        String secret = "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" + Base64Url.encode(Forge.SECRET) + "\"}";
        assertThat(JwtKey.jwk(Files.writeString(file, secret)).sameAs(Forge.KEY))
                .isTrue();
    }
}
