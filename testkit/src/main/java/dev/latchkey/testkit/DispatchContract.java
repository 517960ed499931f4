package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.AuthError;
import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a check where a container hands requests on: for adapters of servlet containers.
 *
 * <p>Of the paths {@code /open/*} are open, {@code /admin/*} demand the role {@code admin}, {@code /optional} a token or
 * none, {@code /json/*} a token in header or JSON body, and of the others nothing is said. {@code remote user} stands
 * for what the request tells of its user, or {@code null}.
 *
 * <ul>
 *   <li>{@code /page}, {@code /admin/page}, {@code /open/page}, {@code /optional}, {@code /WEB-INF/view}, {@code
 *       /error/view}: answer their own path, a space, and the remote user.
 *   <li>{@code /me}, {@code /open/me}: remote user, the principal's name, authentication type, and whether the user has
 *       the roles {@code reader} and {@code admin}, joined by commas.
 *   <li>{@code /from/*} and {@code /open/from/*}, with a parameter {@code to}: {@code forward} forwards there, {@code
 *       include} answers {@code before;}, what lies there, and {@code ;after} with the remote user, {@code async}
 *       dispatches there asynchronously, {@code lost} sends the error 404, {@code gone} 410, {@code fail} throws.
 *   <li>{@code /open/late/*}: set status 201, a body type, encoding, {@code Cache-Control}, an {@code ETag} and {@code
 *       X-Kept: yes}, write {@code partly}, and let a refusal through: {@code plain}, {@code wrapped} twice in the
 *       container's own exception, {@code checked} by a check inside, {@code async} that one with an asynchronous
 *       request started before.
 *   <li>{@code /error/page}: what the container shows for 404 and 500: {@code sorry, } and the remote user. For 410 it
 *       shows {@code /error/forward}, which forwards to {@code /error/view}.
 *   <li>{@code *.do}: answers {@code do}.
 *   <li>{@code /json/*}: answer the body: {@code bytes}, {@code reader} without line breaks, {@code listener}, {@code
 *       later} after an asynchronous dispatch; {@code /open/json} after two checks inside for the JSON location.
 * </ul>
 */
public abstract class DispatchContract extends ContractBase {

    private static final String LATE = "/open/late/";

    private final AtomicInteger loaded = new AtomicInteger();
    private final String user = bearer(tokens.access("alice", Grant.create().claim("roles", List.of("reader"))));
    private final String admin = bearer(tokens.access("alice", Grant.create().claim("roles", List.of("admin"))));

    /** Starts the application on a free port of the loopback interface. */
    protected abstract AdapterContract.App start(Latchkey auth);

    private RawHttp run() {
        Latchkey auth = settings()
                .userLoader(claims -> Optional.of("user " + loaded.incrementAndGet()))
                .build();
        return talk(start(auth), auth);
    }

    /** Without counting handlers: whoever hands on has run. */
    private static void assertRefusedLate(RawHttp.Reply reply, AuthError error) {
        assertThat(reply.body()).startsWith("{\"msg\":").contains("\"code\":\"" + error.code() + "\"");
        assertThat(reply.status()).isBetween(401, 403);
    }

    @Test
    void requestTellsItsUser() {
        RawHttp http = run();

        assertAnswered(http.get("/me", user), "alice,alice,Bearer,true,false");
        assertAnswered(http.get("/open/me", user), "null,null,null,false,false");
    }

    @Test
    void forwardIsCheckedForWhatItsTargetDemandsMore() {
        RawHttp http = run();

        assertAnswered(http.get("/from/forward?to=/page", user), "/page alice");
        assertThat(loaded).as("users loaded").hasValue(1);
        assertAnswered(http.get("/from/forward?to=/open/page", user), "/open/page alice");
        assertAnswered(http.get("/from/forward?to=/admin/page", admin), "/admin/page alice");
        assertRefusedLate(http.get("/from/forward?to=/admin/page", user), AuthError.ROLE_MISSING);
        assertAnswered(http.get("/open/from/forward?to=/open/page"), "/open/page null");
        assertAnswered(http.get("/open/from/forward?to=/optional"), "/optional null");
        assertAnswered(http.get("/open/from/forward?to=/page", user), "/page alice");
        assertRefusedLate(http.get("/open/from/forward?to=/page"), AuthError.TOKEN_MISSING);
        assertRefusedLate(http.get("/open/from/forward?to=/optional", bearer("x")), AuthError.TOKEN_MALFORMED);
    }

    @Test
    void viewDemandsNothingOfWhatIsForwardedToIt() {
        RawHttp http = run();

        assertAnswered(http.get("/open/from/forward?to=/WEB-INF/view"), "/WEB-INF/view null");
        assertAnswered(http.get("/open/from/include?to=/WEB-INF/view"), "before;/WEB-INF/view null;after null");
        assertThat(http.get("/WEB-INF/view").status()).isIn(401, 404);
    }

    @Test
    void includeIsCheckedForWhatItsTargetDemandsMore() {
        RawHttp http = run();

        assertAnswered(http.get("/from/include?to=/page", user), "before;/page alice;after alice");
        assertThat(loaded).as("users loaded").hasValue(1);
        assertAnswered(http.get("/from/include?to=/admin/page", admin), "before;/admin/page alice;after alice");
        assertRefusedLate(http.get("/from/include?to=/admin/page", user), AuthError.ROLE_MISSING);
        assertAnswered(http.get("/open/from/include?to=/open/page"), "before;/open/page null;after null");
        assertRefusedLate(http.get("/open/from/include?to=/page"), AuthError.TOKEN_MISSING);
        assertRefusedLate(http.get("/open/from/include?to=/open/x.do"), AuthError.TOKEN_MISSING);
    }

    @Test
    void asynchronousDispatchGoesOnWithTheSameUser() {
        RawHttp http = run();

        assertAnswered(http.get("/from/async?to=/page", user), "/page alice");
        assertThat(loaded).as("users loaded").hasValue(1);
        assertAnswered(http.get("/open/from/async?to=/open/page"), "/open/page null");
        assertAnswered(http.get("/from/async?to=/admin/page", admin), "/admin/page alice");
        assertRefusedLate(http.get("/from/async?to=/admin/page", user), AuthError.ROLE_MISSING);
        assertRefusedLate(http.get("/open/from/async?to=/page"), AuthError.TOKEN_MISSING);
    }

    @Test
    void errorPageShowsItsErrorToAnybody() {
        RawHttp http = run();

        RawHttp.Reply lost = http.get("/open/from/lost");
        assertThat(lost.status() + " " + lost.body()).isEqualTo("404 sorry, null");
        RawHttp.Reply failed = http.get("/from/fail", user);
        assertThat(failed.status() + " " + failed.body()).isEqualTo("500 sorry, alice");
        RawHttp.Reply gone = http.get("/open/from/gone");
        assertThat(gone.status() + " " + gone.body()).isEqualTo("410 /error/view null");
        assertThat(loaded).as("users loaded").hasValue(1);
        assertRefusedLate(http.get("/error/page"), AuthError.TOKEN_MISSING);
    }

    @Test
    void refusalTakesBackWhatWasWrittenBefore() {
        RawHttp http = run();

        for (String how : List.of("plain", "wrapped", "checked", "async")) {
            RawHttp.Reply reply = http.get(LATE + how, "Origin: " + AdapterContract.ORIGIN);
            assertThat(reply.status()).as(how).isEqualTo(401);
            assertThat(reply.body()).as(how).startsWith("{\"msg\":").doesNotContain("partly");
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.header("Content-Encoding") + reply.header("ETag")).isEmpty();
            assertThat(reply.header("X-Kept")).isEqualTo("yes");
            assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(AdapterContract.ORIGIN);
        }
    }

    @Test
    void openFolderOpensNothingThatIsFoundByExtension() {
        RawHttp http = run();

        assertRefusedLate(http.get("/open/x.do"), AuthError.TOKEN_MISSING);
        assertAnswered(http.get("/open/x.do", user), "do");
    }

    @Test
    void bodyThatHeldTheTokenIsReadAgain() {
        RawHttp http = run();
        String body = "{\"access_token\":\"" + tokens.access("alice") + "\",\n\"more\":[1,\"é\"]}";

        for (String path : List.of("/json/bytes", "/json/listener", "/json/later", "/open/json")) {
            assertAnswered(http.post(path, body, JSON), body);
        }
        assertAnswered(http.post("/json/reader", body, JSON + "; charset=utf-8"), body.replace("\n", ""));
        assertAnswered(
                http.post("/json/reader", body, JSON + "; charset=iso-8859-1"),
                body.replace("\n", "").replace("é", "Ã©"));
        String large = "x".repeat(200_000);
        for (String path : List.of("/json/bytes", "/json/listener")) {
            assertAnswered(http.post(path, large, JSON, user), large);
        }
    }
}
