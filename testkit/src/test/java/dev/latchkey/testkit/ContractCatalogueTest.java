package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

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
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The proof of the proof: every broken adapter is noticed, and every clause notices one. */
class ContractCatalogueTest {

    /** The contract as it runs against one broken adapter; its name keeps it out of the ordinary run. */
    static final class AgainstBroken extends AdapterContract {

        static BrokenAdapter adapter = BrokenAdapter.FAILS_OPEN;

        @Override
        protected App start(Latchkey auth) {
            return HttpServerContractTest.serve(adapter.make(auth));
        }
    }

    @Test
    void everyBrokenAdapterIsKilledAndEveryClauseKillsOne() throws IOException {
        Map<String, Set<String>> killers = new TreeMap<>();
        List<String> survivors = new ArrayList<>();
        for (BrokenAdapter broken : BrokenAdapter.values()) {
            AgainstBroken.adapter = broken;
            Map<String, Boolean> results = run();
            results.forEach((clause, passed) -> {
                Set<String> killed = killers.computeIfAbsent(clause, name -> new TreeSet<>());
                if (!passed) {
                    killed.add(broken.name());
                }
            });
            if (!results.containsValue(false)) {
                survivors.add(broken.name());
            }
        }
        List<String> lines = new ArrayList<>();
        killers.forEach((clause, killed) -> lines.add(clause + ": " + String.join(", ", killed)));
        Files.write(Path.of("target", "contract-catalogue.txt"), lines);

        assertThat(survivors).as("broken adapters that no clause noticed").isEmpty();
        assertThat(killers).hasSizeGreaterThan(40);
        assertThat(killers.entrySet().stream()
                        .filter(e -> e.getValue().isEmpty())
                        .map(Map.Entry::getKey))
                .as("clauses that noticed nothing")
                .isEmpty();
    }

    private static Map<String, Boolean> run() {
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
