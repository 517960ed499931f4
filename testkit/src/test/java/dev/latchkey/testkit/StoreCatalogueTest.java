package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.latchkey.TokenStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The proof of the proof: every broken store is noticed, and every clause notices one. */
@Tag("catalogue")
class StoreCatalogueTest {

    /** The contract as it runs against one broken store, in small; its name keeps it out of the ordinary run. */
    static final class AgainstBroken extends DurableStoreContract {

        /** Of the thread that runs the clauses: several stores are tried at once, as clauses wait for moments. */
        static final ThreadLocal<Supplier<PlainStore>> MAKER = ThreadLocal.withInitial(() -> PlainStore::new);

        private final PlainStore store = MAKER.get().get();

        @Override
        protected TokenStore open() {
            return store.node();
        }

        @Override
        protected void restart() {
            store.restart();
        }

        @Override
        int rounds() {
            return 40;
        }

        @Override
        int veryMany() {
            return 300;
        }

        @Override
        Duration aWhile() {
            return Duration.ofMillis(400);
        }

        @Override
        Duration recovery() {
            return Duration.ofMillis(500);
        }
    }

    private static final int AT_ONCE = 4;

    private final Logger logger = Logger.getLogger("dev.latchkey");

    @Test
    void everyBrokenStoreIsKilledAndEveryClauseKillsOne() throws Exception {
        Map<String, Set<String>> killers = new TreeMap<>();
        List<String> survivors = new ArrayList<>();
        Map<BrokenStore, Map<String, Boolean>> results = results();
        results.forEach((broken, passed) -> {
            passed.forEach((clause, survived) -> {
                Set<String> killed = killers.computeIfAbsent(clause, name -> new TreeSet<>());
                if (!survived) {
                    killed.add(broken.name());
                }
            });
            if (!passed.containsValue(false)) {
                survivors.add(broken.name());
            }
        });
        List<String> lines = new ArrayList<>();
        killers.forEach((clause, killed) -> lines.add(clause + ": " + String.join(", ", killed)));
        Files.write(Path.of("target", "store-catalogue.txt"), lines);

        assertThat(survivors).as("broken stores that no clause noticed").isEmpty();
        assertThat(killers).hasSizeGreaterThan(80);
        assertThat(killers.entrySet().stream()
                        .filter(e -> e.getValue().isEmpty())
                        .map(Map.Entry::getKey))
                .as("clauses that noticed nothing")
                .isEmpty();
    }

    private Map<BrokenStore, Map<String, Boolean>> results() throws Exception {
        Level level = logger.getLevel();
        logger.setLevel(Level.OFF);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            assertThat(run(PlainStore::new))
                    .as("clauses that a store fails which is not broken")
                    .doesNotContainValue(false);
            Map<BrokenStore, Future<Map<String, Boolean>>> running = new LinkedHashMap<>();
            broken().forEach(broken -> running.put(broken, threads.submit(() -> run(broken::make))));
            Map<BrokenStore, Map<String, Boolean>> results = new LinkedHashMap<>();
            for (Map.Entry<BrokenStore, Future<Map<String, Boolean>>> store : running.entrySet()) {
                results.put(store.getKey(), store.getValue().get());
            }
            return results;
        } finally {
            threads.shutdownNow();
            logger.setLevel(level);
        }
    }

    private static List<BrokenStore> broken() {
        return Stream.<BrokenStore[]>of(
                        BrokenLogins.values(),
                        BrokenSessions.values(),
                        BrokenRotations.values(),
                        BrokenRevocations.values(),
                        BrokenNames.values(),
                        BrokenSteps.values())
                .flatMap(Stream::of)
                .toList();
    }

    private static Map<String, Boolean> run(Supplier<PlainStore> maker) {
        AgainstBroken.MAKER.set(maker);
        Map<String, Boolean> results = Collections.synchronizedMap(new TreeMap<>());
        Launcher launcher = LauncherFactory.create(LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .build());
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(AgainstBroken.class))
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
