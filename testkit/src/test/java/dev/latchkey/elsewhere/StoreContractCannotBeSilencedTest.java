package dev.latchkey.elsewhere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.latchkey.TokenStore;
import dev.latchkey.testkit.DurableStoreContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A class of another package that names a clause, or what a clause goes by, does not override it. */
class StoreContractCannotBeSilencedTest {

    /** Fails every clause, and tries to do away with some of them. */
    @SuppressWarnings("unused")
    static final class Silencer extends DurableStoreContract {

        @Override
        protected TokenStore open() {
            throw new IllegalStateException("connection refused");
        }

        @Override
        protected void restart() {}

        void openTwoNodes() {}

        void generationIsZeroAtFirst() {}

        @Test
        @Disabled("not our problem")
        void logoutBeatsARefreshInFlight() {}

        @Disabled("takes long")
        void restartInTheMiddleUndoesNothingThatReturned() {}

        int rounds() {
            return 0;
        }

        Duration recovery() {
            return Duration.ZERO;
        }
    }

    @Test
    void everyClauseRunsAllTheSame() {
        List<String> failed = new ArrayList<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Silencer.class))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (test.isTest() && result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                                    failed.add(test.getDisplayName());
                                }
                            }
                        });

        assertThat(failed)
                .contains(
                        "generationIsZeroAtFirst()",
                        "logoutBeatsARefreshInFlight()",
                        "restartInTheMiddleUndoesNothingThatReturned()")
                .hasSizeGreaterThan(80);
    }
}
