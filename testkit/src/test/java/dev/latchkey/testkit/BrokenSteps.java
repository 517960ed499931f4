package dev.latchkey.testkit;

import dev.latchkey.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Mistakes that show when calls meet, or when the server is restarted. */
enum BrokenSteps implements BrokenStore {
    ROTATES_IN_TWO_STEPS(() -> inTwo("rotate", "rotate")),
    OPENS_IN_TWO_STEPS(() -> inTwo("open", "open")),
    MAKES_WAY_IN_TWO_STEPS(() -> inTwo("open", "bound")),
    ENDS_IN_TWO_STEPS(() -> inTwo("end", "end")),
    ENDS_ALL_IN_TWO_STEPS(() -> inTwo("endAll", "endAll")),
    RAISES_IN_TWO_STEPS(() -> inTwo("endAll", "generation")),
    REVOKES_IN_TWO_STEPS(() -> inTwo("revoke", "revoke")),
    ANSWERS_BEFORE_IT_REVOKES(() -> new PlainStore() {
        @Override
        public void revoke(Subject subject, String token, Instant until) {
            later(() -> super.revoke(subject, token, until));
        }
    }),
    ANSWERS_BEFORE_IT_ENDS_THE_SESSION(() -> new PlainStore() {
        @Override
        public boolean end(Subject subject, String session) {
            boolean known = row(subject, session) != null;
            later(() -> {
                boolean unused = super.end(subject, session);
            });
            return known;
        }
    }),
    ANSWERS_BEFORE_IT_ENDS_ALL(() -> new PlainStore() {
        @Override
        public int endAll(Subject subject, String keep, Instant until) {
            int known = others(subject, keep).size();
            later(() -> {
                int unused = super.endAll(subject, keep, until);
            });
            return known;
        }
    }),
    KEEPS_CHECKS_FOR_A_WHILE(() -> caching(true)),
    KEEPS_GENERATIONS_FOR_A_WHILE(() -> caching(false)),
    KEEPS_EACH_NODES_OWN(() -> new PlainStore() {
        @Override
        TokenStore node() {
            return new PlainStore();
        }
    }),
    END_TAKES_A_LOGIN_ALONG(() -> new PlainStore() {
        @Override
        public boolean end(Subject subject, String session) {
            boolean last = rows(subject).size() == 1;
            boolean ended = super.end(subject, session);
            if (last && ended) {
                pause();
                account(subject).rows.clear();
            }
            return ended;
        }
    }),
    CHECK_FAILS_WHEN_CALLS_MEET(() -> new PlainStore() {
        private final AtomicInteger inside = new AtomicInteger();

        @Override
        <T> T atomically(String name, Supplier<T> call) {
            try {
                if (inside.incrementAndGet() > 1) {
                    throw new IllegalStateException("deadlock detected");
                }
                if (!name.equals("isLive")) {
                    pause();
                }
                return super.atomically(name, call);
            } finally {
                inside.decrementAndGet();
            }
        }
    }),
    WRITES_SUBJECTS_AS_A_WHOLE(() -> new PlainStore() {
        @Override
        public Rotation rotate(
                Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
            Map<String, Row> rows = new HashMap<>(account(subject).rows);
            pause();
            Rotation answer = super.rotate(subject, session, presented, proposed, grace);
            rows.forEach((id, row) -> {
                if (!id.equals(session)) {
                    account(subject).rows.put(id, row);
                }
            });
            return answer;
        }
    }),
    LOSES_ALL_AT_A_RESTART(() -> restarting(accounts -> accounts.clear())),
    LOSES_SESSIONS_AT_A_RESTART(() -> restarting(accounts -> accounts.values().forEach(a -> a.rows.clear()))),
    LOSES_REVOCATIONS_AT_A_RESTART(
            () -> restarting(accounts -> accounts.values().forEach(a -> a.revoked.clear()))),
    LOSES_GENERATIONS_AT_A_RESTART(
            () -> restarting(accounts -> accounts.values().forEach(a -> a.generation = 0))),
    LOSES_THE_TOKEN_BEFORE_AT_A_RESTART(() -> restarting(accounts -> accounts.values()
            .forEach(account -> account.rows.replaceAll(
                    (id, row) -> new PlainStore.Row(row.session(), row.current(), null, row.rotatedAt()))))),
    FORGIVES_REUSE_AFTER_A_RESTART(() -> new PlainStore() {
        private volatile boolean restarted;

        @Override
        void restart() {
            super.restart();
            restarted = true;
        }

        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            return restarted ? new Rotation(Presented.ENDED, null) : super.reused(subject, row, presented);
        }
    }),
    NEVER_COMES_BACK(() -> new PlainStore() {
        private volatile boolean gone;

        @Override
        void restart() {
            gone = true;
        }

        @Override
        <T> T step(String name, Supplier<T> call) {
            if (gone) {
                throw new IllegalStateException("connection refused");
            }
            return super.step(name, call);
        }
    });

    private final Supplier<PlainStore> maker;

    BrokenSteps(Supplier<PlainStore> maker) {
        this.maker = maker;
    }

    @Override
    public PlainStore make() {
        return maker.get();
    }

    /** Anything may come in between of reading and writing. */
    private static PlainStore inTwo(String call, String gap) {
        return new PlainStore() {
            @Override
            <T> T atomically(String name, Supplier<T> step) {
                return name.equals(call) ? step.get() : super.atomically(name, step);
            }

            @Override
            void gap(String name) {
                if (name.equals(gap)) {
                    pause();
                }
            }
        };
    }

    private static void later(Runnable write) {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
            PlainStore.pause();
            write.run();
        });
    }

    /** Each node remembers for a while what it read: of tokens, or of generations. */
    private static PlainStore caching(boolean tokens) {
        return new PlainStore() {
            @Override
            TokenStore node() {
                PlainStore all = this;
                Map<Object, Instant> live = new ConcurrentHashMap<>();
                Map<Object, Long> generations = new ConcurrentHashMap<>();
                return new PlainStore() {
                    {
                        accounts = all.accounts;
                    }

                    @Override
                    <T> T step(String name, Supplier<T> call) {
                        return all.step(name, call);
                    }

                    @Override
                    public long generation(Subject subject) {
                        return tokens
                                ? super.generation(subject)
                                : generations.computeIfAbsent(subject, unknown -> super.generation(subject));
                    }

                    @Override
                    public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
                        Object key = List.of(subject, token, String.valueOf(session));
                        Instant until = live.getOrDefault(key, Instant.EPOCH);
                        if (tokens && now().isBefore(until)) {
                            return true;
                        }
                        boolean answer = super.isLive(subject, token, session, issuedAt);
                        if (answer) {
                            live.put(key, now().plusSeconds(1));
                        }
                        return answer;
                    }
                };
            }
        };
    }

    private static PlainStore restarting(Consumer<Map<Object, PlainStore.Account>> loss) {
        return new PlainStore() {
            @Override
            void restart() {
                super.restart();
                loss.accept(accounts);
            }
        };
    }
}
