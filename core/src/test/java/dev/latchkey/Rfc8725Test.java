package dev.latchkey;

import static dev.latchkey.AuthError.ALGORITHM_NOT_ALLOWED;
import static dev.latchkey.AuthError.AUDIENCE_INVALID;
import static dev.latchkey.AuthError.CLAIM_MISSING;
import static dev.latchkey.AuthError.CRITICAL_EXTENSION_UNSUPPORTED;
import static dev.latchkey.AuthError.ISSUER_INVALID;
import static dev.latchkey.AuthError.KEY_UNKNOWN;
import static dev.latchkey.AuthError.SIGNATURE_INVALID;
import static dev.latchkey.AuthError.TOKEN_MALFORMED;
import static dev.latchkey.AuthError.TOKEN_TYPE_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** RFC 8725 section 2: one test for each attack, and one for each that its successor in preparation adds. */
class Rfc8725Test {

    private static final byte[] SECRET =
            "0123456789abcdefghijklmnopqrstuv-0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII);
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.hs256(SECRET))
            .stateless()
            .build();

    @Test
    void section2_1_weakSignaturesAndInsufficientSignatureValidation() throws Exception {
        assertThat(auth.verify(crafted(HEADER, claims())).subject()).isEqualTo("alice");
        String genuine = auth.accessToken("alice");
        String unsigned = genuine.substring(0, genuine.lastIndexOf('.') + 1);
        assertRefused(SIGNATURE_INVALID, unsigned);
        for (String none : List.of("none", "None", "NONE", "nOnE", "", "null", " none")) {
            String header = Base64Url.encode(utf8("{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}"));
            assertRefused(ALGORITHM_NOT_ALLOWED, header + '.' + Base64Url.encode(utf8(claims())) + '.');
        }
        // A public RSA key as HMAC secret: no key here has both roles, so there is nothing to confuse.
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        byte[] publicKey = rsa.generateKeyPair().getPublic().getEncoded();
        assertRefused(SIGNATURE_INVALID, Crafted.token(HEADER, claims(), "HS256", publicKey));
        assertRefused(ALGORITHM_NOT_ALLOWED, Crafted.token("{\"alg\":\"RS256\"}", claims(), "HS256", publicKey));
        assertRefused(ALGORITHM_NOT_ALLOWED, Crafted.token("{\"alg\":\"HS512\"}", claims(), "HS512", SECRET));
        // A cut MAC is not a MAC.
        for (int characters = 42; characters >= 0; characters--) {
            String cut = unsigned + genuine.substring(unsigned.length(), unsigned.length() + characters);
            assertThatThrownBy(() -> auth.verify(cut)).isInstanceOf(AuthException.class);
        }
    }

    @Test
    void section2_2_weakSymmetricKeys() {
        assertThatThrownBy(() -> JwtKey.hs256("secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 bytes, needs 32");
        assertThatThrownBy(() -> JwtKey.hs384(new byte[47])).hasMessageContaining("needs 48");
        assertThatThrownBy(() -> JwtKey.hs512(new byte[63])).hasMessageContaining("needs 64");
        assertThatThrownBy(() -> JwtKey.hs256("passwordpasswordpasswordpassword"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl rand");
        assertThat(JwtKey.dangerouslyShortSecret("HS256", utf8("secret")).weak())
                .as("warned of at every start")
                .isTrue();
    }

    @Test
    void section2_3_incorrectCompositionOfEncryptionAndSignature_nothingIsEverEncrypted() {
        String genuine = auth.accessToken("alice");
        assertRefused(TOKEN_MALFORMED, genuine + ".AAAA.AAAA");
        assertRefused(TOKEN_MALFORMED, "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAA.AAAA.AAAA");
        String nested = Crafted.token(utf8("{\"alg\":\"HS256\",\"cty\":\"JWT\"}"), utf8(genuine), "HS256", SECRET);
        assertRefused(TOKEN_MALFORMED, nested);
    }

    @Test
    void section2_4_plaintextLeakageByLengthOfCiphertext_nothingIsEverCompressed() throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated, new Deflater(9, true))) {
            out.write(utf8(claims()));
        }
        byte[] header = utf8("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"zip\":\"DEF\"}");
        assertThatThrownBy(() -> auth.verify(Crafted.token(header, deflated.toByteArray(), "HS256", SECRET)))
                .isInstanceOf(AuthException.class);
        // Nor is the header ignored: a library that heeds it would read another payload from the same token.
        assertRefused(CRITICAL_EXTENSION_UNSUPPORTED, Crafted.token(header, utf8(claims()), "HS256", SECRET));
    }

    @Test
    void section2_5_insecureUseOfEllipticCurves_noKeyIsOnACurve() {
        for (String algorithm : List.of("ES256", "ECDH-ES", "ECDH-ES+A128KW", "EdDSA")) {
            assertThatThrownBy(() -> JwtKey.of(algorithm, SECRET)).isInstanceOf(IllegalArgumentException.class);
            String header = "{\"alg\":\"" + algorithm + "\",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"}}";
            assertRefused(ALGORITHM_NOT_ALLOWED, crafted(header, claims()));
        }
    }

    @Test
    void section2_6_multiplicityOfJsonEncodings() {
        for (String name : List.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE")) {
            Charset charset = Charset.forName(name);
            assertRefused(TOKEN_MALFORMED, Crafted.token(HEADER.getBytes(charset), utf8(claims()), "HS256", SECRET));
            assertRefused(TOKEN_MALFORMED, Crafted.token(utf8(HEADER), claims().getBytes(charset), "HS256", SECRET));
        }
        assertRefused(TOKEN_MALFORMED, crafted('\uFEFF' + HEADER, claims()));
        assertRefused(TOKEN_MALFORMED, crafted(HEADER, '\uFEFF' + claims()));
        assertRefused(TOKEN_MALFORMED, crafted(HEADER, claims().replace("alice", "bob\",\"sub\":\"alice")));
        assertRefused(TOKEN_MALFORMED, crafted(HEADER, claims().replace("alice", "bob\",\"s\\u0075b\":\"alice")));
        assertRefused(TOKEN_MALFORMED, crafted(HEADER, claims().replace("alice", "alice\\ud800")));
        byte[] overlong = claims().replace("alice", "al\u0000\u0000ice").getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < overlong.length; i++) {
            if (overlong[i] == 0) {
                overlong[i++] = (byte) 0xc0;
                overlong[i] = (byte) 0xaf;
            }
        }
        assertRefused(TOKEN_MALFORMED, Crafted.token(utf8(HEADER), overlong, "HS256", SECRET));
    }

    @Test
    void section2_7_substitution() {
        Latchkey other = Latchkey.builder()
                .issuer("notes")
                .audience("billing")
                .key(JwtKey.hs256(SECRET))
                .stateless()
                .build();
        assertRefused(AUDIENCE_INVALID, other.accessToken("alice"));
        assertRefused(AUDIENCE_INVALID, crafted(HEADER, claims().replace("\"aud\":\"notes\"", "\"aud\":[\"x\"]")));
        assertRefused(CLAIM_MISSING, crafted(HEADER, claims().replace("\"aud\":\"notes\",", "")));
        assertRefused(ISSUER_INVALID, crafted(HEADER, claims().replace("\"iss\":\"notes\"", "\"iss\":\"evil\"")));
        assertRefused(CLAIM_MISSING, crafted(HEADER, claims().replace("\"iss\":\"notes\",", "")));
    }

    @Test
    void section2_8_crossJwtConfusion() {
        assertRefused(TOKEN_TYPE_INVALID, auth.refreshToken("alice"));
        assertRefused(TOKEN_TYPE_INVALID, auth.token("invite", "alice", Grant.create()));
        String access = auth.accessToken("alice");
        assertThatThrownBy(() -> auth.refresh(access)).isInstanceOf(AuthException.class);
        assertRefused(CLAIM_MISSING, crafted(HEADER, claims().replace(",\"type\":\"access\"", "")));
        for (String typ : List.of("secevent+jwt", "logout+jwt", "dpop+jwt", "entity-statement+jwt", "JOSE", "")) {
            assertRefused(TOKEN_MALFORMED, crafted("{\"alg\":\"HS256\",\"typ\":\"" + typ + "\"}", claims()));
        }
    }

    @Test
    void section2_9_indirectAttacksOnTheServer() throws IOException {
        for (String kid : List.of(
                "../../../../dev/null",
                "' OR '1'='1",
                "x') | (uid=*",
                "${jndi:ldap://localhost/a}",
                "|id",
                "\\u0000")) {
            assertRefused(KEY_UNKNOWN, crafted("{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}", claims()));
        }
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.configureBlocking(false);
            String url = "http://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort() + "/jwks";
            byte[] own = "the attacker's own key of 40 bytes......".getBytes(StandardCharsets.US_ASCII);
            String jwk = "{\"kty\":\"oct\",\"k\":\"" + Base64Url.encode(own) + "\"}";
            for (String member : List.of(
                    "\"jku\":\"" + url + "\"",
                    "\"x5u\":\"" + url + "\"",
                    "\"jwk\":" + jwk,
                    "\"x5c\":[\"AAAA\"]",
                    "\"iss\":\"" + url + "\"")) {
                String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"," + member + "}";
                assertRefused(SIGNATURE_INVALID, Crafted.token(header, claims(), "HS256", own));
            }
            assertThat(server.accept()).as("a connection to " + url).isNull();
        }
    }

    @Test
    void successor_decompressionBomb_isNeverInflated() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bomb, new Deflater(9, true))) {
            out.write(new byte[1_000_000]);
        }
        byte[] header = utf8("{\"alg\":\"HS256\",\"zip\":\"DEF\"}");
        assertThatThrownBy(() -> auth.verify(Crafted.token(header, bomb.toByteArray(), "HS256", SECRET)))
                .isInstanceOf(AuthException.class);
    }

    @Test
    void successor_passwordIterations_areNeverRun() {
        String header = "{\"alg\":\"PBES2-HS256+A128KW\",\"p2c\":2147483647,\"p2s\":\"AAAA\",\"enc\":\"A128GCM\"}";
        assertRefused(ALGORITHM_NOT_ALLOWED, crafted(header, claims()));
        assertRefused(TOKEN_MALFORMED, Base64Url.encode(utf8(header)) + ".AAAA.AAAA.AAAA.AAAA");
    }

    @Test
    void successor_algorithmInAnotherCase_isAnotherAlgorithm() {
        for (String algorithm : List.of("hs256", "Hs256", "HS256 ", "HS\\u0032\\u00356\\u0000", "HS256/64")) {
            assertRefused(ALGORITHM_NOT_ALLOWED, crafted("{\"alg\":\"" + algorithm + "\"}", claims()));
        }
    }

    @Test
    void successor_jsonSerialization_isNoToken() {
        String[] parts = auth.accessToken("alice").split("\\.");
        assertRefused(
                TOKEN_MALFORMED,
                "{\"protected\":\"" + parts[0] + "\",\"payload\":\"" + parts[1] + "\",\"signature\":\"" + parts[2]
                        + "\"}");
        assertRefused(
                TOKEN_MALFORMED,
                "{\"payload\":\"" + parts[1] + "\",\"signatures\":[{\"protected\":\"" + parts[0] + "\",\"signature\":\""
                        + parts[2] + "\"}],\"x\":\"..\"}");
    }

    private static String claims() {
        long now = java.time.Instant.now().getEpochSecond();
        return "{\"iss\":\"notes\",\"sub\":\"alice\",\"aud\":\"notes\",\"iat\":" + now + ",\"exp\":" + (now + 600)
                + ",\"jti\":\"1\",\"type\":\"access\"}";
    }

    private static String crafted(String header, String payload) {
        return Crafted.token(header, payload, "HS256", SECRET);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void assertRefused(AuthError error, String token) {
        assertThatThrownBy(() -> auth.verify(token))
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
