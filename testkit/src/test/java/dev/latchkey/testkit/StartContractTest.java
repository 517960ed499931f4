package dev.latchkey.testkit;

import dev.latchkey.Latchkey;
import org.junit.jupiter.api.Nested;

class StartContractTest {

    @Nested
    class Report extends ReportContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return BrokenStart.start(auth, false, null);
        }
    }

    @Nested
    class Hole extends HoleContract {

        @Override
        protected AdapterContract.App start(Latchkey auth, boolean hole) {
            return BrokenStart.start(auth, hole, null);
        }
    }
}
