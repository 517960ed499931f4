package dev.latchkey;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import io.jsonwebtoken.ClaimJwtException;
import io.jsonwebtoken.Jwt;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.JwtParserBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.SecureDigestAlgorithm;
import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.JsonWebSignature;

/** One algorithm in all four libraries, bound to it alone; Nimbus lacks EdDSA, for which it needs yet another library. */
final class JoseLibraries {

    private static final Map<String, JoseLibraries> MADE = new ConcurrentHashMap<>();

    final String name;
    final JwtKey key;
    final JwtKey otherKey;
    final KeySet keys;
    final Key signing;
    final Key verifying;
    private final JWSSigner nimbusSigner;
    private final JWSVerifier nimbusVerifier;
    private final SecureDigestAlgorithm<Key, ?> jjwt;
    private final JwtParser jjwtParser;

    @SuppressWarnings("unchecked")
    private JoseLibraries(String name) {
        this.name = name;
        this.key = AllKeys.key(name).withId("key");
        this.otherKey = AllKeys.otherKey(name);
        this.keys = KeySet.of(key);
        Key secret = new SecretKeySpec(AllKeys.SECRET, "HmacSHA" + name.substring(2));
        this.signing = AllKeys.isHmac(name) ? secret : AllKeys.pair(name).getPrivate();
        this.verifying = AllKeys.isHmac(name) ? secret : AllKeys.pair(name).getPublic();
        this.jjwt = (SecureDigestAlgorithm<Key, ?>) Jwts.SIG.get().forKey(name);
        this.jjwtParser = jjwtVerifier().build();
        try {
            this.nimbusSigner = hasNimbus() ? nimbusSigner() : null;
            this.nimbusVerifier = hasNimbus() ? nimbusVerifier() : null;
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static JoseLibraries of(String algorithm) {
        return MADE.computeIfAbsent(algorithm, JoseLibraries::new);
    }

    static JoseLibraries any(SplittableRandom random) {
        return of(AllKeys.algorithm(random));
    }

    boolean hasNimbus() {
        return !name.equals("EdDSA");
    }

    JWSSigner nimbusSigner() throws JOSEException {
        return signing instanceof RSAPrivateKey rsa
                ? new RSASSASigner(rsa)
                : signing instanceof ECPrivateKey curve ? new ECDSASigner(curve) : new MACSigner((SecretKey) signing);
    }

    JWSVerifier nimbusVerifier() throws JOSEException {
        return verifying instanceof RSAPublicKey rsa
                ? new RSASSAVerifier(rsa)
                : verifying instanceof ECPublicKey curve
                        ? new ECDSAVerifier(curve)
                        : new MACVerifier((SecretKey) verifying);
    }

    JwtParserBuilder jjwtVerifier() {
        JwtParserBuilder parser = Jwts.parser().sig().clear().add(jjwt).and();
        return verifying instanceof PublicKey half ? parser.verifyWith(half) : parser.verifyWith((SecretKey) verifying);
    }

    SecureDigestAlgorithm<Key, ?> jjwt() {
        return jjwt;
    }

    AlgorithmConstraints jose4jConstraints() {
        return new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, name);
    }

    String sign(String header, String payload) {
        return Crafted.signed(Base64Url.encode(Forge.utf8(header)) + '.' + Base64Url.encode(Forge.utf8(payload)), key);
    }

    String signByAnother(byte[] payload, SplittableRandom random) throws Exception {
        return switch (random.nextInt(hasNimbus() ? 3 : 2)) {
            case 0 -> signJose4j(payload);
            case 1 -> signJjwt(payload);
            default -> signNimbus(payload);
        };
    }

    private String signNimbus(byte[] payload) throws Exception {
        JWSObject jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.parse(name)).keyID("key").build(), new Payload(payload));
        jws.sign(nimbusSigner);
        return jws.serialize();
    }

    private String signJose4j(byte[] payload) throws Exception {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(name);
        jws.setHeader("typ", "JWT");
        jws.setPayloadBytes(payload);
        jws.setKey(signing);
        return jws.getCompactSerialization();
    }

    private String signJjwt(byte[] payload) {
        return Jwts.builder()
                .header()
                .type("JWT")
                .and()
                .content(payload)
                .signWith(signing, jjwt)
                .compact();
    }

    /** What each of the others reads, null for a refusal. */
    Map<String, Read> readByOthers(String token) {
        Map<String, Read> read = new LinkedHashMap<>();
        if (hasNimbus()) {
            read.put("Nimbus", readByNimbus(token));
        }
        read.put("jose4j", readByJose4j(token));
        read.put("JJWT", readByJjwt(token));
        read.keySet().removeIf(library -> !readsAsWritten(library, token));
        return read;
    }

    private Read readByNimbus(String token) {
        try {
            JWSObject jws = JWSObject.parse(token);
            return jws.getHeader().getAlgorithm().getName().equals(name) && jws.verify(nimbusVerifier)
                    ? new Read(jws.getPayload().toBytes(), null)
                    : null;
        } catch (Exception e) {
            return null;
        }
    }

    private Read readByJose4j(String token) {
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(jose4jConstraints());
            jws.setCompactSerialization(token);
            jws.setKey(verifying);
            return jws.verifySignature() ? new Read(jws.getPayloadBytes(), null) : null;
        } catch (Exception e) {
            return null;
        }
    }

    private Read readByJjwt(String token) {
        try {
            Jwt<?, ?> jwt = jjwtParser.parse(token);
            return jwt.getHeader().getAlgorithm().equals(name) ? read(jwt.getPayload()) : null;
        } catch (ClaimJwtException e) {
            return new Read(null, e.getClaims());
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static Read read(Object payload) {
        return payload instanceof byte[] bytes ? new Read(bytes, null) : new Read(null, (Map<?, ?>) payload);
    }

    /**
     * JJWT strips space around the names of members, and so finds an {@code alg} where there is none; it refuses a name
     * that is blank. We compare it where it reads what is written, and never grant such a name.
     */
    private static boolean readsAsWritten(String library, String token) {
        if (!library.equals("JJWT") || token.indexOf('.') < 0) {
            return true;
        }
        return Stream.of(token.split("\\.", 3))
                .limit(2)
                .flatMap(part -> DifferentialTest.names(part).stream())
                .allMatch(name -> !name.isEmpty() && name.equals(name.strip()));
    }

    /** What a library made of a token: the payload's bytes, or its JSON where it shows no bytes. */
    static final class Read {
        final byte[] bytes;
        final Map<?, ?> json;

        Read(byte[] bytes, Map<?, ?> json) {
            this.bytes = bytes;
            this.json = json;
        }
    }
}
