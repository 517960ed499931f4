package dev.latchkey.testkit;

import dev.latchkey.Access;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** Adapters for streams that each make one mistake. The contracts of streams must notice every one of them. */
enum BrokenStream {
    CHECKS_NO_STREAM(auth -> new StreamServer(auth) {
        @Override
        Access demand(String path) {
            return path.equals("/live/open") ? Access.open() : Access.optional();
        }
    }),
    CLOSES_OPEN_SOCKETS(auth -> new StreamServer(auth) {
        @Override
        Access demand(String path) {
            return Access.required();
        }
    }),
    FORGETS_GROUPS(auth -> new StreamServer(auth) {
        @Override
        Access demand(String path) {
            return super.demand(path.replace("/group", ""));
        }
    }),
    ANSWERS_A_BARE_401(auth -> new StreamServer(auth) {
        @Override
        AuthResponse refusal(AuthResponse response) {
            return AuthResponse.of(401, "text/plain", "");
        }
    }),
    HIDES_THE_ORIGIN(auth -> new StreamServer(auth) {
        @Override
        AuthRequest seen(AuthRequest request) {
            return Breakage.header(request, "Origin", all -> Stream.of());
        }
    }),
    HIDES_THE_HANDSHAKE(auth -> new StreamServer(auth) {
        @Override
        AuthRequest seen(AuthRequest request) {
            return Breakage.header(request, "Upgrade", all -> Stream.of());
        }
    }),
    FORGETS_THE_TOKEN(auth -> new StreamServer(auth) {
        @Override
        Optional<VerifiedToken> known(Optional<VerifiedToken> token) {
            return Optional.empty();
        }
    }),
    SELECTS_THE_FIRST_OFFER(auth -> new StreamServer(auth) {
        @Override
        List<String> selectable(AuthRequest request) {
            return request.headers("Sec-WebSocket-Protocol").stream()
                    .flatMap(line -> Stream.of(line.split(", ")))
                    .toList();
        }
    }),
    SELECTS_NOTHING(auth -> new StreamServer(auth) {
        @Override
        List<String> selectable(AuthRequest request) {
            return List.of();
        }
    }),
    ENDS_NO_STREAM(auth -> new StreamServer(auth) {
        @Override
        CompletableFuture<Void> ended(VerifiedToken token) {
            return new CompletableFuture<>();
        }
    }),
    ENDS_STREAMS_WITH_THEIR_TOKEN_ALONE(auth -> new StreamServer(auth) {
        @Override
        CompletableFuture<Void> ended(VerifiedToken token) {
            long left = Duration.between(Instant.now(), token.expiresAt()).toMillis() + 100;
            return CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(left, TimeUnit.MILLISECONDS));
        }
    }),
    ENDS_STREAMS_AT_ONCE(auth -> new StreamServer(auth) {
        @Override
        CompletableFuture<Void> ended(VerifiedToken token) {
            return CompletableFuture.completedFuture(null);
        }
    });

    private final Function<Latchkey, StreamServer> maker;

    BrokenStream(Function<Latchkey, StreamServer> maker) {
        this.maker = maker;
    }

    StreamServer make(Latchkey auth) {
        return maker.apply(auth);
    }
}
