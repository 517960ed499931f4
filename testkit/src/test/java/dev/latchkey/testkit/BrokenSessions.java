package dev.latchkey.testkit;

import dev.latchkey.Session;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Mistakes with lists of sessions, and their ends. */
enum BrokenSessions implements BrokenStore {
    LISTS_THE_OLDEST_FIRST(() -> listing(sessions -> {
        List<Session> reversed = new ArrayList<>(sessions);
        Collections.reverse(reversed);
        return reversed;
    })),
    LISTS_THE_LATEST_LOGIN_FIRST(() -> listing(sessions -> sessions.stream()
            .sorted(Comparator.comparing(Session::startedAt).reversed())
            .toList())),
    LISTS_A_HUNDRED_AT_MOST(
            () -> listing(sessions -> sessions.stream().limit(100).toList())),
    LISTS_WHOLE_SECONDS(() -> listing(sessions -> sessions.stream()
            .map(s -> new Session(
                    s.id(),
                    s.label(),
                    s.startedAt().truncatedTo(ChronoUnit.SECONDS),
                    s.usedAt().truncatedTo(ChronoUnit.SECONDS),
                    s.endsAt().truncatedTo(ChronoUnit.SECONDS)))
            .toList())),
    LISTS_NO_LABELS(() -> labelled(label -> "")),
    LISTS_LABELS_IN_ASCII(() -> labelled(label -> label.replaceAll("[^\\x00-\\x7F]", "?"))),
    LISTS_LABELS_WITHOUT_CONTROLS(() -> labelled(label -> label.replaceAll("\\p{Cntrl}", ""))),
    LISTS_LABELS_OF_255(() -> labelled(label -> label.length() > 255 ? label.substring(0, 255) : label)),
    ROTATION_IS_NO_USE(() -> new PlainStore() {
        @Override
        Session used(Session session, Instant at, RefreshToken proposed) {
            return session;
        }
    }),
    USE_IS_DATED_BY_THE_NODE(() -> new PlainStore() {
        @Override
        Session used(Session session, Instant at, RefreshToken proposed) {
            return super.used(session, proposed.issuedAt(), proposed);
        }
    }),
    ROTATION_MOVES_THE_END(() -> new PlainStore() {
        @Override
        Session used(Session session, Instant at, RefreshToken proposed) {
            return new Session(
                    session.id(),
                    session.label(),
                    session.startedAt(),
                    at,
                    session.endsAt().plusSeconds(60));
        }
    }),
    ENDS_WHAT_IS_NOT_THERE(() -> new PlainStore() {
        @Override
        public boolean end(Subject subject, String session) {
            return super.end(subject, session) || account(subject).rows.isEmpty();
        }
    }),
    ENDS_BUT_DOES_NOT_TELL(() -> new PlainStore() {
        @Override
        public boolean end(Subject subject, String session) {
            boolean unused = super.end(subject, session);
            return false;
        }
    }),
    TELLS_BUT_ENDS_NOTHING(() -> new PlainStore() {
        @Override
        public boolean end(Subject subject, String session) {
            return step("end", () -> row(subject, session) != null);
        }
    }),
    ENDS_SESSIONS_OF_ANYBODY(() -> new PlainStore() {
        @Override
        public boolean end(Subject subject, String session) {
            return step(
                    "end", () -> accounts.values().stream().anyMatch(account -> account.rows.remove(session) != null));
        }
    }),
    ENDS_SESSIONS_OF_ANY_ISSUER(() -> new PlainStore() {
        @Override
        public boolean end(Subject subject, String session) {
            return step(
                    "end",
                    () -> accounts.entrySet().stream()
                            .filter(entry -> ((Subject) entry.getKey()).name().equals(subject.name()))
                            .anyMatch(entry -> entry.getValue().rows.remove(session) != null));
        }
    }),
    ENDS_ALL_WITH_ONE(() -> new PlainStore() {
        @Override
        public boolean end(Subject subject, String session) {
            boolean ended = super.end(subject, session);
            account(subject).rows.clear();
            return ended;
        }
    }),
    END_OF_ALL_COUNTS_NOTHING(() -> new PlainStore() {
        @Override
        public int endAll(Subject subject, String keep, Instant until) {
            int unused = super.endAll(subject, keep, until);
            return 0;
        }
    }),
    END_OF_ALL_COUNTS_WHAT_IS_OVER(() -> new PlainStore() {
        @Override
        public int endAll(Subject subject, String keep, Instant until) {
            int over = account(subject).rows.size() - rows(subject).size();
            return super.endAll(subject, keep, until) + over;
        }
    }),
    END_OF_ALL_COUNTS_THE_KEPT(() -> new PlainStore() {
        @Override
        public int endAll(Subject subject, String keep, Instant until) {
            return super.endAll(subject, keep, until) + rows(subject).size();
        }
    }),
    END_OF_ALL_ENDS_NO_SESSION(() -> new PlainStore() {
        @Override
        public int endAll(Subject subject, String keep, Instant until) {
            return step("endAll", () -> {
                raise(subject, until);
                return others(subject, keep).size();
            });
        }
    }),
    END_OF_ALL_ENDS_THE_KEPT(() -> new PlainStore() {
        @Override
        List<String> others(Subject subject, String keep) {
            return super.others(subject, null);
        }
    }),
    END_OF_ALL_NEEDS_SOMETHING_TO_KEEP(() -> new PlainStore() {
        @Override
        List<String> others(Subject subject, String keep) {
            return keep != null && row(subject, keep) == null ? List.of() : super.others(subject, keep);
        }
    }),
    END_OF_ALL_REACHES_ALL_ISSUERS(() -> new PlainStore() {
        @Override
        public int endAll(Subject subject, String keep, Instant until) {
            accounts.forEach((key, account) -> {
                if (!key.equals(subject) && ((Subject) key).name().equals(subject.name())) {
                    account.rows.clear();
                }
            });
            return super.endAll(subject, keep, until);
        }
    });

    private final Supplier<PlainStore> maker;

    BrokenSessions(Supplier<PlainStore> maker) {
        this.maker = maker;
    }

    @Override
    public PlainStore make() {
        return maker.get();
    }

    private static PlainStore listing(Function<List<Session>, List<Session>> how) {
        return new PlainStore() {
            @Override
            public List<Session> sessions(Subject subject) {
                return how.apply(super.sessions(subject));
            }
        };
    }

    private static PlainStore labelled(Function<String, String> how) {
        return listing(sessions -> sessions.stream()
                .map(s -> new Session(s.id(), how.apply(s.label()), s.startedAt(), s.usedAt(), s.endsAt()))
                .toList());
    }
}
