package dev.latchkey.testkit;

import static dev.latchkey.TokenStore.Presented.ENDED;
import static dev.latchkey.TokenStore.Presented.REPEATED;
import static dev.latchkey.TokenStore.Presented.REUSED;
import static dev.latchkey.TokenStore.Presented.ROTATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.Presented;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Rotation;
import dev.latchkey.TokenStore.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a refresh token that is presented. */
abstract class StoreRotationClauses extends StoreSessionClauses {

    private static final Rotation THEFT = new Rotation(REUSED, null);
    private static final Rotation NOTHING = new Rotation(ENDED, null);

    private static Rotation present(TokenStore node, Opened session, Duration grace) {
        return node.rotate(session.subject(), session.id(), session.token().id(), token(), grace);
    }

    @Test
    void currentTokenIsRotatedAgainAndAgain() {
        Opened session = opened(alice);
        for (int i = 0; i < 5; i++) {
            RefreshToken next = token();
            TokenStore node = i % 2 == 0 ? one : two;
            assertThat(node.rotate(alice, session.id(), session.token().id(), next, GRACE))
                    .isEqualTo(new Rotation(ROTATED, next));
            session = session.with(next);
            assertOpen(session);
        }
    }

    /** As a second tab does, or a client that lost the answer. */
    @Test
    void tokenBeforeGetsTheSameSuccessorWithinTheGrace() {
        Opened before = opened(alice);
        RefreshToken successor = new RefreshToken(
                newId(), now().minusSeconds(1), now().plusSeconds(1000).plusMillis(1));
        assertThat(one.rotate(alice, before.id(), before.token().id(), successor, GRACE))
                .isEqualTo(new Rotation(ROTATED, successor));
        for (TokenStore node : List.of(one, two, two, one)) {
            assertThat(rotate(node, before)).isEqualTo(new Rotation(REPEATED, successor));
        }
        assertOpen(before);
        assertThat(rotate(two, before.with(successor)).presented()).isEqualTo(ROTATED);
    }

    @Test
    void proposalOfARepetitionIsNobodysToken() {
        Opened before = opened(alice);
        Opened unused = rotated(before);
        RefreshToken proposed = token();
        assertThat(two.rotate(alice, before.id(), before.token().id(), proposed, GRACE)
                        .presented())
                .isEqualTo(REPEATED);

        assertThat(unused.token()).isNotEqualTo(proposed);
        assertThat(rotate(one, before.with(proposed))).isEqualTo(THEFT);
        assertOver(before);
    }

    @Test
    void tokenBeforeIsReusedOnceItsSuccessorWasPresented() {
        Opened before = opened(alice);
        Opened now = rotated(rotated(before));

        assertThat(rotate(two, before)).isEqualTo(THEFT);
        assertOver(before);
        assertOver(now);
    }

    @Test
    void repetitionSucceedsForTheTokenBeforeLast() {
        Opened first = opened(alice);
        Opened second = rotated(first);
        Opened third = rotated(second);

        assertThat(rotate(two, second)).isEqualTo(new Rotation(REPEATED, third.token()));
        assertThat(rotate(one, first)).isEqualTo(THEFT);
        assertOver(third);
    }

    @Test
    void reuseEndsThatSessionOnly() {
        Opened other = opened(alice);
        Opened stolen = opened(alice);
        Opened unused = rotated(rotated(stolen));

        assertThat(rotate(one, stolen)).isEqualTo(THEFT);
        assertOver(unused);
        assertOpen(other);
        assertOpen(rotated(other));
        assertThat(two.generation(alice)).isZero();
    }

    @Test
    void unknownTokenIsReused() {
        Opened fresh = opened(alice);
        Opened used = rotated(opened(alice));

        assertThat(rotate(one, fresh.with(token()))).isEqualTo(THEFT);
        assertThat(rotate(two, used.with(token()))).isEqualTo(THEFT);
        assertOver(fresh);
        assertOver(used);
    }

    @Test
    void tokenOfAnotherSessionIsReused() {
        Opened session = opened(alice);
        Opened other = opened(alice);

        assertThat(rotate(two, session.with(other.token()))).isEqualTo(THEFT);
        assertOver(session);
        assertOpen(rotated(other));
    }

    /** Without a grace; the store's clock may stand still between two calls, but not for long. */
    private Rotation presentOnceMore(Opened before) {
        Instant deadline = Instant.now().plusSeconds(5);
        Rotation answer;
        do {
            answer = present(two, before, Duration.ZERO);
        } while (answer.presented() == REPEATED && Instant.now().isBefore(deadline));
        return answer;
    }

    @Test
    void withoutAGraceTheTokenBeforeIsReused() {
        Opened before = opened(alice);
        Opened now = rotated(before);
        assertThat(presentOnceMore(before)).isEqualTo(THEFT);
        assertOver(now);
    }

    @Test
    void replayNeverExtendsTheGrace() {
        Duration grace = aWhile().dividedBy(2);
        Opened before = opened(alice);
        Instant start = Instant.now();
        RefreshToken successor = token();
        assertThat(one.rotate(alice, before.id(), before.token().id(), successor, grace)
                        .presented())
                .isEqualTo(ROTATED);
        Instant rotated = Instant.now();
        while (true) {
            Instant sent = Instant.now();
            Rotation answer = present(two, before, grace);
            if (answer.presented() != REPEATED) {
                assertThat(answer).isEqualTo(THEFT);
                assertThat(Instant.now()).as("end of the grace").isAfterOrEqualTo(start.plus(grace));
                break;
            }
            assertThat(answer.current()).isEqualTo(successor);
            assertThat(sent)
                    .as("last repetition, rotated at %s with a grace of %s", rotated, grace)
                    .isBefore(rotated.plus(grace).plusMillis(300));
        }
        assertOver(before);
    }

    /** The clock of the node, by which tokens are dated, may be off. */
    @Test
    void graceGoesByTheStoresClock() {
        for (int seconds : new int[] {-3600, 3600}) {
            Opened before = opened(alice);
            RefreshToken successor = new RefreshToken(newId(), now().plusSeconds(seconds), inAnHour());
            assertThat(one.rotate(alice, before.id(), before.token().id(), successor, GRACE)
                            .presented())
                    .isEqualTo(ROTATED);
            assertThat(rotate(two, before)).isEqualTo(new Rotation(REPEATED, successor));
            assertThat(presentOnceMore(before)).isEqualTo(THEFT);
        }
    }

    @Test
    void tokenOfAnUnknownSessionEndsNothing() {
        Opened session = opened(alice);
        Opened unknown = new Opened(alice, session(), token());

        assertThat(rotate(one, unknown)).isEqualTo(NOTHING);
        assertOver(unknown);
        assertOpen(session);
    }

    @Test
    void tokensOfAnEndedSessionAreOver() {
        Opened before = opened(alice);
        Opened now = rotated(before);
        assertThat(one.end(alice, now.id())).isTrue();

        assertOver(before);
        assertOver(now);
    }

    @Test
    void tokenOfAnothersSessionIsOverAndTheirsLivesOn() {
        Opened session = opened(alice);
        Subject elsewhere = new Subject(issuer + "-other", "alice");

        assertThat(rotate(two, new Opened(bob, session.session(), session.token())))
                .isEqualTo(NOTHING);
        assertThat(rotate(two, new Opened(elsewhere, session.session(), session.token())))
                .isEqualTo(NOTHING);
        assertThat(rotate(two, new Opened(bob, session.session(), token()))).isEqualTo(NOTHING);
        assertOpen(session);
        assertOpen(rotated(session));
        assertThat(one.sessions(bob)).isEmpty();
    }

    @Test
    void expiryIsCutAtTheEndOfTheSession() {
        Opened before = opened(alice);
        Instant end = before.session().endsAt();
        RefreshToken proposed = token(end.plusSeconds(1));
        RefreshToken cut = new RefreshToken(proposed.id(), proposed.issuedAt(), end);

        assertThat(one.rotate(alice, before.id(), before.token().id(), proposed, GRACE))
                .isEqualTo(new Rotation(ROTATED, cut));
        assertThat(rotate(two, before)).isEqualTo(new Rotation(REPEATED, cut));
        assertThat(two.sessions(alice).get(0).endsAt()).isEqualTo(end);
    }

    @Test
    void expiryBeforeTheEndOfTheSessionStands() {
        Opened session = opened(alice);
        RefreshToken proposed = token(session.session().endsAt().minusMillis(1));

        assertThat(one.rotate(alice, session.id(), session.token().id(), proposed, GRACE))
                .isEqualTo(new Rotation(ROTATED, proposed));
    }

    /** What a rotation answers is what the client gets: there is no token where the session is over. */
    @Test
    void answersATokenOnlyWhereTheSessionIsOpen() {
        Opened session = opened(alice);
        Rotation rotated = rotate(one, session);

        assertThat(rotated.current()).isNotNull();
        assertThat(rotate(two, session).current()).isEqualTo(rotated.current());
        for (Presented presented : List.of(REUSED, ENDED)) {
            assertThat(rotate(two, session.with(token()))).isEqualTo(new Rotation(presented, null));
        }
    }

    /** For those who take refresh tokens without exchanging them: asking has no consequence. */
    @Test
    void tokenIsCurrentUntilTheOneAfterItsSuccessor() {
        Opened first = opened(alice);
        Opened unknown = first.with(token());
        assertThat(isCurrent(first)).isTrue();
        Opened second = rotated(first);
        RefreshToken discarded = token();
        assertThat(two.rotate(alice, first.id(), first.token().id(), discarded, GRACE)
                        .presented())
                .isEqualTo(REPEATED);
        assertThat(isCurrent(first)).isTrue();
        assertThat(isCurrent(second)).isTrue();
        Opened third = rotated(second);

        assertThat(isCurrent(first)).isFalse();
        assertThat(isCurrent(second)).isTrue();
        assertThat(isCurrent(third)).isTrue();
        assertThat(isCurrent(unknown)).isFalse();
        assertThat(isCurrent(first.with(discarded))).isFalse();
        assertOpen(rotated(third));
    }

    @Test
    void tokenIsCurrentInAnOpenSessionOfItsSubjectOnly() {
        Opened session = opened(alice);
        Opened other = opened(alice);
        Opened ended = opened(alice);
        assertThat(two.end(alice, ended.id())).isTrue();

        assertThat(isCurrent(session)).isTrue();
        assertThat(isCurrent(ended)).isFalse();
        assertThat(isCurrent(session.with(other.token()))).isFalse();
        assertThat(isCurrent(new Opened(alice, session(), session.token()))).isFalse();
        assertThat(isCurrent(new Opened(bob, session.session(), session.token())))
                .isFalse();
        Subject elsewhere = new Subject(issuer + "-other", "alice");
        assertThat(isCurrent(new Opened(elsewhere, session.session(), session.token())))
                .isFalse();
        assertOpen(session);
        assertOpen(other);
    }
}
