package dev.latchkey.docs;

import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.token;

import dev.latchkey.Access;
import dev.latchkey.javalin.LatchkeyPlugin;
import io.javalin.Javalin;
import org.junit.jupiter.api.Test;

/** Runs the ten lines of docs/adapters.md for Javalin. */
class AdaptersJavalinTest extends AdaptersPage {

    @Test
    void tenLinesProtectAnApplication() {
        // region adapters javalin
        Javalin app = Javalin.create(config -> {
            config.registerPlugin(new LatchkeyPlugin(auth).group("/admin", Access.role("admin")));
            config.routes.get("/health", ctx -> ctx.result("ok"), open());
            config.routes.get("/me", ctx -> ctx.result(token(ctx).subject()));
            config.routes.get("/admin/people", ctx -> ctx.result("everybody"));
            config.routes.post("/password", ctx -> ctx.result("changed"), require(Access.fresh()));
        });
        // endregion
        app.start("127.0.0.1", 0);
        try {
            answersAsThePageSays(Http.to(app));
        } finally {
            app.stop();
        }
    }
}
