package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes over one folder of keys, the second of which sees each change a minute late: three rotations. */
@Tag("patience")
class TwoNodesRotationTest {

    private static final int STEP = 10;
    private static final int TOKENS = 6;

    private static final class Node implements AutoCloseable {
        private final Process process;
        private final PrintStream in;
        private final BufferedReader out;

        Node(Path folder, int late, long now) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            RotationNode.class.getName(),
                            folder.toString(),
                            Integer.toString(late),
                            Long.toString(now))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            in = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        }

        synchronized String ask(String question) {
            in.println(question);
            try {
                String answer = out.readLine();
                if (answer == null) {
                    throw new AssertionError("the node has ended: " + process.exitValue());
                }
                return answer;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** Live tokens of both nodes, each until its own end. */
    private record Issued(String token, long until) {}

    @TempDir
    private Path folder;

    private final Deque<Issued> live = new ArrayDeque<>();
    private long now = Forge.NOW;
    private int verified;

    private void rotate(String name) throws IOException {
        Path draft = folder.resolve(name + ".tmp");
        String base64 = Base64.getMimeEncoder()
                .encodeToString(
                        PublicKeys.generate(Algorithm.EDDSA).getPrivate().getEncoded());
        Files.writeString(draft, "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
        Files.setLastModifiedTime(draft, FileTime.from(Instant.ofEpochSecond(now)));
        Files.move(draft, folder.resolve(name + ".pem"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Both nodes issue and verify at once: all that either issued and that is not over. */
    private void run(Duration time, Node... nodes) {
        for (long end = now + time.toSeconds(); now < end; now += STEP) {
            List<String> issued = Arrays.stream(nodes)
                    .map(node -> CompletableFuture.supplyAsync(() -> {
                        String ok = node.ask("at " + now);
                        assertThat(ok).isEqualTo("ok");
                        return node.ask("issue " + TOKENS);
                    }))
                    .toList()
                    .stream()
                    .flatMap(tokens -> Arrays.stream(tokens.join().split(" ")))
                    .toList();
            for (int i = 0; i < issued.size(); i++) {
                Duration life = i % 2 == 0 ? RotationNode.ACCESS : RotationNode.REFRESH;
                live.add(new Issued(issued.get(i), now + life.toSeconds()));
            }
            live.removeIf(token -> token.until() <= now);
            List<String> asked = sample(issued);
            String question = "verify " + String.join(" ", asked);
            for (CompletableFuture<String> answer : Arrays.stream(nodes)
                    .map(node -> CompletableFuture.supplyAsync(() -> node.ask(question)))
                    .toList()) {
                assertThat(answer.join())
                        .as("at " + (now - Forge.NOW) + " s")
                        .isEqualTo(Integer.toString(asked.size()));
                verified += asked.size();
            }
        }
    }

    /** What was issued just now, and some of all that is still live, the oldest first. */
    private List<String> sample(List<String> issued) {
        List<String> sample = new ArrayList<>(issued);
        List<Issued> all = List.copyOf(live);
        for (int i = 0; i < all.size(); i += Math.max(1, all.size() / 24)) {
            sample.add(all.get(i).token());
        }
        return sample;
    }

    @Test
    void threeRotationsRefuseNobodyAndOldKeysRetire() throws IOException {
        rotate("1");
        now += 600;
        try (Node prompt = new Node(folder, STEP, now);
                Node late = new Node(folder, 60, now)) {
            run(Duration.ofSeconds(70), prompt, late); // so that the late one has just looked
            List<String> ofTheFirstKey =
                    new ArrayList<>(live.stream().map(Issued::token).toList());
            List<Long> rotations = new ArrayList<>();
            for (String name : List.of("2", "3", "4")) {
                rotations.add(now);
                rotate(name);
                run(Duration.ofMinutes(5), prompt, late);
            }
            run(Duration.ofMinutes(11), prompt, late);

            List<Long> lateness = new ArrayList<>();
            String[] seen = late.ask("seen").split(" ");
            for (int i = 0; i < rotations.size(); i++) {
                lateness.add(Long.parseLong(seen[i + 1].split("=")[0]) - rotations.get(i));
            }
            assertThat(lateness).allMatch(seconds -> seconds >= 50 && seconds <= 60);
            assertThat(verified).isGreaterThan(8_000);
            for (Node node : List.of(prompt, late)) {
                // At a time when they had not expired, but their key has retired: the clock of a node goes back.
                String refused = node.ask("verify " + String.join(" ", ofTheFirstKey));
                assertThat(refused).startsWith("0").contains("key_unknown").doesNotContain("signature");
            }
        }
    }
}
