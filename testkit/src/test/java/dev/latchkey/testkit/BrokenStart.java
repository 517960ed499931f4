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
    CALLS_EVERYTHING_OPEN,
    STARTS_WITH_A_HOLE,
    OPENS_EVERYTHING;

    static App start(Latchkey auth, boolean hole, @Nullable BrokenStart mistake) {
        if (hole && mistake != STARTS_WITH_A_HOLE) {
            throw new IllegalStateException("/closed would be open");
        }
        LatchkeyHandler adapter = new LatchkeyHandler(auth);
        adapter.route("GET", "/open", Optional.of(Access.open()), (exchange, met) -> {});
        adapter.route(
                "GET",
                "/closed",
                mistake == OPENS_EVERYTHING ? Optional.of(Access.open()) : Optional.empty(),
                (exchange, met) -> exchange.sendResponseHeaders(200, -1));
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
