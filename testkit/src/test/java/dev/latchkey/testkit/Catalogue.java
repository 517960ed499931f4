package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodDescriptor;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.MethodOrdererContext;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs contracts against broken things, and notes which clause noticed which. A clause that has noticed one before is not
 * run against a thing that another clause has noticed: neither could say anything new.
 */
final class Catalogue {

    /** What the thread is about to notice; null outside of a catalogue. */
    private static final ThreadLocal<Catalogue> CURRENT = new ThreadLocal<>();

    private static final ThreadLocal<Boolean> NOTICED = ThreadLocal.withInitial(() -> false);

    private final Map<String, Set<String>> killers = new ConcurrentSkipListMap<>();
    private final Set<String> survivors = ConcurrentHashMap.newKeySet();

    /** Of the contracts that a catalogue runs: those that noticed nothing so far come first. */
    static final class IdleFirst implements MethodOrderer {

        @Override
        public void orderMethods(MethodOrdererContext context) {
            Catalogue current = CURRENT.get();
            if (current != null) {
                Set<String> killers = current.killers(); // as of now: others add to them while this sorts
                context.getMethodDescriptors()
                        .sort(Comparator.comparing((MethodDescriptor clause) ->
                                killers.contains(clause.getMethod().getName())));
            }
        }
    }

    /** Of the contracts that a catalogue runs: passes over what can say nothing new. */
    static final class Sparing implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Catalogue current = CURRENT.get();
            boolean spared = current != null
                    && NOTICED.get()
                    && context.getTestMethod()
                            .filter(clause -> current.hasKilled(clause.getName()))
                            .isPresent();
            return spared
                    ? ConditionEvaluationResult.disabled("both have been seen")
                    : ConditionEvaluationResult.enabled("");
        }
    }

    private Set<String> killers() {
        return killers.keySet().stream().filter(this::hasKilled).collect(Collectors.toSet());
    }

    private boolean hasKilled(String clause) {
        return !killers.getOrDefault(clause, Set.of()).isEmpty();
    }

    /** Runs the contracts against each, so many at once, and asserts that every clause and every broken thing has died. */
    static <B> Set<String> of(String name, int atOnce, List<B> all, Consumer<B> prepare, Class<?>... contracts)
            throws IOException, InterruptedException, ExecutionException {
        Catalogue catalogue = new Catalogue();
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            Map<B, Future<?>> running = new LinkedHashMap<>();
            all.forEach(broken -> running.put(broken, threads.submit(() -> catalogue.add(broken, prepare, contracts))));
            for (Future<?> one : running.values()) {
                Object unused = one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        List<String> lines = new ArrayList<>();
        catalogue.killers.forEach((clause, killed) -> lines.add(clause + ": " + String.join(", ", killed)));
        Files.write(Path.of("target", name + "-catalogue.txt"), lines);

        assertThat(catalogue.survivors)
                .as("broken things that no clause noticed")
                .isEmpty();
        assertThat(catalogue.killers.keySet().stream().filter(clause -> !catalogue.hasKilled(clause)))
                .as("clauses that noticed nothing")
                .isEmpty();
        return catalogue.killers.keySet();
    }

    private <B> void add(B broken, Consumer<B> prepare, Class<?>... contracts) {
        CURRENT.set(this);
        NOTICED.set(false);
        prepare.accept(broken);
        Map<String, Boolean> results = run(contracts);
        assertThat(results).as("clauses that ran against " + broken).isNotEmpty();
        results.forEach((clause, passed) -> {
            Set<String> killed = killers.computeIfAbsent(clause, key -> new ConcurrentSkipListSet<>());
            if (!passed) {
                killed.add(broken.toString());
            }
        });
        if (!NOTICED.get()) {
            survivors.add(broken.toString());
        }
    }

    /** Runs contracts in this thread: which clauses passed, and which did not. */
    static Map<String, Boolean> run(Class<?>... contracts) {
        Map<String, Boolean> results = new TreeMap<>();
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
                            boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
                            results.put(test.getDisplayName().replace("()", ""), passed);
                            NOTICED.set(NOTICED.get() || !passed);
                        }
                    }
                });
        return results;
    }
}
