package dev.latchkey;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import io.jsonwebtoken.ClaimJwtException;
import io.jsonwebtoken.Jwt;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.MacAlgorithm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;

/** One of HS256, HS384 and HS512 in all four libraries, bound to it alone. */
final class JoseLibraries {
    final String name;
    final JwtKey key;
    final KeySet keys;
    private final SecretKey secret;
    private final MacAlgorithm jjwt;
    private final JwtParser jjwtParser;

    JoseLibraries(String name) {
        this.name = name;
        this.key = JwtKey.of(name, DifferentialTest.SECRET).withId("key");
        this.keys = KeySet.of(key);
        this.secret = new SecretKeySpec(DifferentialTest.SECRET, "HmacSHA" + name.substring(2));
        this.jjwt = (MacAlgorithm) Jwts.SIG.get().forKey(name);
        this.jjwtParser =
                Jwts.parser().sig().clear().add(jjwt).and().verifyWith(secret).build();
    }

    String sign(String header, String payload) {
        return Crafted.token(header, payload, name, DifferentialTest.SECRET);
    }

    String signNimbus(byte[] payload) throws Exception {
        JWSObject jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.parse(name)).keyID("key").build(), new Payload(payload));
        jws.sign(new MACSigner(DifferentialTest.SECRET));
        return jws.serialize();
    }

    String signJose4j(byte[] payload) throws Exception {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(name);
        jws.setHeader("typ", "JWT");
        jws.setPayloadBytes(payload);
        jws.setKey(new HmacKey(DifferentialTest.SECRET));
        return jws.getCompactSerialization();
    }

    String signJjwt(byte[] payload) {
        return Jwts.builder()
                .header()
                .type("JWT")
                .and()
                .content(payload)
                .signWith(secret, jjwt)
                .compact();
    }

    /** What each of the others reads, null for a refusal. */
    Map<String, Read> readByOthers(String token) {
        Map<String, Read> read = new LinkedHashMap<>();
        read.put("Nimbus", readByNimbus(token));
        read.put("jose4j", readByJose4j(token));
        read.put("JJWT", readByJjwt(token));
        read.keySet().removeIf(library -> !readsAsWritten(library, token));
        return read;
    }

    private Read readByNimbus(String token) {
        try {
            JWSObject jws = JWSObject.parse(token);
            return jws.getHeader().getAlgorithm().getName().equals(name)
                            && jws.verify(new MACVerifier(DifferentialTest.SECRET))
                    ? new Read(jws.getPayload().toBytes(), null)
                    : null;
        } catch (Exception e) {
            return null;
        }
    }

    private Read readByJose4j(String token) {
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, name));
            jws.setCompactSerialization(token);
            jws.setKey(new HmacKey(DifferentialTest.SECRET));
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
