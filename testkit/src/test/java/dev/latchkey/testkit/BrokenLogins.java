package dev.latchkey.testkit;

import dev.latchkey.Session;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Mistakes with generations, logins and the bound of sessions. */
enum BrokenLogins implements BrokenStore {
    GENERATION_BEGINS_AT_ONE(() -> new PlainStore() {
        @Override
        long read(Subject subject) {
            return Math.max(1, super.read(subject));
        }
    }),
    GENERATION_IS_A_COUNTER(() -> new PlainStore() {
        @Override
        void raise(Subject subject, Instant until) {
            super.raise(subject, until);
            account(subject).generation = account(subject).revoked.size() + 1L;
            account(subject).revoked.put("count " + account(subject).revoked.size(), Instant.EPOCH);
        }
    }),
    GENERATION_STANDS_WITHIN_A_SECOND(() -> new PlainStore() {
        @Override
        void raise(Subject subject, Instant until) {
            super.raise(subject, until);
            account(subject).generation = now().getEpochSecond();
        }
    }),
    GENERATION_RUNS_AHEAD(() -> new PlainStore() {
        @Override
        void raise(Subject subject, Instant until) {
            super.raise(subject, until);
            account(subject).generation = account(subject).generation + 60;
        }
    }),
    GENERATION_RISES_AT_EACH_LOGOUT(() -> new PlainStore() {
        @Override
        boolean remove(Subject subject, String session) {
            raise(subject, StoreBase.inAnHour());
            return super.remove(subject, session);
        }
    }),
    GENERATION_RISES_WITH_SESSIONS_ONLY(() -> new PlainStore() {
        @Override
        public int endAll(Subject subject, String keep, Instant until) {
            return others(subject, keep).isEmpty() && account(subject).generation > 0
                    ? 0
                    : super.endAll(subject, keep, until);
        }
    }),
    GENERATION_STAYS_WHERE_ONE_IS_KEPT(() -> new PlainStore() {
        @Override
        public int endAll(Subject subject, String keep, Instant until) {
            long before = account(subject).generation;
            int ended = super.endAll(subject, keep, until);
            account(subject).generation = keep == null ? account(subject).generation : before;
            return ended;
        }
    }),
    GENERATION_LASTS_AS_LONG_AS_ASKED_LAST(() -> new PlainStore() {
        @Override
        void raise(Subject subject, Instant until) {
            account(subject).generationUntil = Instant.EPOCH;
            super.raise(subject, until);
        }
    }),
    GENERATION_HAS_NO_SLACK(() -> new PlainStore() {
        @Override
        long read(Subject subject) {
            return now().isAfter(account(subject).generationUntil) ? 0 : super.read(subject);
        }
    }),
    GENERATION_ENDS_SESSIONS_OPENED_LATER(() -> new PlainStore() {
        @Override
        public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
            return super.isLive(subject, token, session, issuedAt)
                    && isAfter(issuedAt.plusSeconds(100), generation(subject));
        }
    }),
    OPENS_WHATEVER_THE_GENERATION(() -> new PlainStore() {
        @Override
        boolean hasMoved(Subject subject, long generation) {
            return false;
        }
    }),
    OPENS_FOR_LATER_GENERATIONS(() -> new PlainStore() {
        @Override
        boolean hasMoved(Subject subject, long generation) {
            return read(subject) > generation;
        }
    }),
    OPENS_FOR_ANY_GENERATION_AT_FIRST(() -> new PlainStore() {
        @Override
        boolean hasMoved(Subject subject, long generation) {
            return read(subject) != 0 && super.hasMoved(subject, generation);
        }
    }),
    NEVER_OPENS_AFTER_AN_END_OF_ALL(() -> new PlainStore() {
        @Override
        boolean hasMoved(Subject subject, long generation) {
            return read(subject) != 0;
        }
    }),
    REFUSED_LOGIN_IS_OPENED(() -> new PlainStore() {
        @Override
        public Optional<List<String>> open(
                Subject subject, long generation, Session session, RefreshToken first, int most) {
            put(subject, new Row(session, first, null, Instant.EPOCH));
            return super.open(subject, generation, session, first, most);
        }
    }),
    REFUSED_LOGIN_MAKES_WAY(() -> new PlainStore() {
        @Override
        public Optional<List<String>> open(
                Subject subject, long generation, Session session, RefreshToken first, int most) {
            return step("open", () -> {
                List<String> ended = makeWay(subject, session, most);
                return super.open(subject, generation, session, first, most).map(none -> ended);
            });
        }
    }),
    FORGETS_THE_BOUND(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            return List.of();
        }
    }),
    BOUND_IS_ONE_MORE(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            return super.makeWay(subject, next, most + 1);
        }
    }),
    BOUND_IS_ONE_LESS(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            return super.makeWay(subject, next, most - 1);
        }
    }),
    BOUND_ENDS_THE_FIRST_OPENED(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            List<String> ended = rows(subject).stream()
                    .sorted(Comparator.comparing((Row row) -> row.session().startedAt())
                            .reversed())
                    .skip(most - 1)
                    .map(Row::id)
                    .toList();
            ended.forEach(id -> remove(subject, id));
            return ended;
        }
    }),
    BOUND_ENDS_THE_LATEST(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            List<String> ended = rows(subject).stream()
                    .limit(Math.max(0, rows(subject).size() + 1 - most))
                    .map(Row::id)
                    .toList();
            ended.forEach(id -> remove(subject, id));
            return ended;
        }
    }),
    BOUND_ENDS_ALL_OTHERS(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            return super.makeWay(subject, next, rows(subject).size() < most ? most : 1);
        }
    }),
    BOUND_MAY_END_THE_NEW_ONE(() -> new PlainStore() {
        @Override
        public Optional<List<String>> open(
                Subject subject, long generation, Session session, RefreshToken first, int most) {
            return step("open", () -> {
                Optional<List<String>> opened = super.open(subject, generation, session, first, Integer.MAX_VALUE);
                return opened.map(none -> super.makeWay(subject, session, most + 1));
            });
        }
    }),
    BOUND_TELLS_NOTHING(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            List<String> ended = super.makeWay(subject, next, most);
            return ended.isEmpty() ? ended : List.of();
        }
    }),
    BOUND_TELLS_BUT_ENDS_NONE(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            return rows(subject).stream()
                    .skip(Math.max(0, most - 1))
                    .map(Row::id)
                    .toList();
        }
    }),
    BOUND_COUNTS_ENDED_SESSIONS(() -> new PlainStore() {
        @Override
        public boolean end(Subject subject, String session) {
            boolean ended = super.end(subject, session);
            if (ended) {
                account(subject).revoked.merge("ended", Instant.EPOCH.plusSeconds(1), (a, b) -> a.plusSeconds(1));
            }
            return ended;
        }

        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            Instant ended = account(subject).revoked.getOrDefault("ended", Instant.EPOCH);
            return super.makeWay(subject, next, most - (int) ended.getEpochSecond());
        }
    }),
    BOUND_COUNTS_SESSIONS_THAT_ARE_OVER(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            return super.makeWay(
                    subject,
                    next,
                    most - account(subject).rows.size() + rows(subject).size());
        }
    }),
    BOUND_IS_OF_ALL_SUBJECTS(() -> new PlainStore() {
        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            int others = accounts.values().stream()
                    .filter(account -> account != account(subject))
                    .mapToInt(account -> account.rows.size())
                    .sum();
            return super.makeWay(subject, next, most < 10 ? most - others : most);
        }
    });

    private final Supplier<PlainStore> maker;

    BrokenLogins(Supplier<PlainStore> maker) {
        this.maker = maker;
    }

    @Override
    public PlainStore make() {
        return maker.get();
    }
}
