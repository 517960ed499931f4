package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Session;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How sessions are opened, listed and ended. */
abstract class StoreSessionClauses extends StoreBase {

    @Test
    void generationIsZeroAtFirst() {
        assertThat(one.generation(alice)).isZero();
        opened(alice);
        assertThat(two.generation(alice)).isZero();
    }

    /** Tokens are dated by the second: a generation below it would let in those of the very second of the call. */
    @Test
    void generationRisesWithEveryEndAllAndNeverLiesBelowTheSecond() {
        long last = 0;
        for (int i = 1; i <= 5; i++) {
            long before = Instant.now().getEpochSecond();
            int unused = one.endAll(alice, null, inAnHour());
            assertThat(two.generation(alice))
                    .isGreaterThan(last)
                    .isBetween(before, Instant.now().getEpochSecond() + i);
            last = two.generation(alice);
        }
        assertThat(one.generation(bob)).isZero();
        assertThat(one.generation(new Subject(issuer + "-other", "alice"))).isZero();
    }

    @Test
    void opensASessionThatEveryNodeSees() {
        Opened session = opened(alice);

        assertOpen(session);
        assertThat(two.sessions(alice)).containsExactly(session.session());
        assertThat(two.sessions(bob)).isEmpty();
    }

    @Test
    void opensNothingOnceTheGenerationMoved() {
        long read = one.generation(alice);
        int none = two.endAll(alice, null, inAnHour());
        long now = two.generation(alice);
        Opened late = new Opened(alice, session(), token());

        assertThat(none).isZero();
        assertThat(open(one, late, read, MANY)).isEmpty();
        assertThat(open(one, late, now - 1, MANY)).isEmpty();
        assertThat(open(one, late, now + 1, MANY)).isEmpty();
        assertOver(late);
        assertThat(open(one, late, now, MANY)).contains(List.of());
        assertOpen(late);
    }

    @Test
    void opensNothingForAGenerationThatNeverWas() {
        Opened session = new Opened(alice, session(), token());

        assertThat(open(one, session, Instant.now().getEpochSecond(), MANY)).isEmpty();
        assertOver(session);
    }

    @Test
    void refusedLoginEndsNoSession() {
        int none = one.endAll(alice, null, inAnHour());
        Opened first = opened(alice);

        assertThat(none).isZero();
        assertThat(open(two, new Opened(alice, session(), token()), 0, 1)).isEmpty();
        assertOpen(first);
    }

    @Test
    void boundEndsTheSessionsUnusedForLongestAndNamesThem() {
        List<Opened> sessions = new ArrayList<>();
        for (int age : new int[] {40, 50, 20, 30}) {
            sessions.add(opened(alice, session(now().minusSeconds(age)), token()));
        }
        sessions.set(1, rotated(sessions.get(1)));
        Opened another = opened(bob);
        Opened next = new Opened(alice, session(), token());

        assertThat(open(two, next, 0, 3).orElseThrow())
                .containsExactlyInAnyOrder(sessions.get(0).id(), sessions.get(3).id());
        assertOver(sessions.get(0));
        assertOver(sessions.get(3));
        assertOpen(sessions.get(1));
        assertOpen(sessions.get(2));
        assertOpen(next);
        assertOpen(another);
    }

    /** The clock of the node that opens it may be behind. */
    @Test
    void boundNeverEndsTheSessionThatIsOpened() {
        Opened old = opened(alice);
        Opened next = new Opened(alice, session(now().minusSeconds(60)), token());

        assertThat(open(two, next, 0, 1)).contains(List.of(old.id()));
        assertOpen(next);
        assertOver(old);
    }

    @Test
    void boundIsReachedByOpenSessionsOnly() {
        Opened ended = opened(alice);
        Opened first = opened(alice);
        assertThat(one.end(alice, ended.id())).isTrue();
        Opened next = new Opened(alice, session(), token());

        assertThat(open(two, next, 0, 2)).contains(List.of());
        assertOpen(first);
        assertOpen(next);
    }

    @Test
    void listsTheLatestUsedFirst() {
        Instant now = now();
        Opened oldest = opened(alice, session(now.minusSeconds(30)), token());
        Opened latest = opened(alice, session(now.minusMillis(10_000)), token());
        Opened middle = opened(alice, session(now.minusMillis(10_001)), token());

        assertThat(ids(two.sessions(alice))).containsExactly(latest.id(), middle.id(), oldest.id());
        Opened unused = rotated(oldest);
        assertThat(ids(two.sessions(alice))).containsExactly(unused.id(), latest.id(), middle.id());
    }

    @Test
    void keepsAllThatASessionSaysToTheMillisecond() {
        Instant now = now();
        Session said = new Session(
                newId(),
                "Firefox on Ångström's \"phone\" \uD83D\uDCF1",
                now.minusSeconds(7).plusMillis(1),
                now.minusSeconds(5).plusMillis(999),
                now.plusSeconds(100_000).plusMillis(123));
        Opened unlabelled = opened(
                bob,
                new Session(newId(), "", Instant.EPOCH, Instant.EPOCH, Instant.parse("9999-12-31T23:59:59Z")),
                token());

        assertThat(two.sessions(opened(alice, said, token()).subject())).containsExactly(said);
        assertThat(two.sessions(bob)).containsExactly(unlabelled.session());
    }

    /** The clock of the node, by which tokens are dated, may be off; that of the store is one for all. */
    @Test
    void rotationIsAUseByTheStoresClock() {
        Opened session = opened(alice, session(now().minusSeconds(1000)), token());
        RefreshToken early = new RefreshToken(newId(), now().minusSeconds(500), inAnHour());
        Instant before = Instant.now();
        assertThat(one.rotate(alice, session.id(), session.token().id(), early, GRACE)
                        .current())
                .isEqualTo(early);
        Instant after = Instant.now();

        Session used = two.sessions(alice).get(0);
        assertThat(used.usedAt()).isBetween(before.minusMillis(500), after.plusMillis(500));
        assertThat(used)
                .isEqualTo(new Session(
                        session.id(),
                        session.session().label(),
                        session.session().startedAt(),
                        used.usedAt(),
                        session.session().endsAt()));
    }

    @Test
    void endsOneSessionOnce() {
        Opened kept = opened(alice);
        Opened session = opened(alice);

        assertThat(two.end(alice, session.id())).isTrue();
        assertThat(one.end(alice, session.id())).isFalse();
        assertOver(session);
        assertOpen(kept);
        assertThat(two.generation(alice)).isZero();
    }

    @Test
    void endsNoSessionOfAnother() {
        Opened session = opened(alice);

        assertThat(two.end(bob, session.id())).isFalse();
        assertThat(two.end(new Subject(issuer + "-other", "alice"), session.id()))
                .isFalse();
        assertThat(two.end(alice, newId())).isFalse();
        assertOpen(session);
    }

    @Test
    void endAllEndsEverySessionOfTheSubject() {
        List<Opened> sessions = List.of(opened(alice), rotated(opened(alice)), opened(alice));
        Opened another = opened(bob);
        Opened elsewhere = opened(new Subject(issuer + "-other", "alice"));

        assertThat(two.endAll(alice, null, inAnHour())).isEqualTo(3);
        sessions.forEach(this::assertOver);
        assertOpen(another);
        assertOpen(elsewhere);
        assertThat(two.endAll(alice, null, inAnHour())).isZero();
    }

    @Test
    void endAllKeepsTheOneToKeep() {
        Opened kept = opened(alice);
        List<Opened> others = List.of(opened(alice), opened(alice));

        assertThat(two.endAll(alice, kept.id(), inAnHour())).isEqualTo(2);
        others.forEach(this::assertOver);
        assertOpen(kept);
        assertOpen(rotated(kept));
        assertThat(one.generation(alice)).isPositive();
    }

    @Test
    void endAllKeepsNoOtherForAnUnknownOne() {
        Opened session = opened(alice);
        Opened another = opened(bob);

        assertThat(two.endAll(alice, another.id(), inAnHour())).isEqualTo(1);
        assertOver(session);
        assertOpen(another);
    }

    /** The generation is for tokens without a session: a session says itself whether it is open. */
    @Test
    void generationEndsNoSessionThatIsOpen() {
        Opened kept = opened(alice);
        int none = one.endAll(alice, kept.id(), inAnHour());
        int again = one.endAll(alice, kept.id(), inAnHour());
        Opened later = opened(alice);

        assertThat(none + again).isZero();
        for (Opened session : List.of(kept, later)) {
            assertThat(two.isLive(alice, newId(), session.id(), now().minus(Duration.ofHours(1))))
                    .isTrue();
            assertOpen(session);
        }
    }

    @Test
    void generationIsRememberedForTheLongestTimeAsked() {
        int none = one.endAll(alice, null, inAnHour());
        none += two.endAll(alice, null, now().minus(OVER));
        long generation = one.generation(alice);

        assertThat(none).isZero();
        assertThat(generation).isPositive();
        assertThat(open(one, new Opened(alice, session(), token()), 0, MANY)).isEmpty();
        assertThat(two.generation(alice)).isEqualTo(generation);
    }

    /** The clock of the node that set the time may be behind. */
    @Test
    void generationIsRememberedForTheSlack() {
        int none = one.endAll(alice, null, now().minusSeconds(60));

        assertThat(none).isZero();
        assertThat(two.generation(alice)).isPositive();
        assertThat(open(one, new Opened(alice, session(), token()), 0, MANY)).isEmpty();
    }
}
