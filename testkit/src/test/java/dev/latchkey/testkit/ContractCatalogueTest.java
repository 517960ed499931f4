package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Latchkey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
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

    private static Function<Latchkey, LatchkeyHandler> adapter = BrokenAdapter.FAILS_OPEN;
    private static BrokenDispatch dispatch = BrokenDispatch.CHECKS_NO_FORWARD;
    private static PartsServer.Mistake parts = PartsServer.Mistake.ANSWERS_FOR_THE_PART;
    private static BrokenStart begin = BrokenStart.SAYS_NOTHING;
    private static BrokenStream stream = BrokenStream.ENDS_NO_STREAM;

    /** A contract as it runs against one broken adapter; its name keeps it out of the ordinary run. */
    static final class AgainstBroken extends AdapterContract {

        @Override
        protected App start(Latchkey auth) {
            return HttpServerContractTest.serve(adapter.apply(auth));
        }
    }

    static final class SocketsAgainstBroken extends WebSocketContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return stream.make(auth).start();
        }
    }

    static final class EventsAgainstBroken extends EventStreamContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return stream.make(auth).start();
        }
    }

    static final class DispatchAgainstBroken extends DispatchContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return new DispatchServer(auth, dispatch).start();
        }
    }

    static final class PartsAgainstBroken extends PartsContract {

        @Override
        protected AdapterContract.App start(Latchkey whole, Latchkey partners) {
            return new PartsServer(whole, partners, parts).start();
        }
    }

    static final class ReportAgainstBroken extends ReportContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return BrokenStart.start(auth, false, begin);
        }
    }

    static final class HoleAgainstBroken extends HoleContract {

        @Override
        protected AdapterContract.App start(Latchkey auth, boolean hole) {
            return BrokenStart.start(auth, hole, begin);
        }
    }

    @Test
    void everyBrokenAdapterIsKilledAndEveryClauseKillsOne() throws IOException {
        List<Function<Latchkey, LatchkeyHandler>> all = new ArrayList<>(List.of(BrokenAdapter.values()));
        all.addAll(List.of(BrokenHandling.values()));
        assertThat(catalogue("contract", all, broken -> adapter = broken, AgainstBroken.class))
                .hasSizeGreaterThan(55);
    }

    @Test
    void everyBrokenStreamIsKilledAndEveryClauseKillsOne() throws IOException {
        assertThat(catalogue(
                        "stream",
                        List.of(BrokenStream.values()),
                        broken -> stream = broken,
                        SocketsAgainstBroken.class,
                        EventsAgainstBroken.class))
                .hasSizeGreaterThan(6);
    }

    @Test
    void everyBrokenDispatchIsKilledAndEveryClauseKillsOne() throws IOException {
        assertThat(catalogue(
                        "dispatch",
                        List.of(BrokenDispatch.values()),
                        broken -> dispatch = broken,
                        DispatchAgainstBroken.class))
                .hasSizeGreaterThan(8);
    }

    @Test
    void everyBrokenPartIsKilledAndEveryClauseKillsOne() throws IOException {
        assertThat(catalogue(
                        "parts",
                        List.of(PartsServer.Mistake.values()),
                        broken -> parts = broken,
                        PartsAgainstBroken.class))
                .hasSizeGreaterThan(4);
    }

    @Test
    void everyBrokenStartIsKilledAndEveryClauseKillsOne() throws IOException {
        assertThat(catalogue(
                        "start",
                        List.of(BrokenStart.values()),
                        broken -> begin = broken,
                        ReportAgainstBroken.class,
                        HoleAgainstBroken.class))
                .hasSize(2);
    }

    private static <B> Map<String, Set<String>> catalogue(
            String name, List<B> all, Consumer<B> setUp, Class<?>... contracts) throws IOException {
        Map<String, Set<String>> killers = new TreeMap<>();
        List<String> survivors = new ArrayList<>();
        for (B broken : all) {
            setUp.accept(broken);
            Map<String, Boolean> results = run(contracts);
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
