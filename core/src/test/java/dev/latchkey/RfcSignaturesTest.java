package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Signatures that the RFCs print. */
class RfcSignaturesTest {

    private static final String CLAIMS =
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private static void assertVerifies(JwtKey key, String token) {
        byte[] ascii = token.getBytes(StandardCharsets.US_ASCII);
        int end = token.lastIndexOf('.');
        byte[] signature = Base64Url.decode(ascii, end + 1, ascii.length);
        assertThat(key.verifies(ascii, end, signature)).isTrue();
        ascii[end - 1]++;
        assertThat(key.verifies(ascii, end, signature)).isFalse();
    }

    @Test
    void rfc7515AppendixA2_rs256() throws Exception {
        PublicKey key = RSAKey.parse(
                        "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0"
                                + "l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo"
                                + "9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qC"
                                + "o5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}")
                .toPublicKey();
        assertVerifies(
                JwtKey.verifying("RS256", key),
                "eyJhbGciOiJSUzI1NiJ9." + CLAIMS
                        + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
                        + "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K"
                        + "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgG"
                        + "Y9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw");
    }

    @Test
    void rfc7515AppendixA3_es256() throws Exception {
        PublicKey key = ECKey.parse(
                        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                                + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}")
                .toPublicKey();
        assertVerifies(
                JwtKey.verifying("ES256", key),
                "eyJhbGciOiJFUzI1NiJ9." + CLAIMS
                        + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
    }

    @Test
    void rfc7515AppendixA4_es512() throws Exception {
        PublicKey key = ECKey.parse(
                        "{\"kty\":\"EC\",\"crv\":\"P-521\","
                                + "\"x\":\"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk\","
                                + "\"y\":\"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2\"}")
                .toPublicKey();
        assertVerifies(
                JwtKey.verifying("ES512", key),
                "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-K"
                        + "GDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn");
    }

    @Test
    void rfc8037AppendixA4AndA5_ed25519() throws Exception {
        byte[] d = Base64.getUrlDecoder().decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        byte[] x = Base64.getUrlDecoder().decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        KeyFactory factory = KeyFactory.getInstance("Ed25519");
        JwtKey key = JwtKey.of(
                "EdDSA",
                new java.security.KeyPair(
                        factory.generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point(x))),
                        factory.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, d))));
        String signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        String signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        byte[] bytes = signed.getBytes(StandardCharsets.US_ASCII);
        assertThat(Base64Url.encode(key.sign(bytes, bytes.length))).isEqualTo(signature);
        assertVerifies(key, signed + "." + signature);
    }

    /** RFC 8032 section 5.1.2: little endian, the highest bit for the sign of x. */
    private static EdECPoint point(byte[] encoded) {
        byte[] big = new byte[encoded.length];
        for (int i = 0; i < encoded.length; i++) {
            big[i] = encoded[encoded.length - 1 - i];
        }
        boolean odd = (big[0] & 0x80) != 0;
        big[0] &= 0x7f;
        return new EdECPoint(odd, new BigInteger(1, big));
    }
}
