package dev.latchkey;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The public keys of another issuer, fetched over HTTP: little, soon, from where it was told, or not at all. */
final class KeyUrl implements KeyLoader {

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LARGEST = 256 * 1024;
    private static final int MOST_KEYS = 100;
    private static final String DISCOVERY = "/.well-known/openid-configuration";

    private final @Nullable String issuer;
    private final HttpClient client;
    private final Algorithm ofRsa;
    private @Nullable URI jwks;
    private byte @Nullable [] read;
    private List<KeyRing.Entry> entries = List.of();

    private KeyUrl(@Nullable String issuer, @Nullable URI jwks, HttpClient client, Algorithm ofRsa) {
        this.issuer = issuer;
        this.jwks = jwks;
        this.client = client;
        this.ofRsa = ofRsa;
    }

    static KeyUrl of(URI jwks, HttpClient client, Algorithm ofRsa) {
        return new KeyUrl(null, jwks, client, ofRsa);
    }

    static KeyUrl discovered(String issuer, HttpClient client, Algorithm ofRsa) {
        return new KeyUrl(issuer, null, client, ofRsa);
    }

    /** Whoever is on the way could otherwise put in keys of their own. */
    static URI check(URI address) {
        String host = Objects.requireNonNullElse(address.getHost(), "");
        boolean loopback = host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}") || host.equals("[::1]");
        if (host.isEmpty()
                || address.getUserInfo() != null
                || !("https".equals(address.getScheme()) || (loopback && "http".equals(address.getScheme())))) {
            throw new IllegalArgumentException("the address of keys is " + Log.escape(address.toString())
                    + ", needs https, or http on this machine, and no user name");
        }
        return address;
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public List<KeyRing.Entry> load(Instant now) throws IOException, InterruptedException {
        try {
            CompletableFuture<?> over =
                    new CompletableFuture<>().completeOnTimeout("", TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            byte[] body = fetch(jwks == null ? discover(over) : jwks, over);
            if (!Arrays.equals(body, read)) {
                entries = keys(body).stream()
                        .map(key -> new KeyRing.Entry(key, Instant.EPOCH))
                        .toList();
                read = body;
            }
            return entries;
        } catch (IOException | IllegalArgumentException e) {
            jwks = issuer == null ? jwks : null; // it may have moved
            throw e;
        }
    }

    /** OpenID Connect Discovery 1.0 section 4.3: whoever speaks for the issuer says its name, to the letter. */
    private URI discover(CompletableFuture<?> over) throws IOException, InterruptedException {
        String name = Objects.requireNonNull(issuer);
        URI address = URI.create(name.replaceFirst("/$", "") + DISCOVERY);
        Map<String, @Nullable Object> metadata = Jwk.members(fetch(address, over));
        if (!name.equals(metadata.get("issuer"))) {
            throw new IllegalArgumentException("found metadata of another issuer, expected \"issuer\":\""
                    + Log.escape(name) + "\" to the letter, with or without a slash at the end");
        }
        if (!(metadata.get("jwks_uri") instanceof String uri)) {
            throw new IllegalArgumentException("found metadata without jwks_uri");
        }
        jwks = checkTold(address, uri);
        return jwks;
    }

    /** An issuer elsewhere must not have us ask what listens on this machine alone. */
    static URI checkTold(URI by, String uri) {
        URI told;
        try {
            told = check(new URI(uri));
        } catch (URISyntaxException e) { // whose message repeats the address as it is, line breaks and all
            throw new IllegalArgumentException("found a jwks_uri that is no address: " + Log.escape(uri));
        }
        if ("https".equals(by.getScheme()) && !"https".equals(told.getScheme())) {
            throw new IllegalArgumentException("found a jwks_uri that is not https, as the issuer is");
        }
        return told;
    }

    private List<JwtKey> keys(byte[] body) {
        List<?> found = Jwk.entries(Jwk.members(body))
                .orElseThrow(() -> new IllegalArgumentException("found no 'keys': that is no key set (RFC 7517)"));
        List<JwtKey> keys = new ArrayList<>();
        for (Object entry : found.subList(0, Math.min(found.size(), MOST_KEYS))) {
            String useless = use(entry, keys);
            if (useless != null) {
                leftOut("a key", useless);
            }
        }
        if (found.size() > MOST_KEYS) {
            leftOut(
                    (found.size() - MOST_KEYS) + " keys",
                    "it has " + found.size() + ", at most " + MOST_KEYS + " count");
        }
        return List.copyOf(keys);
    }

    private void leftOut(String what, String why) {
        Log.warn(what + " left out of a set" + (issuer == null ? "" : " of " + issuer) + ": " + why);
    }

    /** Takes a key, or says why not: one that we do not know must not spoil the others. */
    private @Nullable String use(Object entry, List<JwtKey> keys) {
        if (!(entry instanceof Map<?, ?> members)) {
            return "it is no JSON object";
        }
        try {
            Optional<String> useless = Jwk.uselessness(members);
            if (useless.isPresent()) {
                return useless.get();
            }
            JwtKey key = Jwk.key(members, ofRsa);
            if (keys.stream().noneMatch(known -> known.sameAs(key) && known.id().equals(key.id()))) {
                keys.add(key);
            }
            return null;
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage()).replaceAll("[^ -~]", "?");
        }
    }

    /** The body of a 200, in full and in time: metadata and keys share it. */
    private byte[] fetch(URI address, CompletableFuture<?> over) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, response -> new LimitedBody(response.statusCode() == 200 ? LARGEST : 0));
        try {
            Object first = CompletableFuture.anyOf(exchange, over).get();
            if (!(first instanceof HttpResponse<?>)) {
                throw new IOException("no answer within " + TIMEOUT.toSeconds() + " s");
            }
            HttpResponse<byte[]> response = exchange.get();
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            return response.body();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            exchange.cancel(true);
        }
    }
}
