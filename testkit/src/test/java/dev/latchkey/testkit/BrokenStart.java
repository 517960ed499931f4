package dev.latchkey.testkit;

import dev.latchkey.Access;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Mistakes that an application makes when it starts; {@link #start} without one makes none. */
enum BrokenStart {
    SAYS_NOTHING,
    NAMES_NO_ENDPOINTS,
    CALLS_EVERYTHING_OPEN;

    static App start(Latchkey auth, @Nullable BrokenStart mistake) {
        LatchkeyHandler adapter = new LatchkeyHandler(auth);
        adapter.route("GET", "/open", Optional.of(Access.open()), (exchange, met) -> {});
        adapter.route("GET", "/closed", Optional.empty(), (exchange, met) -> exchange.sendResponseHeaders(200, -1));
        if (mistake != SAYS_NOTHING) {
            System.getLogger("dev.latchkey")
                    .log(
                            System.Logger.Level.INFO,
                            "open routes: " + (mistake == CALLS_EVERYTHING_OPEN ? "/open, /closed" : "/open")
                                    + (mistake == NAMES_NO_ENDPOINTS ? "" : ", endpoints: " + auth.endpoints()));
        }
        return HttpServerContractTest.serve(adapter);
    }
}
