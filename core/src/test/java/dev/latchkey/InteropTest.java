package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we sign, Nimbus JOSE+JWT verifies, and the other way round. */
class InteropTest {

    private static final byte[] SECRET =
            Forge.utf8("a secret of sixty-four bytes for each of the three hashes, HMAC!!");

    private final StandingClock clock = new StandingClock();

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void nimbusVerifiesWhatWeSign(String algorithm) throws Exception {
        Latchkey auth = latchkey(algorithm);
        Grant grant = Grant.create()
                .claim("text", "ä\ud83d\ude00\"\\\u0000")
                .claim("numbers", List.of(1, -7, 1.5))
                .claim("map", Map.of("a", true))
                .header("tenant", "acme");
        String token = auth.accessToken("alice", grant);

        SignedJWT jwt = SignedJWT.parse(token);
        assertThat(jwt.verify(new MACVerifier(SECRET))).isTrue();
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
        assertThat(jwt.getHeader().getKeyID()).isEqualTo("k1");
        assertThat(jwt.getHeader().getCustomParam("tenant")).isEqualTo("acme");
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("alice");
        assertThat(claims.getIssuer()).isEqualTo("notes");
        assertThat(claims.getAudience()).containsExactly("notes");
        assertThat(claims.getExpirationTime().toInstant()).isEqualTo(StandingClock.START.plusSeconds(900));
        assertThat(claims.getStringClaim("text")).isEqualTo("ä\ud83d\ude00\"\\\u0000");
        assertThat(claims.getClaim("numbers")).isEqualTo(List.of(1L, -7L, 1.5));
        assertThat(claims.getJSONObjectClaim("map")).containsEntry("a", true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void weVerifyWhatNimbusSigns(String algorithm) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.parse(algorithm))
                        .type(JOSEObjectType.JWT)
                        .keyID("k1")
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer("notes")
                        .subject("alice")
                        .audience(List.of("notes", "other"))
                        .issueTime(Date.from(StandingClock.START))
                        .expirationTime(Date.from(StandingClock.START.plusSeconds(60)))
                        .jwtID("id-1")
                        .claim("type", "access")
                        .claim("text", "ä\ud83d\ude00\"\\\u0000/")
                        .claim("numbers", List.of(1, -7, 1.5))
                        .build());
        jwt.sign(new MACSigner(SECRET));

        Claims claims = latchkey(algorithm).verify(jwt.serialize()).claims();
        assertThat(claims.subject()).isEqualTo("alice");
        assertThat(claims.audience()).containsExactly("notes", "other");
        assertThat(claims.expiresAt()).isEqualTo(StandingClock.START.plusSeconds(60));
        assertThat(claims.string("text")).hasValue("ä\ud83d\ude00\"\\\u0000/");
        assertThat(claims.asMap().get("numbers")).asString().isEqualTo("[1, -7, 1.5]");
    }

    private Latchkey latchkey(String algorithm) {
        return Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.of(algorithm, SECRET).withId("k1"))
                .clock(clock)
                .build();
    }
}
