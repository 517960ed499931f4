package dev.latchkey.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.benchmarks.Node.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Two copies of the example over one store behave as one. */
@ParameterizedClass
@EnumSource
@Tag("patience")
class TwoNodesTest {

    private static StoreServer server;
    private static Node one;
    private static Node two;

    @Parameter
    StoreServer.Kind kind;

    @BeforeParameterizedClassInvocation
    static void start(StoreServer.Kind kind) {
        Path folder = StoreServer.folder();
        server = kind.start(folder);
        List<Node> nodes =
                Node.two(folder.resolve("home"), server.address(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        one = nodes.get(0);
        two = nodes.get(1);
    }

    /** What could not be stopped here, a hook stops at the end of the process. */
    @AfterParameterizedClassInvocation
    static void stop() {
        List.of(one, two).parallelStream().forEach(Node::close);
        server.close();
    }

    @Test
    void aLoginOnOneOpensTheOther() {
        Answer login = one.login("alice");

        assertOpen(two, login);
        Answer refreshed = two.refresh(login.text("refresh_token"));
        assertThat(refreshed.status()).isEqualTo(200);
        assertOpen(one, refreshed);
        Answer again = one.refresh(refreshed.text("refresh_token"));
        assertOpen(two, again);
        assertThat(two.refresh(login.text("refresh_token")).text("code")).isEqualTo("refresh_token_reused");
        assertOver(one, again);
    }

    @Test
    void tabsThatRefreshAtOnceOnTwoNodesGetOneSuccessor() {
        String token = one.login("alice").text("refresh_token");
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Answer> left = one.posted("auth/refresh", token, null);
            CompletableFuture<Answer> right = two.posted("auth/refresh", token, null);
            assertThat(List.of(left.join().status(), right.join().status())).containsOnly(200);
            String successor = left.join().text("refresh_token");
            assertThat(Node.id(right.join().text("refresh_token")))
                    .isEqualTo(Node.id(successor))
                    .isNotEqualTo(Node.id(token));
            token = successor;
        }
    }

    @Test
    void aLogoutOnOneEndsTheSessionOnTheOther() {
        Answer login = one.login("alice");
        Answer other = two.login("alice");
        assertOpen(two, login);

        assertThat(one.post("auth/logout", login.text("access_token"), null).status())
                .isEqualTo(204);
        assertOver(two, login);
        assertOver(one, login);
        assertOpen(one, other);
    }

    @Test
    void devicesAreListedAndEndedFromEitherNode() {
        Answer first = one.login("alice");
        assertThat(one.post("auth/sessions/end-others", first.text("access_token"), null)
                        .status())
                .isEqualTo(204);
        Answer second = two.login("alice");

        Answer devices = one.get("auth/sessions", second.text("access_token"));
        assertThat(devices.json().path("sessions").findValuesAsText("current"))
                .containsExactlyInAnyOrder("true", "false");
        String id = two.get("auth/sessions", first.text("access_token"))
                .json()
                .path("sessions")
                .valueStream()
                .filter(device -> !device.path("current").asBoolean())
                .findFirst()
                .orElseThrow()
                .path("id")
                .asText();
        assertThat(one.post("auth/sessions/end", first.text("access_token"), Map.of("id", id))
                        .status())
                .isEqualTo(204);
        assertOver(two, second);
        assertOpen(two, first);
    }

    @Test
    void loggingOutEverywhereEndsAllOnBoth() {
        Answer first = one.login("alice");
        Answer second = two.login("alice");

        assertThat(two.post("auth/sessions/end-all", second.text("access_token"), null)
                        .status())
                .isEqualTo(204);
        assertOver(one, first);
        assertOver(one, second);
        assertOver(two, first);
        assertOpen(one, two.login("alice"));
    }

    private static void assertOpen(Node node, Answer tokens) {
        assertThat(node.get("api/me", tokens.text("access_token")).text("name")).isEqualTo("alice");
    }

    private static void assertOver(Node node, Answer tokens) {
        assertThat(node.get("api/me", tokens.text("access_token")).text("code")).isEqualTo("token_revoked");
        assertThat(node.refresh(tokens.text("refresh_token")).text("code")).isEqualTo("token_revoked");
    }
}
