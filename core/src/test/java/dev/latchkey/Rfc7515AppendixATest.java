package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * RFC 7515 appendix A: published tokens by published keys. A.6 and A.7 are the JSON serialization, which is not read
 * here: {@link #a6AndA7_theJsonSerializationIsNoToken}.
 */
class Rfc7515AppendixATest {

    private static final String SECRET =
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    private static final JwtKey HS256 = JwtKey.hs256(Base64.getUrlDecoder().decode(SECRET));

    /** The claims of A.1 to A.3, with line breaks and a claim that is no registered one. */
    private static final String CLAIMS = """
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ""";

    private static final String HS256_SIGNATURE = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String HS256_TOKEN =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + CLAIMS + "." + HS256_SIGNATURE;

    private static final String RSA = """
            {"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPM\
            EzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5\
            rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-D\
            WNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB","d":"Eq5xpGnNCivDflJsRQBXHx\
            1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoV\
            En2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2\
            QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjncz\
            T0QU91p1DhOVRuOopznQ","p":"4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3K\
            hooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",\
            "q":"uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_Y\
            wD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc","dp":"BwKfV3Akq5_MFZDF\
            ZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb3\
            4MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0","dq":"h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZj\
            eeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS\
            1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU","qi":"IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy\
            26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK\
            0JKSHuLFkuQ3U"}""";

    private static final String RS256_SIGNATURE = """
            cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9\
            uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB\
            _eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq\
            Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw""";

    private static final String P256 = """
            {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue6\
            59LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}""";

    private static final String ES256_SIGNATURE = """
            DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q""";

    private static final String P521 = """
            {"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jS\
            fS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh\
            9ubmf63e3kyMj2","d":"AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53v\
            M9mE15j2C"}""";

    private static final String ES512_SIGNATURE = """
            AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCA\
            PZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn""";

    private static final String RS256_TOKEN = "eyJhbGciOiJSUzI1NiJ9." + CLAIMS + "." + RS256_SIGNATURE;
    private static final String ES256_TOKEN = "eyJhbGciOiJFUzI1NiJ9." + CLAIMS + "." + ES256_SIGNATURE;
    private static final String ES512_TOKEN = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA." + ES512_SIGNATURE;

    @Test
    void a1_hs256_theTokenIsVerified() {
        Jws jws = Jws.parse(HS256_TOKEN);
        Jws unused = Forge.verify(jws, KeySet.of(HS256));
        assertThat(jws.header()).isEqualTo(Map.of("typ", "JWT", "alg", "HS256"));
        assertClaims(jws);
    }

    @Test
    void a1_hs256_theSignatureIsMade() {
        assertThat(PublishedKeys.sign(HS256, HS256_TOKEN)).isEqualTo(HS256_SIGNATURE);
    }

    @Test
    void a1_hs256_theTokenIsRefusedWhereEveryClaimIsDemanded() {
        Latchkey auth = Latchkey.builder().issuer("joe").key(HS256).stateless().build();
        Refusal.expect(AuthError.CLAIM_MISSING, () -> auth.verify(HS256_TOKEN));
    }

    @Test
    void a1_hs256_theTokenIsRefusedWithAnyOtherKeyOrAlgorithm() {
        Refusal.expect(
                AuthError.SIGNATURE_INVALID, () -> Forge.verify(Jws.parse(HS256_TOKEN), KeySet.of(JwtKey.generate())));
        JwtKey hs512 = JwtKey.hs512(Base64.getUrlDecoder().decode(SECRET));
        Refusal.expect(AuthError.ALGORITHM_NOT_ALLOWED, () -> Forge.verify(Jws.parse(HS256_TOKEN), KeySet.of(hs512)));
    }

    @Test
    void a2_rs256_theTokenIsVerified() {
        Jws jws = PublishedKeys.assertVerifies("RS256", PublishedKeys.pair(RSA).getPublic(), RS256_TOKEN);
        assertThat(jws.header()).isEqualTo(Map.of("alg", "RS256"));
        assertClaims(jws);
    }

    @Test
    void a2_rs256_theSignatureIsMade() {
        JwtKey key = JwtKey.of("RS256", PublishedKeys.pair(RSA));
        assertThat(PublishedKeys.sign(key, RS256_TOKEN)).isEqualTo(RS256_SIGNATURE);
    }

    @Test
    void a3_es256_theTokenIsVerified() {
        Jws jws = PublishedKeys.assertVerifies("ES256", PublishedKeys.pair(P256).getPublic(), ES256_TOKEN);
        assertThat(jws.header()).isEqualTo(Map.of("alg", "ES256"));
        assertClaims(jws);
    }

    /** A number is drawn for each signature: the published one cannot be made again. */
    @Test
    void a3_es256_anotherSignatureIsMade() {
        assertAnotherSignatureIsMade("ES256", PublishedKeys.pair(P256), ES256_TOKEN);
    }

    @Test
    void a4_es512_theTokenIsVerified() {
        Jws jws = PublishedKeys.assertVerifies("ES512", PublishedKeys.pair(P521).getPublic(), ES512_TOKEN);
        assertThat(jws.header()).isEqualTo(Map.of("alg", "ES512"));
        Refusal.expect(AuthError.TOKEN_MALFORMED, jws::payload); // "Payload", which is no JSON
    }

    @Test
    void a4_es512_anotherSignatureIsMade() {
        assertAnotherSignatureIsMade("ES512", PublishedKeys.pair(P521), ES512_TOKEN);
    }

    @Test
    void a5_unsecured_theTokenIsRefused() {
        String token = "eyJhbGciOiJub25lIn0." + CLAIMS + ".";
        for (JwtKey key : new JwtKey[] {HS256, JwtKey.of("RS256", PublishedKeys.pair(RSA))}) {
            Latchkey auth =
                    Latchkey.builder().issuer("joe").key(key).stateless().build();
            Refusal.expect(AuthError.ALGORITHM_NOT_ALLOWED, () -> auth.verify(token));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"payload\":\"%s\",\"signatures\":[{\"protected\":\"eyJhbGciOiJFUzI1NiJ9\",\"signature\":\"%s\"}]}",
                "{\"payload\":\"%s\",\"protected\":\"eyJhbGciOiJFUzI1NiJ9\",\"signature\":\"%s\"}"
            })
    void a6AndA7_theJsonSerializationIsNoToken(String form) {
        Refusal.expect(AuthError.TOKEN_MALFORMED, () -> Jws.parse(String.format(form, CLAIMS, ES256_SIGNATURE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "ES512"})
    void thePublicHalfIsFoundFromThePrivateOne(String algorithm) {
        KeyPair pair = PublishedKeys.pair(
                switch (algorithm) {
                    case "RS256" -> RSA;
                    case "ES256" -> P256;
                    default -> P521;
                });
        assertThat(PublicKeys.of(Algorithm.of(algorithm), pair.getPrivate())).isEqualTo(pair.getPublic());
    }

    private static void assertClaims(Jws jws) {
        assertThat(jws.payload())
                .isEqualTo(Map.of("iss", "joe", "exp", 1300819380L, "http://example.com/is_root", true));
    }

    private static void assertAnotherSignatureIsMade(String algorithm, KeyPair pair, String token) {
        String signed = token.substring(0, token.lastIndexOf('.') + 1);
        String again = signed + PublishedKeys.sign(JwtKey.of(algorithm, pair), token);
        assertThat(again).isNotEqualTo(token).hasSameSizeAs(token);
        PublishedKeys.assertVerifies(algorithm, pair.getPublic(), again);
    }
}
