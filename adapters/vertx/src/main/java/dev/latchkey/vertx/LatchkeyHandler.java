package dev.latchkey.vertx;

import dev.latchkey.Access;
import dev.latchkey.AccessRules;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Protects the routes of a Vert.x router and serves Latchkey's endpoints.
 *
 * <pre>{@code
 * LatchkeyHandler latchkey = LatchkeyHandler.create(vertx, auth)
 *         .open("/health", "/assets/*")
 *         .require("/admin/*", Access.role("admin")); // everything else: a valid access token
 * Router router = latchkey.protect(Router.router(vertx));
 * router.get("/me").handler(rc -> rc.end(token(rc).subject()));
 * router.post("/password").handler(latchkey.require(Access.fresh())).handler(this::change);
 * }</pre>
 */
public final class LatchkeyHandler implements AuthenticationHandler {

    static final String MET = "dev.latchkey.met";
    private static final String GUARD = "dev.latchkey.guard";
    private static final int WORKERS = 20;
    private static final int WAITING_PER_WORKER = 50;

    private final Latchkey auth;
    private final AccessRules rules;
    private final WorkerExecutor workers;
    private final Semaphore places;

    private LatchkeyHandler(Latchkey auth, AccessRules rules, WorkerExecutor workers, Semaphore places) {
        this.auth = auth;
        this.rules = rules;
        this.workers = workers;
        this.places = places;
    }

    /** Every path demands a valid access token; 20 threads for what may block: hooks, stores and logins. */
    public static LatchkeyHandler create(Vertx vertx, Latchkey auth) {
        return create(vertx, auth, WORKERS);
    }

    /**
     * With this many threads, at least 1, for what may block; handlers with the same number share them. Where 50 checks
     * per thread wait already, further ones are refused with 503.
     */
    public static LatchkeyHandler create(Vertx vertx, Latchkey auth, int workers) {
        WorkerExecutor pool = vertx.createSharedWorkerExecutor("latchkey-" + workers, workers);
        return new LatchkeyHandler(auth, AccessRules.create(), pool, new Semaphore(workers * WAITING_PER_WORKER));
    }

    private LatchkeyHandler with(AccessRules other) {
        return new LatchkeyHandler(auth, other, workers, places);
    }

    /** A copy in which these paths are open to anybody: literal, or with {@code /*} at the end for all below. */
    public LatchkeyHandler open(String first, String... more) {
        return with(rules.open(first, more));
    }

    /** A copy in which a path demands this, as {@link AccessRules#require} takes it, below the router's mount point. */
    public LatchkeyHandler require(String path, Access access) {
        return with(rules.require(path, access));
    }

    /**
     * A handler for single routes and sub-routers, where every path demands this; put it after body and CORS handlers.
     * Behind {@link #protect} it demands this in addition.
     */
    public LatchkeyHandler require(Access access) {
        return with(AccessRules.create().require("/*", access));
    }

    /**
     * Stands before all routes that a router gets from here on, and answers the refusals that their handlers throw or fail
     * with. What it has already, such as CORS, stays before.
     *
     * @return the same router
     */
    public Router protect(Router router) {
        System.getLogger("dev.latchkey")
                .log(
                        System.Logger.Level.INFO,
                        "paths: " + rules + ", the rest required, endpoints: " + auth.endpoints());
        router.route().handler(this).failureHandler(this::refuse);
        return router;
    }

    /** Serves an endpoint, or lets the request on to the next handler if it meets what its path demands. */
    @Override
    public void handle(RoutingContext rc) {
        rc.put(GUARD, auth); // of several the last, whose part the request is for
        String path = VertxRequest.path(rc, rc.normalizedPath());
        if (auth.endpoints().contains(path)) {
            serve(rc);
            return;
        }
        VertxRequest.hideTokens(rc);
        String sent =
                VertxRequest.path(rc, Objects.requireNonNullElse(rc.request().path(), ""));
        Future<?> met = Future.succeededFuture();
        for (Access access : rules.demands(path, sent, false)) {
            met = access.equals(Access.open()) ? met : met.compose(before -> check(rc, access));
        }
        met.onSuccess(all -> rc.next());
    }

    /**
     * Checks the request once more inside a handler. A refusal is answered right away, and fails the future with an
     * {@link AuthException}; the token is null where the access lets a request in without one.
     */
    public Future<@Nullable VerifiedToken> check(RoutingContext rc, Access access) {
        AuthRequest request = VertxRequest.of(rc, rc.body().buffer());
        boolean here = !Context.isOnEventLoopThread() || !auth.blocks(request, access);
        Future<Outcome> checked = here
                ? Future.succeededFuture().map(nothing -> auth.check(request, access))
                : elsewhere(rc, () -> auth.check(request, access));
        return checked.onFailure(full -> unavailable(rc)).compose(outcome -> apply(rc, outcome));
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

    private void serve(RoutingContext rc) {
        VertxRequest.read(rc) // which fails only if the client went away
                .onSuccess(request -> elsewhere(rc, () -> auth.serve(request))
                        .onSuccess(response -> write(rc, response))
                        .onFailure(full -> unavailable(rc)));
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
            Latchkey last = rc.get(GUARD, auth);
            elsewhere(rc, () -> last.respond(refusal))
                    .onSuccess(response -> write(rc, response))
                    .onFailure(full -> unavailable(rc));
        }
    }

    private static void unavailable(RoutingContext rc) {
        rc.response().setStatusCode(503).putHeader("Retry-After", "5").end();
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
