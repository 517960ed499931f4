package dev.latchkey;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * One process of two over a folder of keys. It does what its standard input says, a line at a time, and answers each:
 * {@code at SECONDS} sets its clock, {@code issue N} makes tokens of every kind, {@code verify TOKEN …} counts refusals,
 * {@code seen} tells when it last saw other keys.
 */
final class RotationNode {

    static final Duration ACCESS = Duration.ofMinutes(5);
    static final Duration REFRESH = Duration.ofMinutes(10);

    private static final class Told extends Clock {
        private volatile Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private RotationNode() {}

    /** The folder, how many seconds late it may see a change, and the first moment. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        Told clock = new Told();
        clock.now = Instant.ofEpochSecond(Long.parseLong(arguments[2]));
        List<String> seen = new ArrayList<>();
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .clock(clock)
                .stateless()
                .accessLifetime(ACCESS)
                .refreshLifetime(REFRESH)
                .keys(KeySet.file(Path.of(arguments[0]))
                        .cachedFor(Duration.ofSeconds(2 * Long.parseLong(arguments[1]))))
                .listener(new AuthListener() {
                    @Override
                    public void keysChanged(String keys, List<String> ids) {
                        synchronized (seen) {
                            seen.add(clock.instant().getEpochSecond() + "=" + ids.size());
                        }
                    }
                })
                .build();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "at" -> {
                    clock.now = Instant.ofEpochSecond(Long.parseLong(words[1]));
                    out.println("ok");
                }
                case "issue" -> out.println(issue(auth, Integer.parseInt(words[1])));
                case "verify" -> out.println(verify(auth, words));
                case "seen" -> {
                    synchronized (seen) {
                        out.println(String.join(" ", seen));
                    }
                }
                default -> out.println("unknown");
            }
        }
    }

    private static String issue(Latchkey auth, int count) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(i % 2 == 0 ? auth.accessToken("alice") : auth.refreshToken("alice"));
        }
        return String.join(" ", tokens);
    }

    /** The number of tokens admitted, and the code of each refusal. */
    private static String verify(Latchkey auth, String[] words) {
        int admitted = 0;
        StringBuilder refusals = new StringBuilder();
        for (int i = 1; i < words.length; i++) {
            try {
                VerifiedToken unused = auth.verify(words[i], Access.anyType());
                admitted++;
            } catch (AuthException e) {
                refusals.append(' ').append(e.error().code());
            }
        }
        return admitted + refusals.toString();
    }
}
