package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.Presented;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How long entries are kept: a session as long as its current refresh token, a revocation and a generation as long as was
 * asked, and all of them for {@link TokenStore#SLACK} more. A session that is over admits nothing from then on, whether or
 * not anybody swept it; of the others it is not said how much longer they last.
 */
abstract class StoreExpiryClauses extends StoreRevocationClauses {

    private static Session ending(Instant end) {
        Instant start = end.minus(Duration.ofHours(1));
        return new Session(newId(), "", start, start, end);
    }

    /** The clock of the node that dated the token may be behind. */
    @Test
    void sessionIsKeptForTheSlackAfterItsToken() {
        Instant expired = now().minusSeconds(60);
        Opened idle = opened(alice, session(), token(expired));
        Opened ended = opened(alice, ending(expired), token(expired));

        assertOpen(idle);
        assertOpen(ended);
        assertOpen(rotated(idle));
        assertThat(two.end(alice, ended.id())).isTrue();
    }

    @Test
    void sessionIsOverOnceItsTokenAndTheSlackAre() {
        Instant over = now().minus(OVER);
        assertOver(opened(alice, session(), token(over)));
        assertOver(opened(alice, ending(over), token(over)));
        Opened last = opened(alice, session(), token(over));

        assertThat(one.rotate(alice, last.id(), newId(), token(), GRACE).presented())
                .isEqualTo(Presented.ENDED);
        assertThat(two.endAll(alice, null, inAnHour())).isZero();
    }

    @Test
    void sessionThatIsOverTakesNoRoom() {
        Opened first = opened(alice);
        Opened over = opened(alice, session(), token(now().minus(OVER)));
        Opened next = new Opened(alice, session(), token());

        assertThat(open(one, next, 0, 2)).contains(List.of());
        assertOpen(first);
        assertOpen(next);
        assertOver(over);
    }

    @Test
    void rotationToATokenThatIsOverEndsTheSession() {
        Opened session = opened(alice);
        assertThat(one.rotate(alice, session.id(), session.token().id(), token(now().minus(OVER)), GRACE)
                        .presented())
                .isEqualTo(Presented.ROTATED);

        assertOver(session);
    }

    /** What is kept of a subject ends each at its own time, and not with what was stored first or last. */
    @Test
    void entriesEndByThemselvesAndTakeNothingAlong() {
        Instant soon = Instant.now().plus(aWhile());
        Instant until = soon.minus(TokenStore.SLACK);
        Opened brief = opened(alice, session(), token(until));
        Opened longer = opened(alice);
        Opened last = opened(alice, session(), token(until));
        Opened prolonged = rotated(opened(alice, session(), token(until)));
        Opened shortened = opened(alice);
        assertThat(one.rotate(alice, shortened.id(), shortened.token().id(), token(until), GRACE)
                        .presented())
                .isEqualTo(Presented.ROTATED);
        String revoked = newId();
        one.revoke(bob, revoked, inAnHour());
        one.revoke(bob, newId(), until);
        opened(bob, session(), token(until));
        Opened kept = opened(subject("kept"));
        assertThat(one.endAll(kept.subject(), kept.id(), until)).isZero();
        one.revoke(kept.subject(), newId(), until);
        assertThat(one.endAll(subject("ended"), null, inAnHour())).isZero();
        opened(subject("ended"), session(), token(until));

        for (Opened over : List.of(brief, last, shortened)) {
            await("session ends", aWhile().multipliedBy(4), () -> !two.isLive(alice, newId(), over.id(), now()));
            assertThat(Instant.now()).as("end of a session").isAfterOrEqualTo(soon);
        }
        await(
                "session is not listed",
                Duration.ofSeconds(5),
                () -> two.sessions(alice).size() == 2);
        assertOver(brief);
        assertOver(last);
        assertOver(shortened);
        assertOpen(longer);
        assertOpen(prolonged);
        assertThat(isLive(bob, revoked, now())).isFalse();
        assertOpen(kept);
        assertThat(two.generation(subject("ended"))).isPositive();
    }
}
