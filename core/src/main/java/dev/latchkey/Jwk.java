package dev.latchkey;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON Web Keys in and out (RFC 7517, RFC 8037): what comes in is checked as any key is, what goes out is public. */
final class Jwk {

    /** Certificates and addresses of other keys are not looked at. */
    private static final Set<String> READ =
            Set.of("kty use key_ops alg kid nbf exp crv x y d n e p q dp dq qi oth k".split(" "));

    private static final Set<String> PRIVATE = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    /** What comes before the 32 bytes of an Ed25519 key (RFC 8410 sections 4 and 7). */
    private static final byte[] SPKI = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private static final byte[] PKCS8 = {
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
    };

    private Jwk() {}

    /** The members of one JSON object; throws {@link IllegalArgumentException} for anything else. */
    static Map<String, @Nullable Object> members(String json) {
        return members(json.getBytes(StandardCharsets.UTF_8));
    }

    @SuppressWarnings("unchecked") // Json makes maps with text keys only
    static Map<String, @Nullable Object> members(byte[] json) {
        try {
            if (Json.read(json) instanceof Map<?, ?> members) {
                return (Map<String, @Nullable Object>) members;
            }
        } catch (Json.MalformedException e) {
            throw new IllegalArgumentException("found no JSON object, or one with a member twice: is the file whole?");
        }
        throw new IllegalArgumentException("found JSON that is no object: a key or key set is one (RFC 7517)");
    }

    /** The entries of a key set (RFC 7517 section 5); empty if this is a single key. */
    static Optional<List<?>> entries(Map<String, @Nullable Object> members) {
        if (!members.containsKey("keys")) {
            return Optional.empty();
        }
        if (members.get("keys") instanceof List<?> list) {
            return Optional.of(list);
        }
        throw new IllegalArgumentException("'keys' of a key set is a list (RFC 7517 section 5.1)");
    }

    /** Why somebody else's key is of no use to us; empty if it may be one. */
    static Optional<String> uselessness(Map<?, ?> members) {
        if (members.keySet().stream().anyMatch(PRIVATE::contains)) {
            return Optional.of("it is private or a secret: nobody may publish such a key");
        }
        return Optional.ofNullable(otherPurpose(members));
    }

    private static @Nullable String otherPurpose(Map<?, ?> members) {
        boolean signs = !members.containsKey("use") || "sig".equals(members.get("use"));
        boolean verifies = !(members.get("key_ops") instanceof List<?> operations)
                || operations.contains("verify")
                || operations.contains("sign");
        return signs && verifies ? null : "it is for another use than signatures";
    }

    /**
     * One key, private or public.
     *
     * @param ofRsa the algorithm of an RSA key that names none; null if it must
     */
    static JwtKey key(Map<?, ?> members, @Nullable Algorithm ofRsa) {
        String purpose = otherPurpose(members);
        if (purpose != null) {
            throw new IllegalArgumentException("the key is no good: " + purpose);
        }
        Map<String, Object> read = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (READ.contains(name) && value != null) {
                read.put((String) name, value);
            }
        });
        Algorithm algorithm = algorithm(read, ofRsa);
        JwtKey key = bound(algorithm, read);
        Object kid = read.get("kid");
        if (kid instanceof String id && id.matches("[!-~]{1,256}")) {
            key = key.withAnyId(id);
        } else if (kid != null) {
            throw new IllegalArgumentException("'kid' has 1 to 256 visible ASCII characters");
        }
        if (read.containsKey("nbf")) {
            key = key.signsFrom(moment(read, "nbf"));
        }
        return read.containsKey("exp") ? key.acceptedUntil(moment(read, "exp")) : key;
    }

    private static Algorithm algorithm(Map<String, Object> members, @Nullable Algorithm ofRsa) {
        if (members.get("alg") instanceof String alg) {
            return Algorithm.of(alg);
        }
        Algorithm found =
                "RSA".equals(members.get("kty")) ? ofRsa : Algorithm.onCurve(String.valueOf(members.get("crv")));
        if (found == null) {
            throw new IllegalArgumentException("found a key of kind " + Log.escape(String.valueOf(members.get("kty")))
                    + " without \"alg\", expected one that names its algorithm, such as \"alg\":\"RS256\"");
        }
        return found;
    }

    private static Instant moment(Map<String, Object> members, String name) {
        if (members.get(name) instanceof Long seconds && ClaimRules.isTime(seconds)) {
            return Instant.ofEpochSecond(seconds);
        }
        throw new IllegalArgumentException("'" + name + "' of a key is whole seconds since 1970");
    }

    /** What a parser says may hold parts of the key. */
    private static JwtKey bound(Algorithm algorithm, Map<String, Object> members) {
        try {
            JWK jwk = JWK.parse(members);
            if (jwk instanceof OctetSequenceKey secret) {
                return JwtKey.of(algorithm.header(), secret.toByteArray());
            }
            KeyPair pair = jwk instanceof OctetKeyPair edwards ? pair(edwards) : ((AsymmetricJWK) jwk).toKeyPair();
            return JwtKey.of(algorithm, KeyPairSigning.of(algorithm, pair.getPrivate(), pair.getPublic(), null));
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalStateException e) {
            throw new IllegalArgumentException("found a key of kind " + Log.escape(String.valueOf(members.get("kty")))
                    + " that cannot be read, or on an unknown curve: " + algorithm.header() + " needs one of kind "
                    + algorithm.key());
        }
    }

    /** Nimbus has Ed25519 by another library only; the JDK has it as well. */
    private static KeyPair pair(OctetKeyPair key) throws GeneralSecurityException, ParseException {
        if (!key.getCurve().equals(Curve.Ed25519)) {
            throw new ParseException("another curve", 0);
        }
        KeyFactory factory = KeyFactory.getInstance("Ed25519");
        PublicKey publicKey = factory.generatePublic(
                new X509EncodedKeySpec(joined(SPKI, key.getX().decode())));
        PrivateKey privateKey = key.getD() == null
                ? null
                : factory.generatePrivate(
                        new PKCS8EncodedKeySpec(joined(PKCS8, key.getD().decode())));
        return new KeyPair(publicKey, privateKey);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** The SHA-256 thumbprint of a public key (RFC 7638), which names it without a register of names. */
    static String thumbprint(PublicKey key, Algorithm algorithm) {
        try {
            return jwk(key, algorithm, null).computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What anybody may know of a key: made of its public half alone, so that nothing else can get in. */
    static Map<String, Object> published(JwtKey key) {
        PublicKey publicKey = Objects.requireNonNull(key.publicKey());
        String kid = key.id().orElseGet(() -> thumbprint(publicKey, key.bound()));
        return jwk(publicKey, key.bound(), kid).toJSONObject();
    }

    private static JWK jwk(PublicKey key, Algorithm algorithm, @Nullable String kid) {
        JWSAlgorithm alg = JWSAlgorithm.parse(algorithm.header());
        if (key instanceof RSAPublicKey rsa) {
            return new RSAKey.Builder(rsa)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(alg)
                    .keyID(kid)
                    .build();
        } else if (key instanceof ECPublicKey curve) {
            return new ECKey.Builder(Curve.forECParameterSpec(curve.getParams()), curve)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(alg)
                    .keyID(kid)
                    .build();
        }
        byte[] spki = key.getEncoded();
        return new OctetKeyPair.Builder(
                        Curve.Ed25519, Base64URL.encode(Arrays.copyOfRange(spki, SPKI.length, spki.length)))
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(alg)
                .keyID(kid)
                .build();
    }
}
