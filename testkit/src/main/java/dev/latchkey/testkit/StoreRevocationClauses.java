package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.TokenStore.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which tokens are live, and how they are revoked. */
abstract class StoreRevocationClauses extends StoreRotationClauses {

    @Test
    void revokesOneTokenAndNoOther() {
        String token = newId();
        one.revoke(alice, token, inAnHour());

        assertThat(isLive(alice, token, now())).isFalse();
        assertThat(isLive(alice, newId(), now())).isTrue();
    }

    @Test
    void revokesATokenOfASessionThatLivesOn() {
        Opened session = opened(alice);
        String token = newId();
        two.revoke(alice, token, inAnHour());

        assertThat(one.isLive(alice, token, session.id(), now())).isFalse();
        assertThat(two.isLive(alice, token, session.id(), now())).isFalse();
        assertOpen(session);
        assertOpen(rotated(session));
        assertThat(two.isLive(alice, token, session.id(), now())).isFalse();
    }

    /** Nobody revokes the token of another by its id. */
    @Test
    void revokesNoTokenOfAnother() {
        String token = newId();
        Opened session = opened(bob);
        one.revoke(alice, token, inAnHour());

        assertThat(isLive(bob, token, now())).isTrue();
        assertThat(two.isLive(bob, token, session.id(), now())).isTrue();
        assertThat(isLive(new Subject(issuer + "-other", "alice"), token, now()))
                .isTrue();
    }

    @Test
    void keepsTheLongerOfTwoRevocations() {
        Instant over = now().minus(OVER);
        String shorter = newId();
        one.revoke(alice, shorter, inAnHour());
        two.revoke(alice, shorter, over);
        String longer = newId();
        one.revoke(alice, longer, over);
        two.revoke(alice, longer, inAnHour());

        assertThat(isLive(alice, shorter, now())).isFalse();
        assertThat(isLive(alice, longer, now())).isFalse();
    }

    /** The clock of the node that dated the token may be behind. */
    @Test
    void revocationIsRememberedForTheSlack() {
        String token = newId();
        one.revoke(alice, token, now().minusSeconds(60));

        assertThat(isLive(alice, token, now())).isFalse();
    }

    @Test
    void revocationOutlivesSessionsAndGenerations() {
        Opened session = opened(alice);
        String token = newId();
        one.revoke(alice, token, inAnHour());
        assertThat(rotate(one, session.with(token()))).isNotNull();
        assertOver(session);
        assertThat(two.endAll(alice, null, inAnHour())).isZero();
        Opened later = opened(alice);
        long next = one.generation(alice) + 1;

        assertThat(isLive(alice, newId(), Instant.ofEpochSecond(next))).isTrue();
        assertThat(isLive(alice, token, Instant.ofEpochSecond(next))).isFalse();
        assertThat(two.isLive(alice, token, later.id(), Instant.ofEpochSecond(next)))
                .isFalse();
    }

    /** Tokens that never expire are revoked until then. */
    @Test
    void revocationLastsToTheEndOfTheYear9999() {
        Instant latest = Instant.parse("9999-12-31T23:59:59Z");
        String token = newId();
        one.revoke(alice, token, latest);
        int none = one.endAll(bob, null, latest);

        assertThat(none).isZero();
        assertThat(isLive(alice, token, now())).isFalse();
        assertThat(two.generation(bob)).isPositive();
    }

    @Test
    void tokenWithoutASessionIsLiveUntilSomethingEndsIt() {
        assertThat(isLive(alice, newId(), now())).isTrue();
        opened(alice);
        assertThat(isLive(alice, newId(), now())).isTrue();
    }

    @Test
    void endAllEndsTokensUpToItsSecondAndNoneAfter() {
        int none = one.endAll(alice, null, inAnHour());
        long generation = two.generation(alice);

        assertThat(none).isZero();
        assertThat(isLive(alice, newId(), Instant.ofEpochSecond(generation - 1)))
                .isFalse();
        assertThat(isLive(alice, newId(), Instant.ofEpochSecond(generation))).isFalse();
        assertThat(isLive(alice, newId(), Instant.ofEpochSecond(generation + 1)))
                .isTrue();
        assertThat(isLive(bob, newId(), Instant.ofEpochSecond(generation))).isTrue();
        assertThat(isLive(new Subject(issuer + "-other", "alice"), newId(), Instant.ofEpochSecond(generation)))
                .isTrue();
    }

    /** However often: each generation reaches at least as far as the one before. */
    @Test
    void endAllOfTheSameSecondEndsItsTokensToo() {
        for (int i = 0; i < 3; i++) {
            Instant issuedAt = now();
            int none = one.endAll(alice, newId(), inAnHour());
            assertThat(none).isZero();
            assertThat(isLive(alice, newId(), issuedAt)).isFalse();
        }
    }

    @Test
    void tokenOfASessionIsLiveInAnOpenSessionOfItsSubjectOnly() {
        Opened session = opened(alice);
        Opened ended = opened(alice);
        assertThat(one.end(alice, ended.id())).isTrue();
        String token = newId();

        assertThat(two.isLive(alice, token, session.id(), now())).isTrue();
        assertThat(two.isLive(alice, token, ended.id(), now())).isFalse();
        assertThat(two.isLive(alice, token, newId(), now())).isFalse();
        assertThat(two.isLive(bob, token, session.id(), now())).isFalse();
        assertThat(two.isLive(new Subject(issuer + "-other", "alice"), token, session.id(), now()))
                .isFalse();
    }

    /** Before any session, revocation or generation of the subject. */
    @Test
    void tokenOfAnUnknownSubjectsSessionIsNotLive() {
        assertThat(two.isLive(subject("nobody"), newId(), newId(), now())).isFalse();
        assertThat(two.live(Map.of(newId(), subject("nobody")))).isEmpty();
        assertThat(two.sessions(subject("nobody"))).isEmpty();
        assertThat(two.endAll(subject("nobody"), null, inAnHour())).isZero();
    }

    @Test
    void batchTellsTheOpenSessions() {
        Opened first = opened(alice);
        Opened second = rotated(opened(alice));
        Opened ended = opened(alice);
        Opened other = opened(bob);
        assertThat(one.end(alice, ended.id())).isTrue();
        String token = newId();
        one.revoke(alice, token, inAnHour());

        assertThat(two.live(Map.of())).isEmpty();
        assertThat(two.live(Map.of(
                        first.id(),
                        alice,
                        second.id(),
                        alice,
                        ended.id(),
                        alice,
                        other.id(),
                        bob,
                        newId(),
                        alice,
                        token,
                        alice)))
                .isEqualTo(Set.of(first.id(), second.id(), other.id()));
        assertThat(two.live(Map.of(
                        first.id(), bob, other.id(), alice, second.id(), new Subject(issuer + "-other", "alice"))))
                .isEmpty();
    }

    @Test
    void batchHoldsThousandsOfSessionsOfManySubjects() {
        Map<String, Subject> batch = new HashMap<>();
        Set<String> open = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            Opened session = opened(subject("user-" + i % 700));
            batch.put(session.id(), session.subject());
            if (i % 20 == 0) {
                assertThat(one.end(session.subject(), session.id())).isTrue();
            } else {
                open.add(session.id());
            }
            batch.put(newId(), session.subject());
            batch.put(newId(), subject("stranger-" + i));
        }
        long start = System.nanoTime();
        assertThat(two.live(batch)).isEqualTo(open);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
}
