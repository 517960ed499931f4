package dev.latchkey.docs;

import com.sun.net.httpserver.HttpServer;
import dev.latchkey.testkit.TestClock;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An identity provider on this machine: discovery, keys and tokens shaped as it is told. Texts are JSON with {@code '}
 * for quotes, and {@code ISSUER}, {@code NOW} and {@code SOON} for what they say.
 */
final class IdentityProvider implements AutoCloseable {

    private static final KeyPair PAIR = pair();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final TestClock clock;
    private final HttpServer server;
    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final String issuer;
    private volatile boolean gone;

    /**
     * A provider that publishes these keys.
     *
     * @param path what follows the address in the name of the issuer
     * @param jwks where its keys are
     */
    IdentityProvider(TestClock clock, String path, String jwks, String... keys) {
        this(clock, "", path, jwks, List.of(keys));
    }

    /** A provider that is known by an address where nobody answers. */
    static IdentityProvider behind(String address, TestClock clock, String jwks, String... keys) {
        return new IdentityProvider(clock, address, "", jwks, List.of(keys));
    }

    private IdentityProvider(TestClock clock, String address, String path, String jwks, List<String> keys) {
        this.clock = clock;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        String at =
                address.isEmpty() ? "http://127.0.0.1:" + server.getAddress().getPort() : address;
        issuer = at + path;
        pages.put(
                path.replaceFirst("/$", "") + "/.well-known/openid-configuration",
                json("{'issuer':'ISSUER','jwks_uri':'" + at + jwks + "'}"));
        pages.put(jwks, "{\"keys\":[" + String.join(",", keys) + "]}");
        server.createContext("/", exchange -> {
            String page = pages.get(exchange.getRequestURI().getPath());
            byte[] body = String.valueOf(page).getBytes(StandardCharsets.UTF_8);
            try (OutputStream out = exchange.getResponseBody()) {
                exchange.sendResponseHeaders(gone ? 503 : page == null ? 404 : 200, body.length);
                out.write(body);
            }
        });
        server.start();
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The public half of what signs its tokens, with these members besides the key itself. */
    static String key(String... members) {
        RSAPublicKey key = (RSAPublicKey) PAIR.getPublic();
        return ("{'kty':'RSA','n':'" + number(key.getModulus()) + "','e':'" + number(key.getPublicExponent()) + "',"
                        + String.join("", members) + "}")
                .replace('\'', '"');
    }

    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return BASE64URL.encodeToString(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    /** Its name, as {@code iss} says it. */
    String issuer() {
        return issuer;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    /** From now on it answers nobody as it should. */
    void fails() {
        gone = true;
    }

    String token(String header, String claims) {
        String signed = base64Url(json(header)) + "." + base64Url(json(claims));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(PAIR.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String json(String text) {
        long now = clock.instant().getEpochSecond();
        return text.replace('\'', '"')
                .replace("ISSUER", issuer)
                .replace("NOW", Long.toString(now))
                .replace("SOON", Long.toString(now + 300));
    }

    private static String base64Url(String text) {
        return BASE64URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
