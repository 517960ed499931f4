package dev.latchkey.testkit;

import dev.latchkey.Latchkey;
import org.junit.jupiter.api.Nested;

class StreamServerContractTest {

    @Nested
    class Events extends EventStreamContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return new StreamServer(auth).start();
        }
    }

    @Nested
    class WebSockets extends WebSocketContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return new StreamServer(auth).start();
        }
    }
}
