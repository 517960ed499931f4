package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From where keys are fetched: from where it was told, over a connection that nobody can change, and nowhere else. */
class KeyAddressTest {

    private final KeyHost host = new KeyHost().publishes(Provider.KEY);
    private final KeyHost other =
            new KeyHost().publishes(JwtKey.generate("EdDSA").withId("others"));

    @AfterEach
    void close() {
        host.close();
        other.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example.com/jwks.json",
                "http://10.0.0.1/jwks.json",
                "http://127.0.0.1.example.com/jwks.json",
                "http://localhost.example.com/jwks.json",
                "http://[::2]/jwks.json",
                "http://0.0.0.0/jwks.json",
                "https://me:secret@id.example.com/jwks.json",
                "http://localhost@id.example.com/jwks.json",
                "https:///jwks.json",
                "https:jwks.json",
                "file:/etc/passwd",
                "file://localhost/etc/passwd",
                "jar:file:/a.jar!/jwks.json",
                "ftp://localhost/jwks.json",
                "data:application/json,%7B%7D",
                "jwks.json",
                "//id.example.com/jwks.json"
            })
    void refusesAnAddressThatOthersCouldAnswerFor(String address) {
        assertThatThrownBy(() -> KeySet.remote(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs https, or http on this machine");
        assertThatThrownBy(() -> KeySet.discovered(address)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://id.example.com/a", "http://127.0.0.1:8080/a", "http://localhost/a", "http://[::1]/a"})
    void takesHttpsAndThisMachine(String address) {
        assertThat(KeySet.remote(URI.create(address)).toString()).isEqualTo("KeySet[keys of " + address + "]");
    }

    private static List<KeyRing.Entry> load(KeySet keys) throws Exception {
        return keys.loader().load(Instant.EPOCH);
    }

    private static void assertFails(KeySet keys, Class<? extends Exception> type, String why) {
        assertThatThrownBy(() -> load(keys)).isInstanceOf(type).hasMessageContaining(why);
    }

    @Test
    void followsNoRedirect() {
        host.redirects(other.jwks());
        assertFails(KeySet.remote(host.jwks()), IOException.class, "status 302");
        assertFails(KeySet.discovered(host.issuer()), IOException.class, "status 302");
        assertThat(other.fetches()).isZero();
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThatThrownBy(() -> KeySet.remote(host.jwks()).withHttpClient(client))
                .hasMessageContaining("follows redirects");
    }

    @Test
    void aClosedPortIsAFailure() {
        URI jwks = host.jwks();
        host.close();
        assertThatThrownBy(() -> load(KeySet.remote(jwks))).isInstanceOf(ConnectException.class);
    }

    @Test
    void findsTheAddressByDiscoveryOnce() throws Exception {
        KeyLoader loader = KeySet.discovered(host.issuer()).loader();
        assertThat(loader.load(Instant.EPOCH)).hasSize(1);
        host.says("{}");
        assertThat(loader.load(Instant.EPOCH)).hasSize(1);
    }

    /** Whoever answers for another name is another: with or without a slash makes two. */
    @ParameterizedTest
    @ValueSource(strings = {"/", "/x", "?", " ", "#"})
    void discoveryOfAnotherNameIsRefused(String more) {
        host.says(KeyHost.metadata(host.issuer() + more, host.jwks()));
        assertFails(KeySet.discovered(host.issuer()), IllegalArgumentException.class, "metadata of another issuer");
        host.says(KeyHost.metadata(host.issuer(), host.jwks()));
        assertFails(
                KeySet.discovered(host.issuer() + "/"), IllegalArgumentException.class, "metadata of another issuer");
        assertThat(host.fetches()).isZero();
    }

    @Test
    void aSlashAtTheEndOfANameStaysInTheNameAlone() throws Exception {
        host.says(KeyHost.metadata(host.issuer() + "/", host.jwks()));
        assertThat(load(KeySet.discovered(host.issuer() + "/"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"issuer\":\"#\"} | without jwks_uri",
                "{\"issuer\":\"#\",\"jwks_uri\":null} | without jwks_uri",
                "{\"issuer\":\"#\",\"jwks_uri\":7} | without jwks_uri",
                "{\"issuer\":\"#\",\"jwks_uri\":[\"#/jwks.json\"]} | without jwks_uri",
                "{\"jwks_uri\":\"#/jwks.json\"} | another issuer",
                "{\"issuer\":[\"#\"],\"jwks_uri\":\"#/jwks.json\"} | another issuer",
                "{\"issuer\":\"#\",\"issuer\":\"#\",\"jwks_uri\":\"#/jwks.json\"} | a member twice",
                "{\"issuer\":\"#\",\"jwks_uri\":\"http://id.example.com/jwks.json\"} | needs https",
                "{\"issuer\":\"#\",\"jwks_uri\":\"file:/etc/passwd\"} | needs https",
                "{\"issuer\":\"#\",\"jwks_uri\":\"/jwks.json\"} | needs https",
                "{\"issuer\":\"#\",\"jwks_uri\":\"https://a:b@id.example.com/\"} | no user name",
                "{\"issuer\":\"#\",\"jwks_uri\":\"\"} | needs https",
                "{\"issuer\":\"#\",\"jwks_uri\":\"https://a b\"} | no address",
                "[] | no object",
                "<html> | no JSON object",
            })
    void discoveryThatLeadsNowhereIsRefused(String metadata, String why) {
        host.says(metadata.replace("#", host.issuer()));
        assertFails(KeySet.discovered(host.issuer()), IllegalArgumentException.class, why);
        assertThat(host.fetches()).isZero();
    }

    @Test
    void whatDiscoveryFindsForgesNoLineOfALog() {
        host.says("{\"issuer\":\"" + host.issuer() + "\",\"jwks_uri\":\"https://a\\nrefused nobody\"}");
        assertThatThrownBy(() -> load(KeySet.discovered(host.issuer())))
                .hasMessageContaining("https://a\\u000arefused\\u0020nobody")
                .message()
                .doesNotContain("\n");
    }

    /** A host over https that is not trusted with that must not have us ask what listens on this machine alone. */
    @Test
    void onlyAnIssuerOnThisMachineMaySendUsThere() {
        URI secure = URI.create("https://id.example.com/");
        assertThatThrownBy(() -> KeyUrl.checkTold(secure, host.jwks().toString()))
                .hasMessageContaining("is not https");
        assertThat(KeyUrl.checkTold(secure, "https://keys.example.com/jwks")).hasHost("keys.example.com");
        assertThat(KeyUrl.checkTold(host.jwks(), "https://keys.example.com/jwks"))
                .hasHost("keys.example.com");
    }

    @Test
    void keysThatMovedAreFoundAgain() throws Exception {
        KeyLoader loader = KeySet.discovered(host.issuer()).loader();
        assertThat(loader.load(Instant.EPOCH)).hasSize(1);
        host.says(KeyHost.metadata(host.issuer(), other.jwks())).answers(200, "<html>we have moved</html>");
        assertThatThrownBy(() -> loader.load(Instant.EPOCH)).hasMessageContaining("no JSON object");
        assertThat(loader.load(Instant.EPOCH))
                .singleElement()
                .satisfies(entry -> assertThat(entry.key().id()).contains("others"));
    }

    /** A slow answer to the first question leaves less for the second. */
    @Test
    @Tag("patience")
    void metadataAndKeysShareFiveSeconds() {
        CountDownLatch gate = new CountDownLatch(1);
        host.hesitates(4_500).holdsBack(gate);
        KeyLoader loader = KeySet.discovered(host.issuer()).loader();
        try {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(9),
                    () -> assertThatThrownBy(() -> loader.load(Instant.EPOCH)).hasMessage("no answer within 5 s"));
        } finally {
            gate.countDown();
        }
    }
}
