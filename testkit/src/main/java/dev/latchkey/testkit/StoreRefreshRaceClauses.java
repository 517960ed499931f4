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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What nodes do at once while one refreshes: each call is one step, so that one of them came first. */
abstract class StoreRefreshRaceClauses extends StoreNameClauses {

    /** How often each race is run. */
    int rounds() {
        return Integer.getInteger("latchkey.rounds", 1000);
    }

    interface Rounds {

        String run(Race race, Subject subject);
    }

    void race(String name, Rounds round, String... orders) {
        try (Race race = new Race(name, rounds())) {
            race.run(number -> round.run(race, subject(name + " " + number)), orders);
        }
    }

    TokenStore node(int number) {
        return number % 2 == 0 ? one : two;
    }

    @Test
    void refreshOfOneTokenByManyHasOneSuccessor() {
        race("refresh by four", (race, user) -> "node " + winner(race, user, 4) % 2, "node 0", "node 1");
    }

    @Test
    void sixtyFourPresentOneTokenAndGetOneSuccessor() {
        race("refresh by sixty-four", (race, user) -> "node " + winner(race, user, 64) % 2);
    }

    /** Who rotated; all others got the same successor, which is the session's token from now on. */
    private int winner(Race race, Subject user, int many) {
        Opened session = opened(user);
        List<Callable<Rotation>> refreshes = new ArrayList<>();
        List<RefreshToken> proposed = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            TokenStore node = node(i);
            RefreshToken next = token();
            proposed.add(next);
            refreshes.add(() -> node.rotate(user, session.id(), session.token().id(), next, GRACE));
        }
        List<Rotation> answers = race.together(refreshes);
        List<Presented> presented = answers.stream().map(Rotation::presented).toList();
        int winner = presented.indexOf(ROTATED);
        assertThat(presented).containsOnly(ROTATED, REPEATED).containsOnlyOnce(ROTATED);
        assertThat(answers).extracting(Rotation::current).containsOnly(proposed.get(winner));
        assertOpen(rotated(session.with(proposed.get(winner))));
        return winner;
    }

    /** Whatever became of the refresh, nothing of the session is left. */
    @Test
    void logoutBeatsARefreshInFlight() {
        race(
                "logout against refresh",
                (race, user) -> {
                    Opened session = opened(user);
                    RefreshToken next = token();
                    List<Object> answers = race.together(
                            () -> two.end(user, session.id()),
                            () -> one.rotate(user, session.id(), session.token().id(), next, GRACE));
                    assertThat(answers.get(0)).as("ended").isEqualTo(true);
                    assertOver(session.with(next));
                    return presented(answers.get(1), ROTATED, ENDED);
                },
                "ROTATED",
                "ENDED");
    }

    @Test
    void endAllBeatsARefreshInFlight() {
        race(
                "end of all against refresh",
                (race, user) -> {
                    Opened session = opened(user);
                    RefreshToken next = token();
                    List<Object> answers = race.together(
                            () -> two.endAll(user, null, inAnHour()),
                            () -> one.rotate(user, session.id(), session.token().id(), next, GRACE));
                    assertThat(answers.get(0)).as("ended").isEqualTo(1);
                    assertOver(session.with(next));
                    return presented(answers.get(1), ROTATED, ENDED);
                },
                "ROTATED",
                "ENDED");
    }

    @Test
    void endOfAllOthersSparesARefreshInFlight() {
        race("end of all others against refresh", (race, user) -> {
            Opened session = opened(user);
            Opened other = opened(user);
            RefreshToken next = token();
            List<Object> answers = race.together(
                    () -> two.endAll(user, session.id(), inAnHour()),
                    () -> one.rotate(user, session.id(), session.token().id(), next, GRACE),
                    () -> rotate(two, other));
            assertThat(answers.get(0)).as("ended").isEqualTo(1);
            assertThat(answers.get(1)).isEqualTo(new Rotation(ROTATED, next));
            assertOpen(rotated(session.with(next)));
            assertOver(other);
            return presented(answers.get(2), ROTATED, ENDED);
        });
    }

    @Test
    void reuseBeatsARotationInFlight() {
        race(
                "reuse against refresh",
                (race, user) -> {
                    Opened stolen = opened(user);
                    Opened current = rotated(rotated(stolen));
                    RefreshToken next = token();
                    List<Object> answers = race.together(
                            () -> two.rotate(user, stolen.id(), stolen.token().id(), token(), GRACE),
                            () -> one.rotate(user, current.id(), current.token().id(), next, GRACE));
                    assertThat(answers.get(0)).isEqualTo(new Rotation(REUSED, null));
                    assertOver(current.with(next));
                    return presented(answers.get(1), ROTATED, ENDED);
                },
                "ROTATED",
                "ENDED");
    }

    /** Either the token before came in time, or its successor was already in use. */
    @Test
    void replayAgainstItsSuccessorIsOneOrTheOther() {
        race(
                "replay against its successor",
                (race, user) -> {
                    Opened before = opened(user);
                    Opened current = rotated(before);
                    RefreshToken next = token();
                    List<Rotation> answers = race.together(
                            () -> two.rotate(user, before.id(), before.token().id(), token(), GRACE),
                            () -> one.rotate(user, before.id(), current.token().id(), next, GRACE));
                    if (answers.get(0).presented() == REPEATED) {
                        assertThat(answers)
                                .containsExactly(new Rotation(REPEATED, current.token()), new Rotation(ROTATED, next));
                        assertOpen(rotated(current.with(next)));
                    } else {
                        assertThat(answers).containsExactly(new Rotation(REUSED, null), new Rotation(ROTATED, next));
                        assertOver(current.with(next));
                    }
                    return answers.get(0).presented().name();
                },
                "REPEATED",
                "REUSED");
    }

    private static String presented(Object rotation, Presented... expected) {
        Presented presented = ((Rotation) rotation).presented();
        assertThat(presented).isIn((Object[]) expected);
        return presented.name();
    }
}
