package dev.latchkey.testkit;

import static dev.latchkey.TokenStore.Presented.REUSED;
import static dev.latchkey.TokenStore.Presented.ROTATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Rotation;
import dev.latchkey.TokenStore.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What else nodes do at once: logins, ends, revocations and checks. */
abstract class StoreRaceClauses extends StoreRefreshRaceClauses {

    /** With the old password: it was right when it was checked, and everything was ended since. */
    @Test
    void endAllBeatsALoginInFlight() {
        race(
                "end of all against login",
                (race, user) -> {
                    Opened old = opened(user);
                    Opened session = new Opened(user, session(), token());
                    long generation = one.generation(user);
                    List<Object> answers = race.together(
                            () -> two.endAll(user, null, inAnHour()), () -> open(one, session, generation, MANY));
                    boolean opened = answers.get(1).equals(Optional.of(List.of()));
                    assertThat(opened || answers.get(1).equals(Optional.empty()))
                            .isTrue();
                    assertThat(answers.get(0)).as("ended").isEqualTo(opened ? 2 : 1);
                    assertOver(old);
                    assertOver(session);
                    return opened ? "opened and ended" : "refused";
                },
                "opened and ended",
                "refused");
    }

    @Test
    void noTokenIsLiveOnceItsEndReturned() {
        race("check against revocation", (race, user) -> noneAfter(race, user, Ending.REVOCATION), "live first");
        race("check against logout", (race, user) -> noneAfter(race, user, Ending.LOGOUT), "live first");
        race("check against end of all", (race, user) -> noneAfter(race, user, Ending.ALL), "live first");
    }

    private enum Ending {
        REVOCATION,
        LOGOUT,
        ALL
    }

    private String noneAfter(Race race, Subject user, Ending ending) {
        Opened session = opened(user);
        String token = newId();
        AtomicBoolean ended = new AtomicBoolean();
        Callable<Boolean> end = () -> {
            try {
                switch (ending) {
                    case REVOCATION -> two.revoke(user, token, inAnHour());
                    case LOGOUT -> assertThat(two.end(user, session.id())).isTrue();
                    case ALL -> assertThat(two.endAll(user, null, inAnHour())).isEqualTo(1);
                }
            } finally {
                ended.set(true);
            }
            return true;
        };
        List<Boolean> wasLive = race.together(
                () -> wasLive(one, session, token, ended), () -> wasLive(two, session, token, ended), end);
        return wasLive.get(0) || wasLive.get(1) ? "live first" : "never live";
    }

    /** Checks until it ended; whether it was live at first. */
    private static boolean wasLive(TokenStore node, Opened session, String token, AtomicBoolean ended) {
        boolean first = node.isLive(session.subject(), token, session.id(), now());
        AtomicBoolean last = new AtomicBoolean(first);
        Race.spin(() -> {
            boolean over = ended.get();
            boolean live = node.isLive(session.subject(), token, session.id(), now());
            assertThat(live && (over || !last.get())).as("live after its end").isFalse();
            last.set(live);
            return over;
        });
        return first;
    }

    @Test
    void loginsAtTheBoundNeverExceedIt() {
        race("logins at the bound", (race, user) -> {
            Opened first = opened(user, session(now().minusSeconds(20)), token());
            Opened second = opened(user, session(now().minusSeconds(10)), token());
            Opened left = new Opened(user, session(), token());
            Opened right = new Opened(user, session(), token());
            List<Optional<List<String>>> ended =
                    race.together(() -> open(one, left, 0, 2), () -> open(two, right, 0, 2));
            List<String> all = new ArrayList<>();
            ended.forEach(ids -> all.addAll(ids.orElseThrow()));
            assertThat(all).containsExactlyInAnyOrder(first.id(), second.id());
            assertThat(ids(one.sessions(user))).containsExactlyInAnyOrder(left.id(), right.id());
            assertOver(first);
            assertOver(second);
            return ended.get(0).orElseThrow().contains(first.id()) ? "left first" : "right first";
        });
    }

    @Test
    void sessionEndedByManyIsEndedOnce() {
        race("logouts of one session", (race, user) -> {
            Opened session = opened(user);
            List<Integer> ended = race.together(
                    () -> one.end(user, session.id()) ? 1 : 0,
                    () -> two.end(user, session.id()) ? 1 : 0,
                    () -> one.endAll(user, null, inAnHour()),
                    () -> two.endAll(user, null, inAnHour()));
            assertThat(ended).containsOnly(0, 1).containsOnlyOnce(1);
            assertOver(session);
            return "by " + (ended.indexOf(1) < 2 ? "logout" : "end of all");
        });
    }

    @Test
    void generationRisesWithEachOfManyAtOnce() {
        race("ends of all", (race, user) -> {
            long before = Instant.now().getEpochSecond();
            Callable<Integer> left = () -> one.endAll(user, null, inAnHour());
            Callable<Integer> right = () -> two.endAll(user, null, inAnHour());
            assertThat(race.together(left, right, left, right)).containsOnly(0);
            assertThat(one.generation(user)).isGreaterThanOrEqualTo(before + 3);
            return "risen";
        });
    }

    @Test
    void longerOfTwoRevocationsAtOnceStands() {
        race("revocations of one token", (race, user) -> {
            String token = newId();
            List<Callable<Boolean>> revocations = new ArrayList<>();
            for (Instant until : List.of(inAnHour(), now().minus(OVER), inAnHour(), now().minus(OVER))) {
                TokenStore node = node(revocations.size() / 2);
                revocations.add(() -> {
                    node.revoke(user, token, until);
                    return true;
                });
            }
            Collections.rotate(revocations, 1);
            assertThat(race.together(revocations)).containsOnly(true);
            assertThat(isLive(user, token, now())).isFalse();
            return "revoked";
        });
    }

    /** What is kept of a subject is not written as a whole by any of them. */
    @Test
    void stepsOfOneSubjectDisturbNoOther() {
        race("steps of one subject", (race, user) -> {
            Opened first = opened(user);
            Opened second = opened(user);
            Opened ended = opened(user);
            Opened third = new Opened(user, session(), token());
            RefreshToken next = token();
            String revoked = newId();
            Callable<Object> revoke = () -> {
                two.revoke(user, revoked, inAnHour());
                return true;
            };
            List<Object> answers = race.together(
                    () -> one.rotate(user, first.id(), first.token().id(), next, GRACE),
                    () -> two.rotate(user, second.id(), token().id(), token(), GRACE),
                    () -> one.end(user, ended.id()),
                    () -> open(two, third, 0, MANY),
                    revoke);
            assertThat(answers)
                    .containsExactly(
                            new Rotation(ROTATED, next),
                            new Rotation(REUSED, null),
                            true,
                            Optional.of(List.of()),
                            true);
            assertOpen(rotated(first.with(next)));
            assertOver(second);
            assertOver(ended);
            assertOpen(rotated(third));
            assertThat(isLive(user, revoked, now())).isFalse();
            return "all done";
        });
    }

    /** With the last of its entries a store may forget a subject, but not the one that is just coming. */
    @Test
    void endOfTheLastSessionSparesALoginInFlight() {
        race("end of the last session against login", (race, user) -> {
            Opened last = opened(user);
            Opened next = new Opened(user, session(), token());
            List<Object> answers = race.together(
                    () -> one.end(user, last.id()), () -> open(two, next, 0, 1), () -> two.sessions(user));
            assertThat(answers.get(1)).isIn(Optional.of(List.of()), Optional.of(List.of(last.id())));
            assertThat(answers.get(0)).isEqualTo(answers.get(1).equals(Optional.of(List.of())));
            assertOver(last);
            assertOpen(rotated(next));
            return "ended by the " + (answers.get(0).equals(true) ? "logout" : "login");
        });
    }
}
