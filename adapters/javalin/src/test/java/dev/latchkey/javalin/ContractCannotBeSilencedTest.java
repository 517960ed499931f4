package dev.latchkey.javalin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherConstants;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A class of another package that names a clause does not override it. */
@Tag("catalogue")
class ContractCannotBeSilencedTest {

    /** Fails every clause, and tries to do away with two of them. */
    @SuppressWarnings("unused")
    static final class Silencer extends AdapterContract {

        @Override
        protected App start(Latchkey auth) {
            return App.of(URI.create("http://127.0.0.1:1"), () -> {});
        }

        void openRouteServesAnybody() {}

        @Test
        @Disabled("not our problem")
        void routeOfWhichNothingIsSaidDemandsAToken() {}
    }

    @Test
    void everyClauseRunsAllTheSame() {
        List<String> failed = new ArrayList<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Silencer.class))
                                .configurationParameter(LauncherConstants.CAPTURE_STDOUT_PROPERTY_NAME, "true")
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
                .contains("openRouteServesAnybody()", "routeOfWhichNothingIsSaidDemandsAToken()")
                .hasSizeGreaterThan(40);
    }
}
