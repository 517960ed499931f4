package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key files as openssl writes them: each resource was made by it. */
class PemTest {

    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private static String pem(String name) {
        try (InputStream in = PemTest.class.getResourceAsStream("keys/" + name + ".pem")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"RS256, rsa", "PS512, rsa", "ES256, ec", "ES512, ec521", "EdDSA, ed", "Ed25519, ed", "ES256, ecparam"})
    void readsAPrivateKey_andFindsItsPublicHalf(String algorithm, String file) {
        if (file.equals("ecparam")) { // openssl ecparam writes parameters, then the older form
            assertThatThrownBy(() -> JwtKey.pem(algorithm, pem(file))).hasMessageContaining("found EC PRIVATE KEY");
            return;
        }
        JwtKey key = JwtKey.pem(algorithm, pem(file));
        byte[] signature = key.sign(MESSAGE, MESSAGE.length);
        assertThat(key.verifies(MESSAGE, MESSAGE.length, signature)).isTrue();
        assertThat(key.canSign()).isTrue();
    }

    @Test
    void findsTheSamePublicHalfAsOpenssl() {
        for (String[] pair :
                new String[][] {{"ES256", "ec", "ecpub"}, {"ES256", "ec", "eccert"}, {"EdDSA", "ed", "edpub"}}) {
            JwtKey whole = JwtKey.pem(pair[0], pem(pair[1]));
            JwtKey half = JwtKey.pem(pair[0], pem(pair[2]));
            assertThat(half.sameAs(whole)).isTrue();
            assertThat(half.canSign()).isFalse();
            assertThat(half.verifies(MESSAGE, MESSAGE.length, whole.sign(MESSAGE, MESSAGE.length)))
                    .isTrue();
            assertThat(JwtKey.pem(pair[0], pem(pair[1]) + pem(pair[2])).canSign())
                    .isTrue();
            assertThatThrownBy(() -> half.sign(MESSAGE, MESSAGE.length)).hasMessageContaining("cannot sign");
        }
    }

    @Test
    void halvesThatDoNotBelongTogetherAreRefused() {
        String other = pem("ecpub");
        String key = pem("ec");
        assertThat(JwtKey.pem("ES256", key + other).algorithm()).isEqualTo("ES256");
        assertThatThrownBy(() -> JwtKey.pem("EdDSA", pem("ed") + other)).hasMessageContaining("the block PUBLIC KEY");
        JwtKey generated = JwtKey.generate("ES256");
        assertThat(generated.canSign()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RS256 | rsa1 | found RSA PRIVATE KEY: write it as PKCS#8 with openssl pkcs8 -topk8 -nocrypt",
                "ES256 | ec1 | found EC PRIVATE KEY: write it as PKCS#8",
                "RS256 | rsa1024 | the RSA key has 1024 bits, needs 2048 to 16384: make one with openssl genpkey",
                "ES384 | ec | ES384 needs a key on secp384r1",
                "ES256 | ec521 | ES256 needs a key on secp256r1",
                "ES256 | k1 | ES256 needs a key on secp256r1",
                "RS256 | ec | the block PRIVATE KEY is no key of kind RSA, which RS256 needs",
                "ES256 | rsa | the block PRIVATE KEY is no key of kind EC, which ES256 needs",
                "EdDSA | ed448 | the block PRIVATE KEY is no key of kind Ed25519, which EdDSA needs",
                "RS256 | eccert | RS256 needs a key of kind RSA, this one is EC",
                "HS256 | ec | HS256 takes a secret, which is no PEM",
                "none | ec | algorithm none is not supported: use one of HS256"
            })
    void saysWhatIsWrongAndWhatMendsIt(String algorithm, String file, String problem) throws IOException {
        assertThatThrownBy(() -> JwtKey.pem(algorithm, pem(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
        Path path = Files.writeString(folder.resolve("key.pem"), pem(file));
        assertThatThrownBy(() -> JwtKey.pem(algorithm, path))
                .hasMessageContaining("key file " + path + ": ")
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | found no key, expected a block PRIVATE KEY",
                "hello | found no key",
                "-----BEGIN PRIVATE KEY----- | found no key",
                "-----BEGIN PRIVATE KEY-----!!!!-----END PRIVATE KEY----- | is no key of kind EC",
                "-----BEGIN PRIVATE KEY-----A-----END PRIVATE KEY----- | is not base64: is the file whole?",
                "-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY----- | the block PUBLIC KEY is no key",
                "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE----- | is no X.509 certificate",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----AAAA-----END ENCRYPTED PRIVATE KEY----- | take the password off",
                "-----BEGIN OPENSSH PRIVATE KEY-----AAAA-----END OPENSSH PRIVATE KEY----- | ssh-keygen -p -m PKCS8",
                "-----BEGIN RSA PRIVATE KEY-----Proc-Type: 4-----END RSA PRIVATE KEY----- | openssl pkcs8 -topk8",
                "-----BEGIN RSA PUBLIC KEY-----AAAA-----END RSA PUBLIC KEY----- | openssl rsa -RSAPublicKey_in"
            })
    void namesWhatItFound(String text, String problem) {
        assertThatThrownBy(() -> JwtKey.pem("ES256", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void twoKeysInOneFileAreOneTooMany() {
        assertThatThrownBy(() -> JwtKey.pem("ES256", pem("ec") + pem("ec"))).hasMessageContaining("found two blocks");
        assertThatThrownBy(() -> JwtKey.pem("ES256", pem("ecpub") + pem("ecpub")))
                .hasMessageContaining("found two blocks");
        assertThat(JwtKey.pem("ES256", pem("eccert") + pem("eccert")).canSign()).isFalse();
    }

    @Test
    void aMessageNeverRepeatsTheKey() {
        String key = pem("rsa");
        String secret = key.lines().skip(1).findFirst().orElseThrow();
        assertThatThrownBy(() -> JwtKey.pem("ES256", key)).message().doesNotContain(secret.substring(0, 16));
        assertThatThrownBy(() -> JwtKey.pem("RS256", key.replace("MII", "AII")))
                .message()
                .doesNotContain(secret.substring(4, 20));
        assertThat(JwtKey.pem("RS256", key).withId("a")).hasToString("JwtKey[RS256, a]");
    }

    @Test
    void aKeyInThePlaceOfItsFileIsNotRepeated() {
        assertThatThrownBy(() -> JwtKey.pem("EdDSA", Path.of(pem("ed").strip())))
                .hasMessage("key file (its name looks like a key) cannot be read: NoSuchFileException")
                .hasNoCause();
        assertThatThrownBy(() -> JwtKey.hs256(pem("ecpub"))).hasMessageContaining("secret for HS256 is a PEM file");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        assertThatThrownBy(() -> JwtKey.pem("ES256", folder.resolve("none.pem")))
                .hasMessageContaining("none.pem cannot be read: NoSuchFileException");
        Path large = Files.write(folder.resolve("large.pem"), new byte[70_000]);
        assertThatThrownBy(() -> JwtKey.pem("ES256", large)).hasMessageContaining("70000 bytes: no key is that large");
    }
}
