package dev.latchkey.testkit;

import dev.latchkey.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** Mistakes with refresh tokens that are presented. */
enum BrokenRotations implements BrokenStore {
    NEVER_REPEATS(() -> new PlainStore() {
        @Override
        Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
            return reused(subject, row, "");
        }
    }),
    REPEATS_ONCE(() -> new PlainStore() {
        @Override
        Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
            put(subject, new Row(row.session(), row.current(), null, row.rotatedAt()));
            return super.repeated(subject, row, proposed);
        }
    }),
    REPEATS_WITH_THE_PROPOSAL(() -> new PlainStore() {
        @Override
        Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
            put(subject, new Row(row.session(), proposed, row.previous(), row.rotatedAt()));
            return new Rotation(Presented.REPEATED, proposed);
        }
    }),
    REPEATS_WITH_TIMES_OF_THE_PROPOSAL(() -> new PlainStore() {
        @Override
        Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
            return new Rotation(
                    Presented.REPEATED,
                    new RefreshToken(row.current().id(), proposed.issuedAt(), proposed.expiresAt()));
        }
    }),
    REPEATS_WITHOUT_A_CUT(() -> new PlainStore() {
        private final Map<String, RefreshToken> uncut = new ConcurrentHashMap<>();

        @Override
        Rotation rotated(Subject subject, Row row, RefreshToken proposed) {
            uncut.put(proposed.id(), proposed);
            return super.rotated(subject, row, proposed);
        }

        @Override
        Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
            return new Rotation(Presented.REPEATED, uncut.get(row.current().id()));
        }
    }),
    REPEATS_AND_SAYS_ROTATED(() -> new PlainStore() {
        @Override
        Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
            return new Rotation(Presented.ROTATED, row.current());
        }
    }),
    REPEATS_WITHOUT_A_TOKEN(() -> new PlainStore() {
        @Override
        Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
            return new Rotation(Presented.REPEATED, null);
        }
    }),
    REPEATS_AND_FORGETS_THE_SUCCESSOR(() -> new PlainStore() {
        @Override
        Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
            put(subject, new Row(row.session(), proposed, row.previous(), row.rotatedAt()));
            return super.repeated(subject, row, proposed);
        }
    }),
    REPLAY_EXTENDS_THE_GRACE(() -> new PlainStore() {
        @Override
        Rotation repeated(Subject subject, Row row, RefreshToken proposed) {
            put(subject, new Row(row.session(), row.current(), row.previous(), now()));
            return super.repeated(subject, row, proposed);
        }
    }),
    GRACE_NEVER_ENDS(() -> new PlainStore() {
        @Override
        Instant graceFrom(Row row) {
            return now();
        }
    }),
    GRACE_IS_HALF(() -> new PlainStore() {
        @Override
        public Rotation rotate(
                Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
            return super.rotate(subject, session, presented, proposed, grace.dividedBy(2));
        }
    }),
    GRACE_GOES_BY_THE_NODE(() -> new PlainStore() {
        @Override
        Instant graceFrom(Row row) {
            return row.current().issuedAt();
        }
    }),
    GRACE_IS_A_SECOND_LONGER(() -> new PlainStore() {
        @Override
        Instant graceFrom(Row row) {
            return row.rotatedAt().plusSeconds(1);
        }
    }),
    REPEATS_WHAT_WAS_LONG_AGO(() -> new PlainStore() {
        private final Map<String, String> sessions = new ConcurrentHashMap<>();

        @Override
        Rotation rotated(Subject subject, Row row, RefreshToken proposed) {
            sessions.put(row.current().id(), row.id());
            return super.rotated(subject, row, proposed);
        }

        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            return row.id().equals(sessions.get(presented))
                            && now().isBefore(row.rotatedAt().plusMillis(300))
                    ? repeated(subject, row, row.current())
                    : super.reused(subject, row, presented);
        }
    }),
    FORGETS_THE_TOKEN_BEFORE_LAST(() -> new PlainStore() {
        @Override
        Rotation rotated(Subject subject, Row row, RefreshToken proposed) {
            Rotation answer = super.rotated(subject, row, proposed);
            if (row.previous() != null) {
                put(subject, new Row(row.session(), answer.current(), null, now()));
            }
            return answer;
        }
    }),
    REUSE_ENDS_NOTHING(() -> new PlainStore() {
        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            return new Rotation(Presented.REUSED, null);
        }
    }),
    REUSE_ENDS_ALL_SESSIONS(() -> new PlainStore() {
        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            account(subject).rows.clear();
            return new Rotation(Presented.REUSED, null);
        }
    }),
    REUSE_RAISES_THE_GENERATION(() -> new PlainStore() {
        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            raise(subject, StoreBase.inAnHour());
            return super.reused(subject, row, presented);
        }
    }),
    REUSE_IS_CALLED_ENDED(() -> new PlainStore() {
        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            super.reused(subject, row, presented);
            return new Rotation(Presented.ENDED, null);
        }
    }),
    REUSE_SHOWS_THE_TOKEN(() -> new PlainStore() {
        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            super.reused(subject, row, presented);
            return new Rotation(Presented.REUSED, row.current());
        }
    }),
    REUSE_IS_OF_KNOWN_TOKENS_ONLY(() -> new PlainStore() {
        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            return presented.equals(row.previous())
                    ? super.reused(subject, row, presented)
                    : new Rotation(Presented.ENDED, null);
        }
    }),
    REUSE_BEFORE_ANY_ROTATION_IS_ENDED(() -> new PlainStore() {
        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            return row.previous() == null ? new Rotation(Presented.ENDED, null) : super.reused(subject, row, presented);
        }
    }),
    ROTATES_WHATEVER_IS_PRESENTED(() -> new PlainStore() {
        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            return rotated(subject, row, row.current());
        }
    }),
    ROTATES_BUT_KEEPS_THE_TOKEN(() -> new PlainStore() {
        @Override
        Rotation rotated(Subject subject, Row row, RefreshToken proposed) {
            return new Rotation(Presented.ROTATED, cut(row.session(), proposed));
        }
    }),
    ROTATES_ONCE(() -> new PlainStore() {
        @Override
        Rotation rotated(Subject subject, Row row, RefreshToken proposed) {
            return row.previous() == null ? super.rotated(subject, row, proposed) : reused(subject, row, "");
        }
    }),
    UNKNOWN_SESSION_IS_REUSE(() -> new PlainStore() {
        @Override
        Rotation unknown(Subject subject, String session, RefreshToken proposed) {
            return new Rotation(Presented.REUSED, null);
        }
    }),
    UNKNOWN_SESSION_IS_OPENED(() -> new PlainStore() {
        @Override
        Rotation unknown(Subject subject, String session, RefreshToken proposed) {
            Instant now = now();
            put(subject, new Row(new Session(session, "", now, now, proposed.expiresAt()), proposed, null, now));
            return super.unknown(subject, session, proposed);
        }
    }),
    UNKNOWN_SESSION_ENDS_ALL(() -> new PlainStore() {
        @Override
        Rotation unknown(Subject subject, String session, RefreshToken proposed) {
            account(subject).rows.clear();
            return super.unknown(subject, session, proposed);
        }
    }),
    ROTATES_SESSIONS_OF_ANYBODY(() -> new PlainStore() {
        @Override
        public Rotation rotate(
                Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
            Object owner = accounts.entrySet().stream()
                    .filter(entry -> entry.getValue().rows.containsKey(session))
                    .map(Map.Entry::getKey)
                    .findAny()
                    .orElse(subject);
            return super.rotate((Subject) owner, session, presented, proposed, grace);
        }
    }),
    WRONG_SUBJECT_ENDS_THE_SESSION(() -> new PlainStore() {
        @Override
        Rotation unknown(Subject subject, String session, RefreshToken proposed) {
            accounts.values().forEach(account -> account.rows.remove(session));
            return super.unknown(subject, session, proposed);
        }
    }),
    EXPIRY_IS_NOT_CUT(() -> new PlainStore() {
        @Override
        RefreshToken cut(Session session, RefreshToken proposed) {
            return proposed;
        }
    }),
    EXPIRY_IS_THE_END_OF_THE_SESSION(() -> new PlainStore() {
        @Override
        RefreshToken cut(Session session, RefreshToken proposed) {
            return new RefreshToken(proposed.id(), proposed.issuedAt(), session.endsAt());
        }
    }),
    EXPIRY_IS_WHOLE_SECONDS(() -> new PlainStore() {
        @Override
        RefreshToken cut(Session session, RefreshToken proposed) {
            RefreshToken cut = super.cut(session, proposed);
            return new RefreshToken(cut.id(), cut.issuedAt(), cut.expiresAt().truncatedTo(ChronoUnit.SECONDS));
        }
    }),
    CURRENT_ARE_ALL_TOKENS(() -> current((row, token) -> true)),
    CURRENT_ARE_NONE(() -> current((row, token) -> false)),
    CURRENT_IS_THE_LATEST_ONLY(
            () -> current((row, token) -> token.equals(row.current().id()))),
    CURRENT_IS_THE_ONE_BEFORE_ONLY(() -> current((row, token) -> token.equals(row.previous()))),
    CURRENT_HAS_NO_SUBJECT(() -> new PlainStore() {
        @Override
        public boolean isCurrent(Subject subject, String session, String refreshToken) {
            return accounts.values().stream()
                    .anyMatch(account -> isCurrent(subject, account.rows.get(session), refreshToken));
        }
    }),
    CURRENT_HAS_NO_SESSION(() -> new PlainStore() {
        @Override
        public boolean isCurrent(Subject subject, String session, String refreshToken) {
            return rows(subject).stream().anyMatch(row -> isCurrent(subject, row, refreshToken));
        }
    }),
    CURRENT_LASTS_LONGER_THAN_THE_SESSION(() -> new PlainStore() {
        @Override
        public boolean isCurrent(Subject subject, String session, String refreshToken) {
            return isCurrent(subject, account(subject).rows.get(session), refreshToken);
        }
    }),
    ASKING_IS_REUSE(() -> new PlainStore() {
        @Override
        boolean isCurrent(Subject subject, Row row, String refreshToken) {
            boolean current = super.isCurrent(subject, row, refreshToken);
            if (row != null && !current) {
                reused(subject, row, refreshToken);
            }
            return current;
        }
    }),
    ASKING_IS_USE(() -> new PlainStore() {
        @Override
        boolean isCurrent(Subject subject, Row row, String refreshToken) {
            boolean current = super.isCurrent(subject, row, refreshToken);
            if (row != null && current) {
                put(subject, new Row(row.session(), row.current(), null, row.rotatedAt()));
            }
            return current;
        }
    });

    private final Supplier<PlainStore> maker;

    BrokenRotations(Supplier<PlainStore> maker) {
        this.maker = maker;
    }

    @Override
    public PlainStore make() {
        return maker.get();
    }

    private static PlainStore current(BiPredicate<PlainStore.Row, String> when) {
        return new PlainStore() {
            @Override
            boolean isCurrent(Subject subject, Row row, String refreshToken) {
                return row != null && when.test(row, refreshToken);
            }
        };
    }
}
