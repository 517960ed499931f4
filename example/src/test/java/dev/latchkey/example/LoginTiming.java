package dev.latchkey.example;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures whether the time of a failed login tells who has an account: unknown users and wrong passwords in turn, over
 * HTTP, against the running application with its real hash.
 *
 * <pre>
 * ./mvnw -ntp -q -pl example -am test-compile exec:exec -Dexec.classpathScope=test \
 *     -Dexample.main=dev.latchkey.example.LoginTiming
 * </pre>
 */
public final class LoginTiming {

    private static final int WARM_UP = 40;
    private static final int TRIES = 200;

    private LoginTiming() {}

    /** Prints both medians and their ratio. */
    public static void main(String[] args) throws IOException {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "connection"); // as the build sets it for tests
        Path home = Files.createTempDirectory("login-timing");
        try (App app = App.start(Visitor.settings(home.resolve("data")))) {
            Visitor visitor = new Visitor(app);
            long[] unknown = new long[TRIES / 2];
            long[] wrong = new long[TRIES / 2];
            for (int i = -WARM_UP / 2; i < TRIES / 2; i++) {
                long unknownNanos = time(visitor, "nobody");
                long wrongNanos = time(visitor, "alice");
                if (i >= 0) {
                    unknown[i] = unknownNanos;
                    wrong[i] = wrongNanos;
                }
            }
            double unknownMillis = medianMillis(unknown);
            double wrongMillis = medianMillis(wrong);
            System.out.printf(
                    Locale.ROOT,
                    "unknown user %.2f ms, wrong password %.2f ms, ratio %.3f (medians of %d tries each)%n",
                    unknownMillis,
                    wrongMillis,
                    unknownMillis / wrongMillis,
                    TRIES / 2);
        }
        try (Stream<Path> files = Files.walk(home)) {
            files.map(Path::toFile).forEach(File::deleteOnExit);
        }
    }

    private static long time(Visitor visitor, String name) {
        long start = System.nanoTime();
        int status = visitor.login(name, "not the password").status();
        long nanos = System.nanoTime() - start;
        if (status != 401) {
            throw new IllegalStateException("a failed login was answered with " + status);
        }
        return nanos;
    }

    private static double medianMillis(long[] nanos) {
        Arrays.sort(nanos);
        return (nanos[nanos.length / 2] + nanos[(nanos.length - 1) / 2]) / 2e6;
    }
}
