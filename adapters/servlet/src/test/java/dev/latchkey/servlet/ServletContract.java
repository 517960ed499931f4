package dev.latchkey.servlet;

import static dev.latchkey.servlet.Container.filter;
import static dev.latchkey.servlet.Container.servlet;

import dev.latchkey.Access;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract;
import dev.latchkey.testkit.Route;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** The contract's application on the servlet API alone: every container runs the same. */
abstract class ServletContract extends AdapterContract {

    private final Container container;

    ServletContract(Container container) {
        this.container = container;
    }

    @Override
    protected App start(Latchkey auth) {
        Map<String, Access> demands = new TreeMap<>();
        Map<String, Map<String, Route>> routes = new TreeMap<>();
        for (Route route : Route.values()) {
            route.access().ifPresent(access -> demands.put(route.path(), access));
            routes.computeIfAbsent(route.path(), path -> new TreeMap<>()).put(route.method(), route);
        }
        LatchkeyFilter filter = LatchkeyFilter.of(auth).require("/group/*", Access.fresh());
        for (Map.Entry<String, Access> demand : demands.entrySet()) {
            filter = filter.require(demand.getKey(), demand.getValue());
        }
        LatchkeyFilter all = filter;
        return container.start(context -> {
            filter(context, ServletContract::setCookie, "/*");
            filter(context, all, "/*");
            routes.forEach((path, byMethod) -> servlet(context, path, (request, response) -> {
                Route route = byMethod.get(request.getMethod().equals("HEAD") ? "GET" : request.getMethod());
                if (route == null) {
                    response.sendError(405);
                    return;
                }
                route.handle(new ServletExchange(request, response));
            }));
        });
    }

    private static void setCookie(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ((HttpServletResponse) response).addCookie(new Cookie("seen", "yes"));
        chain.doFilter(request, response);
    }
}
