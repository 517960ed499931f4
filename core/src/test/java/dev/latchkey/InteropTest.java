package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.jsonwebtoken.Jws;
import io.jsonwebtoken.Jwts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What we sign, Nimbus JOSE+JWT, jose4j and JJWT verify as a JWT of their own, and the other way round. */
class InteropTest {

    private static final String TEXT = "ä\ud83d\ude00\"\\\u0000/";
    private static final Instant NOW = StandingClock.START;
    private static final Instant END = NOW.plusSeconds(60);

    private final StandingClock clock = new StandingClock();

    private enum Library {
        NIMBUS {
            @Override
            String sign(JoseLibraries algorithm) throws Exception {
                SignedJWT jwt = new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.parse(algorithm.name))
                                .type(JOSEObjectType.JWT)
                                .keyID("k1")
                                .build(),
                        new JWTClaimsSet.Builder()
                                .issuer("notes")
                                .subject("alice")
                                .audience(List.of("notes", "other"))
                                .issueTime(Date.from(NOW))
                                .expirationTime(Date.from(END))
                                .jwtID("id-1")
                                .claim("type", "access")
                                .claim("text", TEXT)
                                .claim("numbers", List.of(1, -7, 1.5))
                                .build());
                jwt.sign(algorithm.nimbusSigner());
                return jwt.serialize();
            }

            @Override
            Read verify(String token, JoseLibraries algorithm) throws Exception {
                SignedJWT jwt = SignedJWT.parse(token);
                assertThat(jwt.verify(algorithm.nimbusVerifier())).isTrue();
                return new Read(
                        jwt.getHeader().toJSONObject(), jwt.getJWTClaimsSet().toJSONObject());
            }
        },

        JOSE4J {
            @Override
            String sign(JoseLibraries algorithm) throws Exception {
                JwtClaims claims = new JwtClaims();
                claims.setIssuer("notes");
                claims.setSubject("alice");
                claims.setAudience("notes", "other");
                claims.setIssuedAt(NumericDate.fromSeconds(NOW.getEpochSecond()));
                claims.setExpirationTime(NumericDate.fromSeconds(END.getEpochSecond()));
                claims.setJwtId("id-1");
                claims.setStringClaim("type", "access");
                claims.setStringClaim("text", TEXT);
                claims.setClaim("numbers", List.of(1, -7, 1.5));
                JsonWebSignature jws = new JsonWebSignature();
                jws.setAlgorithmHeaderValue(algorithm.name);
                jws.setKeyIdHeaderValue("k1");
                jws.setHeader("typ", "JWT");
                jws.setPayload(claims.toJson());
                jws.setKey(algorithm.signing);
                return jws.getCompactSerialization();
            }

            @Override
            Read verify(String token, JoseLibraries algorithm) throws Exception {
                JwtContext jwt = new JwtConsumerBuilder()
                        .setVerificationKey(algorithm.verifying)
                        .setJwsAlgorithmConstraints(algorithm.jose4jConstraints())
                        .setExpectedIssuer("notes")
                        .setExpectedAudience("notes")
                        .setRequireSubject()
                        .setRequireExpirationTime()
                        .setEvaluationTime(NumericDate.fromSeconds(NOW.getEpochSecond()))
                        .build()
                        .process(token);
                Map<String, Object> header = new HashMap<>();
                for (String name : new String[] {"alg", "typ", "kid", "tenant"}) {
                    header.put(name, jwt.getJoseObjects().get(0).getHeader(name));
                }
                return new Read(header, jwt.getJwtClaims().getClaimsMap());
            }
        },

        JJWT {
            @Override
            String sign(JoseLibraries algorithm) {
                return Jwts.builder()
                        .header()
                        .type("JWT")
                        .keyId("k1")
                        .and()
                        .issuer("notes")
                        .subject("alice")
                        .audience()
                        .add(List.of("notes", "other"))
                        .and()
                        .issuedAt(Date.from(NOW))
                        .expiration(Date.from(END))
                        .id("id-1")
                        .claim("type", "access")
                        .claim("text", TEXT)
                        .claim("numbers", List.of(1, -7, 1.5))
                        .signWith(algorithm.signing, algorithm.jjwt())
                        .compact();
            }

            @Override
            Read verify(String token, JoseLibraries algorithm) {
                Jws<io.jsonwebtoken.Claims> jwt = algorithm
                        .jjwtVerifier()
                        .clock(() -> Date.from(NOW))
                        .requireIssuer("notes")
                        .requireAudience("notes")
                        .build()
                        .parseSignedClaims(token);
                Map<String, Object> claims = new HashMap<>(jwt.getPayload());
                claims.put("aud", List.copyOf(jwt.getPayload().getAudience()));
                return new Read(jwt.getHeader(), claims);
            }
        };

        /** Claims that Latchkey admits, signed with the key {@code k1}. */
        abstract String sign(JoseLibraries algorithm) throws Exception;

        /** What it reads of a token that it accepts by its own checks; throws if it does not. */
        abstract Read verify(String token, JoseLibraries algorithm) throws Exception;
    }

    private record Read(Map<String, Object> header, Map<String, Object> claims) {}

    static Stream<Arguments> everyAlgorithmAndLibrary() {
        List<Arguments> all = new ArrayList<>();
        for (String algorithm : AllKeys.ALGORITHMS) {
            for (Library library : Library.values()) {
                if (library != Library.NIMBUS || JoseLibraries.of(algorithm).hasNimbus()) {
                    all.add(Arguments.of(algorithm, library));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyAlgorithmAndLibrary")
    void theyVerifyWhatWeSign(String algorithm, Library library) throws Exception {
        Grant grant = Grant.create()
                .claim("text", TEXT)
                .claim("numbers", List.of(1, -7, 1.5))
                .claim("map", Map.of("a", true))
                .header("tenant", "acme");
        String token = latchkey(algorithm).accessToken("alice", grant);

        Read read = library.verify(token, JoseLibraries.of(algorithm));

        assertThat(read.header())
                .containsAllEntriesOf(Map.of("alg", algorithm, "typ", "JWT", "kid", "k1", "tenant", "acme"));
        Map<String, Object> claims = read.claims();
        assertThat(Shapes.same(claims.get("exp"), NOW.plusSeconds(900).getEpochSecond()))
                .isTrue();
        assertThat(Shapes.same(claims.get("iat"), NOW.getEpochSecond())).isTrue();
        assertThat(claims.get("sub")).isEqualTo("alice");
        assertThat(claims.get("aud")).isIn("notes", List.of("notes"));
        assertThat(claims.get("text")).isEqualTo(TEXT);
        assertThat(Shapes.same(claims.get("numbers"), List.of(1, -7, 1.5))).isTrue();
        assertThat(Shapes.same(claims.get("map"), Map.of("a", true))).isTrue();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyAlgorithmAndLibrary")
    void weVerifyWhatTheySign(String algorithm, Library library) throws Exception {
        String token = library.sign(JoseLibraries.of(algorithm));

        Claims claims = latchkey(algorithm).verify(token).claims();

        assertThat(claims.header()).containsEntry("alg", algorithm).containsEntry("kid", "k1");
        assertThat(claims.subject()).isEqualTo("alice");
        assertThat(claims.audience()).containsExactlyInAnyOrder("notes", "other");
        assertThat(claims.expiresAt()).isEqualTo(END);
        assertThat(claims.string("text")).hasValue(TEXT);
        assertThat(claims.asMap().get("numbers")).asString().isEqualTo("[1, -7, 1.5]");
    }

    private Latchkey latchkey(String algorithm) {
        return Latchkey.builder()
                .issuer("notes")
                .key(AllKeys.key(algorithm).withId("k1"))
                .clock(clock)
                .build();
    }
}
