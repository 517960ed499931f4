package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who signs and who is accepted at which moment. */
class KeyRingTest {

    private static final Instant START = StandingClock.START;
    private static final Duration RETIRE = Duration.ofDays(30);

    private final JwtKey may = JwtKey.generate().withId("may");
    private final JwtKey november = JwtKey.generate().withId("november");
    private final JwtKey publicOnly =
            JwtKey.verifying("EdDSA", PublicKeys.generate(Algorithm.EDDSA).getPublic());

    private static KeyRing ring(KeyRing.Entry... entries) {
        return new KeyRing(List.of(entries), RETIRE);
    }

    private static KeyRing.Entry from(Instant moment, JwtKey key) {
        return new KeyRing.Entry(key, moment);
    }

    @Test
    void theFirstSignsWhereNothingIsSaidOfTime() {
        KeyRing.View view =
                ring(from(Instant.EPOCH, november), from(Instant.EPOCH, may)).at(START);
        assertThat(view.signing()).isSameAs(november);
        assertThat(view.accepted()).containsExactly(november, may);
    }

    @Test
    void aKeyIsAcceptedBeforeItSigns() {
        KeyRing ring = ring(from(START, november), from(Instant.EPOCH, may));
        assertThat(ring.at(START.minusNanos(1)).signing()).isSameAs(may);
        assertThat(ring.at(START.minusNanos(1)).candidates("november")).containsExactly(november);
        assertThat(ring.at(START).signing()).isSameAs(november);
    }

    @Test
    void theOneBeforeRetiresWhenItsLastTokenIsOver() {
        KeyRing ring = ring(from(START, november), from(Instant.EPOCH, may));
        assertThat(ring.at(START.plus(RETIRE).minusNanos(1)).candidates("may")).containsExactly(may);
        assertThat(ring.at(START.plus(RETIRE)).candidates("may")).isEmpty();
        assertThat(ring.at(START.plus(RETIRE)).signing()).isSameAs(november);
    }

    @Test
    void aClockThatGoesBackFindsWhatHeldThen() {
        KeyRing ring = ring(from(START, november), from(Instant.EPOCH, may));
        assertThat(ring.at(START.plus(RETIRE)).accepted()).containsExactly(november);
        assertThat(ring.at(START.minusSeconds(1)).signing()).isSameAs(may);
    }

    @Test
    void theEarliestSignsWhereTheTimeOfNoneHasCome() {
        KeyRing ring = ring(from(START.plusSeconds(60), november), from(START.plusSeconds(30), may));
        assertThat(ring.at(START).signing()).isSameAs(may);
        assertThat(ring.at(START.plusSeconds(60)).signing()).isSameAs(november);
    }

    @Test
    void ofTwoThatAreEquallyNewTheLastListedWaitsLess() {
        KeyRing ring = ring(from(START, november), from(START, may));
        assertThat(ring.at(START.minusSeconds(1)).signing()).isSameAs(may);
        assertThat(ring.at(START).signing()).isSameAs(november);
        assertThat(ring.at(START.plus(RETIRE)).accepted()).containsExactly(november, may);
    }

    @Test
    void aKeyEndsWhenItSaysSo() {
        KeyRing ring = ring(from(Instant.EPOCH, november), from(Instant.EPOCH, may.acceptedUntil(START)));
        assertThat(ring.at(START.minusNanos(1)).candidates("may")).hasSize(1);
        assertThat(ring.at(START).candidates("may")).isEmpty();
        assertThat(ring(from(Instant.EPOCH, may.acceptedUntil(START))).at(START).signing())
                .isNull();
    }

    @Test
    void aPublicKeyNeitherSignsNorRetires() {
        KeyRing ring = ring(from(START, november), from(Instant.EPOCH, publicOnly));
        assertThat(ring.at(START.minusSeconds(1)).signing()).isSameAs(november);
        assertThat(ring.at(START.plus(RETIRE).plus(RETIRE)).accepted()).contains(publicOnly);
    }

    @Test
    void aPublicKeyWithoutIdAnswersToAnyThatNobodyElseBears() {
        KeyRing.View view = ring(from(START, november), from(START, publicOnly)).at(START);
        assertThat(view.candidates("somebody's")).containsExactly(publicOnly);
        assertThat(view.candidates("november")).containsExactly(november);
        assertThat(view.candidates(null)).containsExactly(november, publicOnly);
    }

    @Test
    void ofThreeEachRetiresAfterTheNext() {
        JwtKey next = JwtKey.generate().withId("next");
        KeyRing ring = ring(from(START.plus(RETIRE), next), from(START, november), from(Instant.EPOCH, may));
        assertThat(ring.at(START.plus(RETIRE)).accepted()).containsExactly(next, november);
        assertThat(ring.at(START.plus(RETIRE).plus(RETIRE)).accepted()).containsExactly(next);
    }
}
