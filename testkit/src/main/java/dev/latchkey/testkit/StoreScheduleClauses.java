package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.TokenStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Two nodes from login to logout, in any order that their calls of the store can take. */
abstract class StoreScheduleClauses extends StoreRaceClauses {

    private final Map<String, ScheduledUser> users = new ConcurrentHashMap<>();
    private final Map<String, Integer> met = new TreeMap<>();

    @Test
    void noOrderOfCallsAdmitsWhatEndedOrEndsWhatDidNot() {
        long seed = Long.getLong("latchkey.seed", System.nanoTime());
        Logger logger = Logger.getLogger("dev.latchkey");
        Level level = logger.getLevel();
        logger.setLevel(Level.OFF); // thousands of logins, on purpose
        try (Schedule schedule = new Schedule()) {
            LatchkeyBuilder settings =
                    Latchkey.builder().issuer(issuer).key(JwtKey.generate()).login(ScheduledUser.login(users::get));
            Latchkey left = settings.store(pausing(one, schedule)).build();
            Latchkey right = settings.store(pausing(two, schedule)).build();
            for (int i = 0; i < rounds(); i++) {
                try {
                    round(schedule, new Random(seed + i), left, right);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("schedule with -Dlatchkey.seed=" + (seed + i), e);
                }
            }
        } finally {
            logger.setLevel(level);
        }
        Race.report("race of schedules: " + rounds() + " rounds, " + met);
        if (rounds() >= 1000) {
            assertThat(met).containsKeys("ROTATED", "REPEATED", "REUSED", "ENDED", "logins refused", "calls refused");
        }
    }

    private TokenStore pausing(TokenStore store, Schedule schedule) {
        return new PausingStore(store, schedule, (subject, session, presented, answer) -> {
            ScheduledUser user = users.get(subject.name());
            if (user != null) {
                user.rotated(session, presented, answer);
            }
        });
    }

    /** Two tabs of one device refresh, somebody calls, somebody logs in, and something ends something. */
    private void round(Schedule schedule, Random random, Latchkey left, Latchkey right) {
        ScheduledUser user = new ScheduledUser("user " + users.size(), met);
        users.put(user.name(), user);
        user.logIn(left);
        user.logIn(right);
        ScheduledUser.Device phone = user.device(0);
        List<Runnable> actors = new ArrayList<>();
        for (Latchkey node : List.of(left, right)) {
            Latchkey other = node == left ? right : left;
            actors.add(() -> {
                for (int i = 0; i < 3; i++) {
                    user.refresh(node, phone);
                    user.call(other, phone, 0);
                }
            });
        }
        actors.add(() -> {
            for (int i = 0; i < 4; i++) {
                user.call(random.nextBoolean() ? left : right, user.device(random.nextInt(9)), random.nextInt(3));
            }
        });
        actors.add(() -> user.logIn(random.nextBoolean() ? left : right));
        actors.add(() -> end(random, user, random.nextBoolean() ? left : right));
        schedule.run(random, actors);
        user.assertSettled(left, right);
    }

    private static void end(Random random, ScheduledUser user, Latchkey node) {
        ScheduledUser.Device phone = user.device(0);
        switch (random.nextInt(9)) {
            case 0 -> user.logOut(node, phone, true);
            case 1 -> user.logOut(node, phone, false);
            case 2 -> user.endSession(node, phone);
            case 3 -> user.revoke(node, phone);
            case 4 -> user.logOutEverywhere(node);
            case 5 -> user.changePassword(node, null);
            case 6 -> user.changePassword(node, phone);
            case 7 -> user.steal(node, phone);
            default -> user.endSession(node, user.device(1));
        }
    }
}
