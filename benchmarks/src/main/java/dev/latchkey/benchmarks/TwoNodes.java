package dev.latchkey.benchmarks;

import dev.latchkey.benchmarks.Tally.State;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Two copies of the example over one store under load, while the store is killed twice and started again on its data. It
 * ends with 1 if a request was admitted with a token whose session had ended, if a user lost a session without cause, or
 * if anything but 503 was answered without the store.
 *
 * <pre>
 * ./mvnw -ntp -q -pl benchmarks -am compile exec:exec -Dexec.skip -Dnodes.store=redis -Dnodes.seconds=60
 * </pre>
 *
 * <p>The other store is {@code postgres}. {@code -Dexec.skip} keeps the example from starting by itself.
 */
public final class TwoNodes {

    private static final int CLIENTS = 8;

    private TwoNodes() {}

    /** Takes the store and the seconds. */
    public static void main(String[] args) {
        StoreServer.Kind kind = StoreServer.Kind.valueOf(args[0].toUpperCase(Locale.ROOT));
        long seconds = Long.parseLong(args[1]);
        Path folder = StoreServer.folder();
        Tally tally = new Tally();
        try (StoreServer server = kind.start(folder)) {
            List<Node> nodes = Node.two(folder.resolve("home"), server.address());
            try {
                addUsers(folder.resolve("home"));
                System.out.printf("%s, %d s, 2 nodes, %d users%n", args[0], seconds, CLIENTS);
                run(server, nodes, seconds, tally);
            } finally {
                nodes.parallelStream().forEach(Node::close);
            }
        }
        tally.print();
        System.exit(tally.isClean() ? 0 : 1);
    }

    /** Each client has a user of its own, with the password of alice. */
    private static void addUsers(Path home) {
        String url = "jdbc:h2:file:" + home.resolve("notes") + ";AUTO_SERVER=TRUE;TRACE_LEVEL_FILE=0";
        try (Connection connection = DriverManager.getConnection(url, "latchkey", "");
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO person (name, role, password_hash) SELECT 'user-' || x, role, password_hash "
                    + "FROM person, SYSTEM_RANGE(1, " + CLIENTS + ") WHERE name = 'alice'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(StoreServer server, List<Node> nodes, long seconds, Tally tally) {
        Ended ended = new Ended();
        List<Client> clients = IntStream.rangeClosed(1, CLIENTS)
                .mapToObj(number -> new Client(number, nodes, tally, ended))
                .toList();
        tally.enter("logging in", State.UP);
        clients.parallelStream().forEach(Client::logInAll);
        tally.enter("up", State.UP);
        List<Thread> threads = clients.stream().map(Thread::new).toList();
        threads.forEach(Thread::start);
        for (int outage = 1; outage <= 2; outage++) {
            pause(seconds * 0.25);
            tally.enter("killing " + outage, State.BETWEEN);
            server.kill();
            tally.enter("dead " + outage, State.DOWN);
            pause(seconds * 0.05);
            tally.enter("starting " + outage, State.BETWEEN);
            server.restart();
            tally.enter("up again " + outage, State.UP);
        }
        pause(seconds * 0.4);
        clients.forEach(Client::stop);
        threads.forEach(TwoNodes::join);
        tally.enter("in the end", State.UP);
        int open = clients.stream().mapToInt(Client::verify).sum();
        Client.verify(ended, nodes, tally);
        System.out.printf(
                "%d sessions open in the end, %d ended%n", open, ended.all().size());
    }

    private static void pause(double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
