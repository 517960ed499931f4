package dev.latchkey.vertx;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.VerifiedToken;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import io.vertx.ext.web.impl.UserContextInternal;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Protects the routes of a Vert.x router and serves Latchkey's endpoints. As a handler it demands a valid access token.
 *
 * <pre>{@code
 * LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth);
 * Router router = latchkey.protect(Router.router(vertx));
 * router.get("/health").handler(open()).handler(rc -> rc.end("ok"));
 * router.get("/me").handler(rc -> rc.end(token(rc).subject()));
 * router.post("/password").handler(latchkey.require(Access.fresh())).handler(this::change);
 * }</pre>
 */
public final class LatchkeyHandler implements GuardedRouter.Demand {

    static final String MET = "dev.latchkey.met";
    private static final int WORKERS = 20;
    private static final int WAITING_PER_WORKER = 50;

    private final Latchkey auth;
    private final WorkerExecutor workers;
    private final Semaphore places;

    private LatchkeyHandler(Vertx vertx, Latchkey auth, int workers) {
        this.auth = auth;
        this.workers = vertx.createSharedWorkerExecutor("latchkey-" + workers, workers);
        this.places = new Semaphore(workers * WAITING_PER_WORKER);
    }

    /** With 20 threads for what may block: hooks, stores and logins. */
    public static LatchkeyHandler create(Vertx vertx, Latchkey auth) {
        return create(vertx, auth, WORKERS);
    }

    /**
     * With this many threads, at least 1, for what may block; handlers with the same number share them. Where 50 checks
     * per thread wait already, further ones are refused with 503.
     */
    public static LatchkeyHandler create(Vertx vertx, Latchkey auth, int workers) {
        return new LatchkeyHandler(vertx, auth, workers);
    }

    /**
     * Serves the endpoints, and returns the router for all routes to come: each of them demands a valid access token
     * unless {@link #require} or {@link #open} stands first. What it has already, such as CORS, stays before the guard;
     * adding a route to it directly throws {@link IllegalStateException} from here on.
     */
    public Router protect(Router router) {
        for (String path : auth.endpoints()) {
            router.route(path).handler(rc -> serve(rc, path));
        }
        return group(router, Access.required());
    }

    /** Like {@link #protect}, for a sub-router whose routes demand this unless they say otherwise; without endpoints. */
    public Router group(Router router, Access access) {
        router.route().failureHandler(this::refuse);
        return GuardedRouter.of(router, require(access));
    }

    /** The handler of a route that is open to anybody. */
    public static AuthenticationHandler open() {
        return (GuardedRouter.Demand) rc -> {
            VertxRequest.hideTokens(rc);
            rc.next();
        };
    }

    /** The handler of a route that demands this; put it after body and CORS handlers and before all others. */
    public AuthenticationHandler require(Access access) {
        return (GuardedRouter.Demand) rc -> check(rc, access).onSuccess(token -> rc.next());
    }

    @Override
    public void handle(RoutingContext rc) {
        require(Access.required()).handle(rc);
    }

    /**
     * Checks the request once more inside a handler. A refusal is answered right away, and fails the future with an
     * {@link AuthException}; the token is null where the access lets a request in without one.
     */
    public Future<@Nullable VerifiedToken> check(RoutingContext rc, Access access) {
        VertxRequest request = VertxRequest.of(rc);
        boolean here = !Context.isOnEventLoopThread() || !auth.blocks(request, access);
        Future<Outcome> checked = here
                ? Future.succeededFuture().map(nothing -> auth.check(request, access))
                : elsewhere(rc, () -> auth.check(request, access));
        return checked.onFailure(rc::fail).compose(outcome -> apply(rc, outcome));
    }

    /** Calls what may block on the pool, and keeps the body for whoever comes after. */
    private <T> Future<T> elsewhere(RoutingContext rc, Callable<T> call) {
        if (!places.tryAcquire()) {
            return Future.failedFuture(AuthException.of(AuthError.UNAVAILABLE));
        }
        HttpServerRequest request = rc.request();
        if (!request.isEnded()) {
            request.pause();
        }
        return workers.executeBlocking(call, false).onComplete(done -> {
            places.release();
            if (!request.isEnded()) {
                request.resume();
            }
        });
    }

    private Future<@Nullable VerifiedToken> apply(RoutingContext rc, Outcome outcome) {
        outcome.headers(rc.response().headers()::getAll).forEach(rc.response()::putHeader);
        if (outcome.refusal().isPresent()) {
            write(rc, outcome.response().orElseThrow());
            return Future.failedFuture(outcome.refusal().get());
        }
        VertxRequest.hideTokens(rc);
        Outcome before = rc.get(MET);
        rc.put(MET, outcome);
        VerifiedToken token = outcome.token().orElse(null);
        if (before == null || before.token().orElse(null) != token) { // else it stays as handlers have changed it
            ((UserContextInternal) rc.userContext()).setUser(token == null ? null : VertxUser.of(token));
        }
        return Future.succeededFuture(token);
    }

    private void serve(RoutingContext rc, String path) {
        VertxRequest.read(rc, path) // which fails only if the client went away
                .onSuccess(request -> elsewhere(rc, () -> auth.serve(request))
                        .onSuccess(response -> write(rc, response))
                        .onFailure(rc::fail));
    }

    /** Writes the response of a refusal that a handler threw, failed with or let through. */
    private void refuse(RoutingContext rc) {
        HttpServerResponse out = rc.response();
        if (!(rc.failure() instanceof AuthException refusal)) {
            rc.next();
        } else if (out.headWritten()) {
            if (!out.ended()) { // by the check: then it is too late, and the client must not wait for the rest
                out.reset();
            }
        } else {
            elsewhere(rc, () -> auth.respond(refusal))
                    .onSuccess(response -> write(rc, response))
                    .onFailure(full ->
                            out.setStatusCode(503).putHeader("Retry-After", "5").end());
        }
    }

    /** Writes a response of Latchkey from a handler, such as {@code auth.respond(auth.issue(person))}. */
    public static Future<Void> write(RoutingContext rc, AuthResponse response) {
        HttpServerResponse out = rc.response().setStatusCode(response.status());
        response.headers(out.headers()::getAll).forEach(out::putHeader);
        return out.end(Buffer.buffer(response.body()));
    }

    /**
     * The token of this request.
     *
     * @throws IllegalStateException if the route is open, or optional and the request has none
     */
    public static VerifiedToken token(RoutingContext rc) {
        return Outcome.tokenOf(rc.get(MET));
    }

    /** The token of this request; empty on an open route, and on an optional one without a token. */
    public static Optional<VerifiedToken> findToken(RoutingContext rc) {
        return Outcome.findTokenOf(rc.get(MET));
    }

    /**
     * The user of this request, as the user loader found it.
     *
     * @throws IllegalStateException if there is no token, or no user was loaded, or one of another class
     */
    public static <U> U user(RoutingContext rc, Class<U> type) {
        return token(rc).user(type);
    }
}
