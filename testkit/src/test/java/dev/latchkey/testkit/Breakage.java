package dev.latchkey.testkit;

import com.sun.net.httpserver.HttpExchange;
import dev.latchkey.Access;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Ways to break one step of a sound adapter. */
final class Breakage {

    private Breakage() {}

    /** Answers some requests itself; true if it did. */
    interface Shortcut {
        boolean take(HttpExchange exchange) throws IOException;
    }

    static LatchkeyHandler demanding(Latchkey auth, UnaryOperator<Access> other) {
        return new LatchkeyHandler(auth) {
            @Override
            Access access(Target target, String path) {
                return other.apply(super.access(target, path));
            }
        };
    }

    static LatchkeyHandler demanding(Route route, Latchkey auth, Access other) {
        return new LatchkeyHandler(auth) {
            @Override
            Access access(Target target, String path) {
                return path.equals(route.path()) ? other : super.access(target, path);
            }
        };
    }

    static LatchkeyHandler writing(Latchkey auth, UnaryOperator<AuthResponse> other) {
        return new LatchkeyHandler(auth) {
            @Override
            void write(HttpExchange exchange, AuthResponse response) throws IOException {
                super.write(exchange, other.apply(response));
            }
        };
    }

    static LatchkeyHandler asking(Latchkey auth, UnaryOperator<AuthRequest> other) {
        return new LatchkeyHandler(auth) {
            @Override
            AuthRequest request(HttpExchange exchange, Outcome before) {
                return other.apply(super.request(exchange, before));
            }
        };
    }

    static LatchkeyHandler serving(Latchkey auth, Shortcut shortcut) {
        return new LatchkeyHandler(auth) {
            @Override
            public void handle(HttpExchange exchange) throws IOException {
                if (!auth.endpoints().contains(path(exchange)) || !shortcut.take(exchange)) {
                    super.handle(exchange);
                }
            }
        };
    }

    static boolean status(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
        return true;
    }

    static AuthResponse without(AuthResponse response, String header) {
        return rebuilt(response, response.status(), header, response.body());
    }

    static AuthResponse status(AuthResponse response, int status) {
        return rebuilt(response, status, "", response.body());
    }

    static AuthResponse body(AuthResponse response, String body) {
        return rebuilt(response, response.status(), "", body);
    }

    /** The response with the lines of headers that were there before it. */
    static AuthResponse added(AuthResponse response, Map<String, List<String>> before) {
        AuthResponse more = response;
        for (Map.Entry<String, List<String>> header : response.headers().entrySet()) {
            List<String> lines = before.getOrDefault(header.getKey(), List.of());
            if (!lines.isEmpty()) {
                more = more.withHeader(
                        header.getKey(), lines.get(0), header.getValue().toArray(String[]::new));
            }
        }
        return more;
    }

    static byte[] uncheckedly(Callable<byte[]> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static AuthResponse rebuilt(AuthResponse response, int status, String without, String body) {
        AuthResponse copy = AuthResponse.of(status, "text/plain", body);
        for (Map.Entry<String, List<String>> header : response.headers().entrySet()) {
            if (!header.getKey().equals(without)) {
                copy = copy.withHeader(header.getKey(), header.getValue().get(0));
            }
        }
        return copy;
    }

    static AuthRequest headers(AuthRequest request, BiFunction<String, List<String>, Stream<String>> other) {
        return new Changed(request) {
            @Override
            public List<String> headers(String name) {
                return other.apply(name, super.headers(name)).toList();
            }
        };
    }

    static AuthRequest bodied(AuthRequest request, UnaryOperator<byte[]> other) {
        return new Changed(request) {
            @Override
            public byte[] body(int limit) throws IOException {
                return other.apply(super.body(limit));
            }
        };
    }

    /** One header of the request otherwise. */
    static AuthRequest header(AuthRequest request, String name, UnaryOperator<Stream<String>> other) {
        return headers(
                request, (asked, all) -> asked.equalsIgnoreCase(name) ? other.apply(all.stream()) : all.stream());
    }

    static AuthRequest method(AuthRequest request, UnaryOperator<String> other) {
        return new Changed(request) {
            @Override
            public String method() {
                return other.apply(super.method());
            }
        };
    }

    static AuthRequest query(AuthRequest request, UnaryOperator<String> other) {
        return new Changed(request) {
            @Override
            public String query() {
                return other.apply(super.query());
            }
        };
    }

    static AuthRequest addressless(AuthRequest request) {
        return new Changed(request) {
            @Override
            public String remoteAddress() {
                return "unknown";
            }
        };
    }

    static class Changed implements AuthRequest {

        private final AuthRequest request;

        Changed(AuthRequest request) {
            this.request = request;
        }

        @Override
        public String method() {
            return request.method();
        }

        @Override
        public String path() {
            return request.path();
        }

        @Override
        public String prefix() {
            return request.prefix();
        }

        @Override
        public String query() {
            return request.query();
        }

        @Override
        public List<String> headers(String name) {
            return request.headers(name);
        }

        @Override
        public String remoteAddress() {
            return request.remoteAddress();
        }

        @Override
        public byte[] body(int limit) throws IOException {
            return request.body(limit);
        }

        @Override
        public Outcome before() {
            return request.before();
        }
    }
}
