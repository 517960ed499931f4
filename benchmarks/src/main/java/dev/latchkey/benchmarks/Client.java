package dev.latchkey.benchmarks;

import dev.latchkey.benchmarks.Node.Answer;
import dev.latchkey.benchmarks.Tally.Done;
import dev.latchkey.benchmarks.Tally.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * One user with several devices, who goes to either node. All changes of the user's sessions are made here, one after the
 * other, so that at each moment it is known which of them must be open, and which must not.
 */
final class Client implements Runnable {

    private static final int DEVICES = 3;
    private static final long PAUSE = 4_000_000;
    private static final long RETRY = 20_000_000;
    private static final long PATIENCE = 25_000_000_000L; // less than the grace

    /** The tokens of one device. */
    record Device(String access, String refresh) {
        static Device of(Answer answer) {
            return new Device(answer.text("access_token"), answer.text("refresh_token"));
        }
    }

    private final String name;
    private final List<Node> nodes;
    private final Tally tally;
    private final Ended ended;
    private final Random random;
    private final List<Device> devices = new ArrayList<>();
    private volatile boolean stopped;

    Client(int number, List<Node> nodes, Tally tally, Ended ended) {
        this.name = "user-" + number;
        this.nodes = nodes;
        this.tally = tally;
        this.ended = ended;
        this.random = new Random(number);
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            logInAll();
            int dice = random.nextInt(1000);
            if (dice < 800) {
                call(any());
            } else if (dice < 900) {
                refresh(any());
            } else if (dice < 930) {
                refreshInTwoTabs(any());
            } else if (dice < 985) {
                ended.any(random).ifPresent(device -> tryEnded(node(), device));
            } else if (dice < 997) {
                logOut(any());
            } else {
                logOutEverywhere();
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private int any() {
        return random.nextInt(devices.size());
    }

    private Node node() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    /** Asks either node, as long as the answer is 503. */
    private Answer insist(Function<Node, CompletableFuture<Answer>> request) {
        long start = System.nanoTime();
        while (true) {
            Node node = node();
            Answer answer = tally.ask(() -> request.apply(node));
            if (answer.status() != 503 && answer.status() != 0) {
                return answer;
            }
            if (System.nanoTime() - start > PATIENCE) {
                tally.violation("503 for " + PATIENCE / 1_000_000_000 + " s");
                start = System.nanoTime();
            }
            tally.count(Done.RETRIED);
            LockSupport.parkNanos(RETRY);
        }
    }

    void logInAll() {
        while (devices.size() < DEVICES) {
            logIn();
        }
    }

    private void logIn() {
        Answer answer =
                insist(node -> node.posted("auth/login", null, Map.of("username", name, "password", "correct-horse")));
        tally.count(Done.LOGINS);
        if (answer.status() == 200) {
            devices.add(Device.of(answer));
        } else {
            tally.violation(name + " cannot log in: " + answer);
        }
    }

    private void call(int index) {
        Node node = node();
        Answer answer = tally.ask(() -> node.got("api/me", devices.get(index).access()));
        tally.count(Done.CALLS);
        if (answer.status() == 401) {
            lost(index, "protected call", answer);
        }
    }

    private void lost(int index, String when, Answer answer) {
        tally.violation(name + " lost a session without cause: " + when + " " + answer.text("code"));
        devices.remove(index);
    }

    private void refresh(int index) {
        Answer answer =
                insist(node -> node.posted("auth/refresh", devices.get(index).refresh(), null));
        tally.count(Done.REFRESHES);
        if (answer.status() == 200) {
            devices.set(index, Device.of(answer));
        } else {
            lost(index, "refresh", answer);
        }
    }

    private void refreshInTwoTabs(int index) {
        String token = devices.get(index).refresh();
        List<Sent> tabs = nodes.stream()
                .map(node -> tally.sent(() -> node.posted("auth/refresh", token, null)))
                .toList();
        List<Answer> answers = tabs.stream().map(tally::await).toList();
        List<Answer> good =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        tally.count(Done.PAIRS);
        long successors = good.stream()
                .map(answer -> Node.id(answer.text("refresh_token")))
                .distinct()
                .count();
        if (successors > 1) {
            tally.violation(name + " got two successors of one refresh token");
        }
        if (answers.stream().anyMatch(answer -> answer.status() == 401)) {
            lost(index, "refresh by two tabs", answers.get(0));
        } else if (good.isEmpty()) {
            refresh(index);
        } else {
            devices.set(index, Device.of(good.get(0)));
        }
    }

    private void logOut(int index) {
        Device device = devices.remove(index);
        Answer answer = insist(node -> node.posted("auth/logout", device.access(), null));
        tally.count(Done.LOGOUTS);
        if (answer.status() != 204) {
            tally.violation(name + " cannot log out: " + answer);
            return;
        }
        ended.add(device);
        nodes.forEach(node -> tryEnded(node, device));
    }

    /** 401 says that an attempt whose answer was lost had ended the session that asks. */
    private void logOutEverywhere() {
        List<Device> all = List.copyOf(devices);
        devices.clear();
        Answer answer =
                insist(node -> node.posted("auth/sessions/end-all", all.get(0).access(), null));
        tally.count(Done.LOGOUTS_EVERYWHERE);
        if (answer.status() != 204 && !answer.text("code").equals("token_revoked")) {
            tally.violation(name + " cannot log out everywhere: " + answer);
            return;
        }
        all.forEach(ended::add);
        all.forEach(device -> tryEnded(node(), device));
    }

    /** The end of the session was acknowledged before this is sent. */
    private void tryEnded(Node node, Device device) {
        boolean refresh = random.nextBoolean();
        Answer answer = tally.ask(() ->
                refresh ? node.posted("auth/refresh", device.refresh(), null) : node.got("api/me", device.access()));
        tally.count(Done.ENDED_TRIED);
        if (answer.status() / 100 == 2) {
            tally.violation("admitted with " + (refresh ? "the refresh" : "an access") + " token of an ended session");
        }
    }

    /** Every session that was not ended works on both nodes; how many these are. */
    int verify() {
        int open = devices.size();
        for (int i = devices.size() - 1; i >= 0; i--) {
            Device device = devices.get(i);
            for (Node node : nodes) {
                Answer answer = tally.ask(() -> node.got("api/me", device.access()));
                if (answer.status() != 200) {
                    tally.violation(name + " lost a session without cause: in the end " + answer);
                }
            }
            refresh(i);
        }
        return open;
    }

    /** Nothing that was ended is let in by any node. */
    static void verify(Ended ended, List<Node> nodes, Tally tally) {
        for (Device device : ended.all()) {
            for (Node node : nodes) {
                for (Answer answer : List.of(
                        tally.ask(() -> node.got("api/me", device.access())),
                        tally.ask(() -> node.posted("auth/refresh", device.refresh(), null)))) {
                    tally.count(Done.ENDED_TRIED);
                    if (answer.status() != 401) {
                        tally.violation("an ended session gets " + answer.status() + " in the end");
                    }
                }
            }
        }
    }
}
