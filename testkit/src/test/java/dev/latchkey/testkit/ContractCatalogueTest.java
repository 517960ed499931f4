package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Latchkey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The proof of the proof: every broken adapter is noticed, and every clause notices one. */
@Tag("catalogue")
class ContractCatalogueTest {

    /** Most of the time a clause waits. */
    private static final int AT_ONCE = 6;

    /** What the thread that runs a contract breaks. */
    private static final ThreadLocal<Object> BROKEN = new ThreadLocal<>();

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <B> B broken() {
        return (B) BROKEN.get();
    }

    /** A contract as it runs against one broken adapter; its name keeps it out of the ordinary run. */
    static final class AgainstBroken extends AdapterContract {

        @Override
        protected App start(Latchkey auth) {
            return HttpServerContractTest.serve(ContractCatalogueTest.<Function<Latchkey, LatchkeyHandler>>broken()
                    .apply(auth));
        }
    }

    static final class SocketsAgainstBroken extends WebSocketContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return ContractCatalogueTest.<BrokenStream>broken().make(auth).start();
        }
    }

    static final class EventsAgainstBroken extends EventStreamContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return ContractCatalogueTest.<BrokenStream>broken().make(auth).start();
        }
    }

    static final class DispatchAgainstBroken extends DispatchContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return new DispatchServer(auth, broken()).start();
        }
    }

    static final class PartsAgainstBroken extends PartsContract {

        @Override
        protected AdapterContract.App start(Latchkey whole, Latchkey partners) {
            return new PartsServer(whole, partners, broken()).start();
        }
    }

    static final class ReportAgainstBroken extends ReportContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return BrokenStart.start(auth, false, broken());
        }
    }

    static final class HoleAgainstBroken extends HoleContract {

        @Override
        protected AdapterContract.App start(Latchkey auth, boolean hole) {
            return BrokenStart.start(auth, hole, broken());
        }
    }

    @Test
    void everyBrokenAdapterIsKilledAndEveryClauseKillsOne() throws Exception {
        List<Function<Latchkey, LatchkeyHandler>> all = new ArrayList<>(List.of(BrokenAdapter.values()));
        all.addAll(List.of(BrokenHandling.values()));
        all.addAll(List.of(BrokenCookies.values()));
        assertThat(catalogue("contract", AT_ONCE, all, AgainstBroken.class)).hasSizeGreaterThan(80);
    }

    @Test
    void everyBrokenStreamIsKilledAndEveryClauseKillsOne() throws Exception {
        assertThat(catalogue(
                        "stream",
                        AT_ONCE,
                        List.of(BrokenStream.values()),
                        SocketsAgainstBroken.class,
                        EventsAgainstBroken.class))
                .hasSizeGreaterThan(6);
    }

    @Test
    void everyBrokenDispatchIsKilledAndEveryClauseKillsOne() throws Exception {
        assertThat(catalogue("dispatch", AT_ONCE, List.of(BrokenDispatch.values()), DispatchAgainstBroken.class))
                .hasSizeGreaterThan(8);
    }

    @Test
    void everyBrokenPartIsKilledAndEveryClauseKillsOne() throws Exception {
        assertThat(catalogue("parts", AT_ONCE, List.of(PartsServer.Mistake.values()), PartsAgainstBroken.class))
                .hasSizeGreaterThan(4);
    }

    /** One after the other, as they are told apart by what they log. */
    @Test
    void everyBrokenStartIsKilledAndEveryClauseKillsOne() throws Exception {
        assertThat(catalogue(
                        "start", 1, List.of(BrokenStart.values()), ReportAgainstBroken.class, HoleAgainstBroken.class))
                .hasSize(2);
    }

    private static Map<String, Set<String>> catalogue(String name, int atOnce, List<?> all, Class<?>... contracts)
            throws IOException, InterruptedException, ExecutionException {
        Map<Object, Future<Map<String, Boolean>>> running = new LinkedHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        for (Object broken : all) {
            running.put(broken, threads.submit(() -> {
                BROKEN.set(broken);
                Count.apart();
                return run(contracts);
            }));
        }
        threads.shutdown();
        Map<String, Set<String>> killers = new TreeMap<>();
        List<String> survivors = new ArrayList<>();
        for (Object broken : all) {
            Map<String, Boolean> results = running.get(broken).get();
            results.forEach((clause, passed) -> {
                Set<String> killed = killers.computeIfAbsent(clause, key -> new TreeSet<>());
                if (!passed) {
                    killed.add(broken.toString());
                }
            });
            if (!results.containsValue(false)) {
                survivors.add(broken.toString());
            }
        }
        List<String> lines = new ArrayList<>();
        killers.forEach((clause, killed) -> lines.add(clause + ": " + String.join(", ", killed)));
        Files.write(Path.of("target", name + "-catalogue.txt"), lines);

        assertThat(survivors).as("broken adapters that no clause noticed").isEmpty();
        assertThat(killers.entrySet().stream()
                        .filter(e -> e.getValue().isEmpty())
                        .map(Map.Entry::getKey))
                .as("clauses that noticed nothing")
                .isEmpty();
        return killers;
    }

    private static Map<String, Boolean> run(Class<?>... contracts) {
        Map<String, Boolean> results = Collections.synchronizedMap(new TreeMap<>());
        Launcher launcher = LauncherFactory.create(LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .build());
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(Stream.of(contracts)
                                .map(DiscoverySelectors::selectClass)
                                .toList())
                        .build(),
                new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                        if (test.isTest()) {
                            results.put(
                                    test.getDisplayName().replace("()", ""),
                                    result.getStatus() == TestExecutionResult.Status.SUCCESSFUL);
                        }
                    }
                });
        return results;
    }
}
