package dev.latchkey.vertx;

import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.AuthenticationHandler;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.PlatformHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A router that puts a guard into each route of which nothing is said, in the place that Vert.x gives to
 * authentication: after handlers for platform, security policy and body, before all others.
 */
record GuardedRouter(Router router, AuthenticationHandler guard, Set<Route> known) implements InvocationHandler {

    /** A handler that says what its route demands. */
    interface Demand extends AuthenticationHandler {}

    static Router of(Router router, AuthenticationHandler guard) {
        GuardedRouter guarded = new GuardedRouter(router, guard, new HashSet<>(router.getRoutes()));
        router.modifiedHandler(changed -> guarded.refuseStrays());
        return proxy(Router.class, guarded);
    }

    /** A route that was added behind the guard's back goes, so that forgetting the guarded router opens nothing. */
    private void refuseStrays() {
        for (Route route : router.getRoutes()) {
            if (!known.contains(route)) {
                route.remove();
                throw new IllegalStateException("route " + route.getName()
                        + " would have no guard: add it to the router that LatchkeyHandler returned");
            }
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        if (method.getName().equals("modifiedHandler")) { // of another router's subRouter(…), which needs Vert.x's own
            throw new IllegalStateException("mount the router that was guarded, or mount on a guarded router");
        }
        Object result = call(router, method, args);
        if (result instanceof Route route) {
            known.add(route);
            return proxy(Route.class, new GuardedRoute(route, guard));
        }
        return result == router ? proxy : result;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private static final class GuardedRoute implements InvocationHandler {

        private final Route route;
        private final AuthenticationHandler guard;
        private boolean guarded;

        GuardedRoute(Route route, AuthenticationHandler guard) {
            this.route = route;
            this.guard = guard;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
            Object added = args == null ? null : args[0];
            if (added instanceof Router router
                    && Proxy.isProxyClass(router.getClass())
                    && Proxy.getInvocationHandler(router) instanceof GuardedRouter inner) {
                guarded = true; // each of its routes has its own
                args = Stream.of(inner.router()).toArray();
            } else if (!method.getName().equals("failureHandler")
                    && (added instanceof Handler || added instanceof Function)) {
                guardBefore(added);
            }
            Object result = call(route, method, args);
            return result == route ? proxy : result;
        }

        private void guardBefore(Object added) {
            boolean early = added instanceof PlatformHandler
                    || added instanceof SecurityPolicyHandler
                    || added instanceof BodyHandler;
            if (guarded || early) {
                return;
            }
            guarded = true;
            if (!(added instanceof Demand)) {
                route.handler(guard);
            }
        }
    }
}
