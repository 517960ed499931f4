package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * RFC 7520 section 4: signatures over a text that is no JSON, by the keys of its section 3. The unprotected headers of
 * 4.6 to 4.8 exist in the JSON serialization only; what of them has a compact form is verified, the rest refused.
 */
class Rfc7520Section4Test {

    private static final String BILBO = "bilbo.baggins@hobbiton.example";
    private static final String SECRET_ID = "018c0ae5-4d9b-471b-bfd6-eef314bc7037";
    private static final JwtKey HS256 = JwtKey.hs256(
                    Base64.getUrlDecoder().decode("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"))
            .withId(SECRET_ID);

    private static final String PAYLOAD = """
            SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUg\
            cm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0\
            IGJlIHN3ZXB0IG9mZiB0by4""";

    /** Section 3.4. */
    private static final String RSA = """
            {"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZL\
            wUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzc\
            Ee6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZC\
            uEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqg\
            c5gHdrNP5zw","e":"AQAB","d":"bWUC9B-EFRIo8kpGfh0ZuyGPvMNKvYWNtB_ikiH9k20eT-O1q_I78eiZkpXxXQ0UTEs2LsN\
            RS-8uJbvQ-A1irkwMSMkK1J3XTGgdrhCku9gRldY7sNA_AKZGh-Q661_42rINLRCe8W-nZ34ui_qOfkLnK9QWDDqpaIsA-bMwWWS\
            DFu2MUBYwkHTMEzLYGqOe04noqeq1hExBTHBOBdkMXiuFhUq1BU6l-DqEiWxqg82sXt2h-LMnT3046AOYJoRioz75tSUQfGCshWT\
            BnP5uDjd18kKhyv07lhfSJdrPdM5Plyl21hsFf4L_mHCuoFau7gdsPfHPxxjVOcOpBrQzwQ","p":"3Slxg_DwTXJcb6095RoXyg\
            QCAZ5RnAvZlno1yhHtnUex_fp7AZ_9nRaO7HX_-SFfGQeutao2TDjDAWU4Vupk8rw9JR0AzZ0N2fvuIAmr_WCsmGpeNqQnev1T7I\
            yEsnh8UMt-n5CafhkikzhEsrmndH6LxOrvRJlsPp6Zv8bUq0k","q":"uKE2dh-cTf6ERF4k4e_jy78GfPYUIaUyoSSJuBzp3Cub\
            k3OCqs6grT8bR_cu0Dm1MZwWmtdqDyI95HrUeq3MP15vMMON8lHTeZu2lmKvwqW7anV5UzhM1iZ7z4yMkuUwFWoBvyY898EXvRD-\
            hdqRxHlSqAZ192zB3pVFJ0s7pFc","dp":"B8PVvXkvJrj2L-GYQ7v3y9r6Kw5g9SahXBwsWUzp19TVlgI-YV85q1NIb1rxQtD-I\
            sXXR3-TanevuRPRt5OBOdiMGQp8pbt26gljYfKU_E9xn-RULHz0-ed9E9gXLKD4VGngpz-PfQ_q29pk5xWHoJp009Qf1HvChixRX\
            59ehik","dq":"CLDmDGduhylc9o7r84rEUVn7pzQ6PF83Y-iBZx5NT-TpnOZKF1pErAMVeKzFEl41DlHHqqBLSM0W1sOFbwTxYW\
            ZDm6sI6og5iTbwQGIC3gnJKbi_7k_vJgGHwHxgPaX2PnvP-zyEkDERuf-ry4c_Z11Cq9AqC2yeL6kdKT1cYF8","qi":"3PiqvXQ\
            N0zwMeE-sBvZgi289XP9XCQF3VWqPzMKnIgQp7_Tugo6-NZBKCQsMf3HaEGBjTVJs_jcK8-TRXvaKe-7ZMaQj8VfBdYkssbu0NKD\
            DhjJ-GtiseaDVWt7dcH0cfwxgFUHpQh7FoCrjFJ6h6ZEpMF6xmujs4qMpPz8aaI4"}""";

    /** Section 3.2. */
    private static final String P521 = """
            {"kty":"EC","kid":"bilbo.baggins@hobbiton.example","use":"sig","crv":"P-521","x":"AHKZLLOsCOzz5cY97e\
            wNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt","y":"AdymlHvOiLxXkEhayXQnNCv\
            DX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1","d":"AAhRON2r9cqXX1hg-RoI6R1tX5p2\
            rUAYdmpHZoC1XNM56KtscrX6zbKipQrCW9CGZH3T4ubpnoTKLDYJ_fF3_rJt"}""";

    private static final String RS256_SIGNATURE = """
            MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi8\
            4wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocS\
            adnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJu\
            shZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg""";

    private static final String PS384_SIGNATURE = """
            cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItl\
            lVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0\
            TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0\
            uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw""";

    private static final String ES512_SIGNATURE = """
            AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_\
            sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2""";

    private static final String HS256_SIGNATURE = "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";

    /** The first of the three signatures of 4.8, whose key id is outside of the protected header. */
    private static final String RS256_WITHOUT_ID = """
            MIsjqtVlOpa71KE-Mss8_Nq2YH4FGhiocsqrgi5NvyG53uoimic1tcMdSg-qptrzZc7CG6Svw2Y13TDIqHzTUrL_lR2ZFcryNFiH\
            kSw129EghGpwkpxaTn_THJTCglNbADko1MZBCdwzJxwqZc-1RlpO2HibUYyXSwO97BSe0_evZKdjvvKSgsIqjytKSeAMbhMBdMma\
            622_BG5t4sdbuCHtFjp9iJmkio47AIwqkZV1aIZsv33uPUqBBCXbYoQJwt7mxPftHmNlGoOSMxR_3thmXTCm4US-xiNOyhbm8afK\
            K64jU6_TPtQHiJeQJxz9G3Tx-083B745_AfYOnlC9w""";

    /** The second one, which protects no header at all. */
    private static final String ES512_WITHOUT_HEADER = """
            ARcVLnaJJaUWG8fG-8t5BREVAuTY8n8YHjwDO1muhcdCoFZFFjfISu0Cdkn9Ybdlmi54ho0x924DUz8sK7ZXkhc7AFM8ObLfTvNC\
            rqcI3Jkl2U5IX3utNhODH6v7xgy1Qahsn0fyb4zSAkje8bAWz4vIfj5pCMYxxm4fgV3q7ZYhm5eD""";

    private static final String RS256_HEADER =
            "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
    private static final String PS384_HEADER =
            "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
    private static final String ES512_HEADER =
            "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
    private static final String HS256_HEADER =
            "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9";

    private static final String RS256_TOKEN = RS256_HEADER + "." + PAYLOAD + "." + RS256_SIGNATURE;
    private static final String PS384_TOKEN = PS384_HEADER + "." + PAYLOAD + "." + PS384_SIGNATURE;
    private static final String ES512_TOKEN = ES512_HEADER + "." + PAYLOAD + "." + ES512_SIGNATURE;
    private static final String HS256_TOKEN = HS256_HEADER + "." + PAYLOAD + "." + HS256_SIGNATURE;

    private static void assertVerifies(String algorithm, String jwk, String token) {
        KeyPair pair = PublishedKeys.pair(jwk);
        Jws jws = PublishedKeys.assertVerifies(algorithm, pair.getPublic(), token);
        assertThat(jws.header()).isEqualTo(Map.of("alg", algorithm, "kid", BILBO));
        Refusal.expect(AuthError.TOKEN_MALFORMED, jws::payload);
        JwtKey other = JwtKey.verifying(algorithm, pair.getPublic()).withId("frodo.baggins@hobbiton.example");
        KeySet keys = KeySet.of(JwtKey.generate(), other);
        Refusal.expect(AuthError.KEY_UNKNOWN, () -> Forge.verify(Jws.parse(token), keys));
    }

    @Test
    void section4_1_rs256_theTokenIsVerified() {
        assertVerifies("RS256", RSA, RS256_TOKEN);
    }

    @Test
    void section4_1_rs256_theSignatureIsMade() {
        assertThat(PublishedKeys.sign(JwtKey.of("RS256", PublishedKeys.pair(RSA)), RS256_TOKEN))
                .isEqualTo(RS256_SIGNATURE);
    }

    @Test
    void section4_2_ps384_theTokenIsVerified() {
        assertVerifies("PS384", RSA, PS384_TOKEN);
    }

    /** A salt is drawn for each signature: the published one cannot be made again. */
    @Test
    void section4_2_ps384_anotherSignatureIsMade() {
        String again = PS384_HEADER + "." + PAYLOAD + "."
                + PublishedKeys.sign(JwtKey.of("PS384", PublishedKeys.pair(RSA)), PS384_TOKEN);
        assertThat(again).isNotEqualTo(PS384_TOKEN);
        assertVerifies("PS384", RSA, again);
    }

    @Test
    void section4_3_es512_theTokenIsVerified() {
        assertVerifies("ES512", P521, ES512_TOKEN);
    }

    @Test
    void section4_3_es512_anotherSignatureIsMade() {
        String again = ES512_HEADER + "." + PAYLOAD + "."
                + PublishedKeys.sign(JwtKey.of("ES512", PublishedKeys.pair(P521)), ES512_TOKEN);
        assertThat(again).isNotEqualTo(ES512_TOKEN);
        assertVerifies("ES512", P521, again);
    }

    @Test
    void section4_4_hs256_theTokenIsVerified() {
        Jws jws = Jws.parse(HS256_TOKEN);
        Jws unused = Forge.verify(jws, KeySet.of(HS256));
        assertThat(jws.header()).isEqualTo(Map.of("alg", "HS256", "kid", SECRET_ID));
        Refusal.expect(AuthError.TOKEN_MALFORMED, jws::payload); // however well signed
        Refusal.expect(
                AuthError.KEY_UNKNOWN, () -> Forge.verify(Jws.parse(HS256_TOKEN), KeySet.of(HS256.withId("another"))));
    }

    @Test
    void section4_4_hs256_theSignatureIsMade() {
        assertThat(PublishedKeys.sign(HS256, HS256_TOKEN)).isEqualTo(HS256_SIGNATURE);
    }

    /** The content travels beside the token: without it, what is signed is another text. */
    @Test
    void section4_5_detachedContent_isRefused() {
        Jws jws = Jws.parse(HS256_HEADER + ".." + HS256_SIGNATURE);
        Refusal.expect(AuthError.SIGNATURE_INVALID, () -> Forge.verify(jws, KeySet.of(HS256)));
    }

    @Test
    void section4_6_specificHeaderFields_theProtectedPartIsVerified() {
        String signature = "bWUSVaxorn7bEF1djytBd0kHv70Ly5pvbomzMWSOr20";
        String token = "eyJhbGciOiJIUzI1NiJ9." + PAYLOAD + "." + signature;
        Jws jws = Jws.parse(token);
        Jws unused = Forge.verify(jws, KeySet.of(HS256));
        assertThat(jws.header()).isEqualTo(Map.of("alg", "HS256"));
        assertThat(PublishedKeys.sign(HS256, token)).isEqualTo(signature);
    }

    @Test
    void section4_7_contentOnly_isRefusedForItsHeader() {
        String token = "." + PAYLOAD + ".xuLifqLGiblpv9zBpuZczWhNj1gARaLV3UxvxhJxZuk";
        assertThat(PublishedKeys.sign(HS256, token)).isEqualTo("xuLifqLGiblpv9zBpuZczWhNj1gARaLV3UxvxhJxZuk");
        Refusal.expect(AuthError.TOKEN_MALFORMED, () -> Jws.parse(token));
    }

    @Test
    void section4_8_multipleSignatures_eachWithAProtectedHeaderIsVerified() {
        String token = "eyJhbGciOiJSUzI1NiJ9." + PAYLOAD + "." + RS256_WITHOUT_ID;
        KeyPair pair = PublishedKeys.pair(RSA);
        PublishedKeys.assertVerifies("RS256", pair.getPublic(), token);
        assertThat(PublishedKeys.sign(JwtKey.of("RS256", pair), token)).isEqualTo(RS256_WITHOUT_ID);
        Refusal.expect(AuthError.TOKEN_MALFORMED, () -> Jws.parse("." + PAYLOAD + "." + ES512_WITHOUT_HEADER));
        section4_4_hs256_theTokenIsVerified(); // the third is the same
    }

    @Test
    void section3_thePublicHalvesAreFoundFromThePrivateOnes() {
        KeyPair rsa = PublishedKeys.pair(RSA);
        assertThat(PublicKeys.of(Algorithm.RS256, rsa.getPrivate())).isEqualTo(rsa.getPublic());
        KeyPair curve = PublishedKeys.pair(P521);
        assertThat(PublicKeys.of(Algorithm.ES512, curve.getPrivate())).isEqualTo(curve.getPublic());
    }
}
