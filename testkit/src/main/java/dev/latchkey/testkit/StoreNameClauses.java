package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Session;
import dev.latchkey.TokenStore.Presented;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Rotation;
import dev.latchkey.TokenStore.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names, ids and labels are any text that has a UTF-8, and a subject may have very many sessions. */
abstract class StoreNameClauses extends StoreExpiryClauses {

    private static final int TEN_KILOBYTES = 10_000;

    /** What means something to a server, or looks like another name to one that compares loosely. */
    private static final List<String> ODD = List.of(
            "*",
            "?",
            "a*",
            "[a-z]",
            "[^a]",
            "\\*",
            "{a}",
            "{}",
            "}{",
            "{a}b",
            "{",
            "}",
            "a:b",
            "::",
            ":",
            "|",
            "/",
            ",",
            ";",
            ".",
            "#",
            "-",
            "\n",
            "a|b",
            "a/b",
            "a,b",
            "'",
            "''",
            "';--",
            "\"",
            "\\",
            "\\'",
            "%",
            "_",
            "$1",
            "?1",
            ":a",
            "$$",
            "a;b",
            "(a)",
            "null",
            "NULL",
            "0",
            "-1",
            "g",
            "gen",
            "generation",
            "s",
            "current",
            "previous",
            "used_at",
            "true",
            "a b",
            " a",
            "a ",
            "\t",
            "a\nb",
            "a\r\nb",
            "\u0000",
            "a\u0000b",
            "a",
            "A",
            "\u00E5",
            "A\u030A",
            "\u00C5",
            "\u212B",
            "\u00DF",
            "ss",
            "I",
            "\u0131",
            "\uD83D\uDCF1",
            "\uD83D\uDC69\u200D\uD83D\uDCBB",
            "\u202Ea",
            "\uFEFFa",
            "\uFFFD",
            "\u05D0",
            "\u65E5\u672C");

    /** Text that nothing compresses. */
    private static String text(int length, long seed) {
        return new Random(seed)
                .ints(length, 0x21, 0x7F)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    @Test
    void oddSubjectsAreKeptApart() {
        assertKeptApart(ODD.stream().map(this::subject).toList());
    }

    @Test
    void oddIssuersAreKeptApart() {
        assertKeptApart(
                ODD.stream().map(odd -> new Subject(issuer + odd, "alice")).toList());
    }

    /** Joined with a separator, two pairs would be one. */
    @Test
    void issuerAndSubjectNeverRunTogether() {
        List<Subject> pairs = new ArrayList<>();
        pairs.add(new Subject(issuer + "a", "b"));
        pairs.add(new Subject(issuer, "ab"));
        for (String odd : ODD) {
            pairs.add(new Subject(issuer + "a" + odd + "b", "c"));
            pairs.add(new Subject(issuer + "a", "b" + odd + "c"));
        }
        assertKeptApart(pairs);
    }

    @Test
    void namesOfTenKilobytesAreKeptApart() {
        String name = text(TEN_KILOBYTES, 1);
        assertKeptApart(List.of(
                subject(name + "a"),
                subject(name + "b"),
                subject("a" + name),
                subject("\uD83D\uDCF1".repeat(TEN_KILOBYTES / 4)),
                new Subject(issuer + name + "a", "alice"),
                new Subject(issuer + name + "b", "alice"),
                new Subject(issuer + name + "a", name)));
    }

    /** Whatever is done for one of them is done for that one alone. */
    private void assertKeptApart(List<Subject> subjects) {
        List<Opened> sessions = subjects.stream().map(this::opened).toList();
        String token = newId();
        for (Opened session : sessions) {
            Subject subject = session.subject();
            assertThat(two.sessions(subject)).as(subject.name()).containsExactly(session.session());
            assertThat(two.generation(subject)).as(subject.name()).isZero();
            assertThat(isLive(subject, token, now())).as(subject.name()).isTrue();
            one.revoke(subject, token, inAnHour());
            assertThat(isLive(subject, token, now())).as(subject.name()).isFalse();
            Opened last = rotated(session);
            assertThat(one.endAll(subject, null, inAnHour())).as(subject.name()).isEqualTo(1);
            assertOver(last);
            assertThat(two.generation(subject)).as(subject.name()).isPositive();
        }
    }

    @Test
    void oddIdsAreKeptApart() {
        List<Opened> sessions = new ArrayList<>();
        List<String> names = new ArrayList<>(ODD);
        names.add(text(1000, 2) + "a");
        names.add(text(1000, 2) + "b");
        for (String odd : names) {
            Session session = new Session(odd, "", now(), now(), tomorrow());
            sessions.add(opened(alice, session, new RefreshToken(odd, now(), inAnHour())));
        }
        assertThat(ids(two.sessions(alice))).containsExactlyInAnyOrderElementsOf(names);
        for (Opened session : sessions) {
            String odd = session.id();
            one.revoke(alice, odd, inAnHour());
            assertThat(two.isLive(alice, newId(), odd, now())).as(odd).isTrue();
            assertThat(two.isLive(alice, odd, odd, now())).as(odd).isFalse();
            RefreshToken next = new RefreshToken(odd + "'", now(), inAnHour());
            assertThat(one.rotate(alice, odd, odd, next, GRACE)).isEqualTo(new Rotation(Presented.ROTATED, next));
            assertThat(two.rotate(alice, odd, odd, token(), GRACE)).isEqualTo(new Rotation(Presented.REPEATED, next));
            assertThat(one.end(alice, odd)).as(odd).isTrue();
            assertOver(session.with(next));
        }
    }

    @Test
    void idsOfTokensAreNoIdsOfSessions() {
        Opened session = opened(alice);
        Opened ended = opened(alice);
        one.revoke(alice, session.id(), inAnHour());
        assertThat(one.end(alice, ended.id())).isTrue();
        one.revoke(alice, "generation", inAnHour());

        assertOpen(session);
        assertThat(isLive(alice, ended.id(), now())).isTrue();
        assertThat(isLive(alice, session.token().id(), now())).isTrue();
        assertOver(new Opened(alice, session(), token()));
        assertThat(two.generation(alice)).isZero();
    }

    @Test
    void labelsAreAnyText() {
        for (String label : ODD) {
            Session session = new Session(newId(), label, now(), now(), tomorrow());
            opened(alice, session, token());
            assertThat(two.sessions(alice)).as(label).contains(session);
        }
        Session wordy = new Session(newId(), text(TEN_KILOBYTES, 3), now(), now(), tomorrow());
        opened(alice, wordy, token());
        assertThat(two.sessions(alice)).contains(wordy);
    }

    /** How many sessions a subject may well have. */
    int veryMany() {
        return 10_000;
    }

    /** One call each, and none takes long. */
    @Test
    @Tag("patience")
    void tenThousandSessionsOfOneSubjectAreAtHand() {
        int many = veryMany();
        Instant oldest = now().minusSeconds(1000);
        Opened first = new Opened(alice, session(oldest), token());
        assertThat(open(one, first, 0, many)).isPresent();
        IntStream.range(1, many)
                .parallel()
                .forEach(i -> assertThat(open(i % 2 == 0 ? one : two, new Opened(alice, session(), token()), 0, many))
                        .contains(List.of()));

        Opened last = new Opened(alice, session(), token());
        assertThat(soon(() -> open(two, last, 0, many))).contains(List.of(first.id()));
        List<String> ids = ids(soon(() -> two.sessions(alice)));
        assertThat(ids).hasSize(many).contains(last.id()).doesNotContain(first.id());
        assertThat(soon(() -> two.live(ids.stream().collect(Collectors.toMap(id -> id, id -> alice)))))
                .hasSize(many);
        assertThat(soon(() -> one.isLive(alice, newId(), last.id(), now()))).isTrue();
        assertThat(soon(() -> rotate(one, last)).presented()).isEqualTo(Presented.ROTATED);
        assertThat(soon(() -> one.end(alice, ids.get(many - 1)))).isTrue();
        assertThat(soon(() -> one.endAll(alice, last.id(), inAnHour()))).isEqualTo(many - 2);
        assertThat(ids(two.sessions(alice))).containsExactly(last.id());
    }

    private static <T> T soon(Callable<T> call) {
        long start = System.nanoTime();
        try {
            T answer = call.call();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            return answer;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
