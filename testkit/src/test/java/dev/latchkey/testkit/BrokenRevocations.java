package dev.latchkey.testkit;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Mistakes with revocations, checks and batches. */
enum BrokenRevocations implements BrokenStore {
    FORGETS_REVOCATIONS(() -> revoked((revoked, session) -> false)),
    REVOKES_NO_TOKEN_OF_A_SESSION(() -> revoked((revoked, session) -> revoked && session == null)),
    REVOKES_TOKENS_OF_SESSIONS_ONLY(() -> revoked((revoked, session) -> revoked && session != null)),
    REVOKES_THE_SUBJECT(() -> new PlainStore() {
        @Override
        boolean isRevoked(Subject subject, String token, String session) {
            return account(subject).revoked.values().stream().anyMatch(until -> !isOver(until));
        }
    }),
    REVOKES_FOR_EVERYBODY(() -> new PlainStore() {
        @Override
        boolean isRevoked(Subject subject, String token, String session) {
            return accounts.values().stream().anyMatch(account -> account.revoked.containsKey(token));
        }
    }),
    REVOKES_FOR_EVERY_ISSUER(() -> new PlainStore() {
        @Override
        boolean isRevoked(Subject subject, String token, String session) {
            return accounts.entrySet().stream()
                    .filter(entry -> ((Subject) entry.getKey()).name().equals(subject.name()))
                    .anyMatch(entry -> entry.getValue().revoked.containsKey(token));
        }
    }),
    REVOKES_THE_SESSIONS_TOO(() -> new PlainStore() {
        @Override
        public void revoke(Subject subject, String token, Instant until) {
            super.revoke(subject, token, until);
            account(subject).rows.clear();
        }
    }),
    KEEPS_THE_LAST_REVOCATION(() -> new PlainStore() {
        @Override
        Instant kept(Instant before, Instant until) {
            return until;
        }
    }),
    KEEPS_THE_FIRST_REVOCATION(() -> new PlainStore() {
        @Override
        Instant kept(Instant before, Instant until) {
            return before == null || before.equals(Instant.EPOCH) ? until : before;
        }
    }),
    REVOCATION_HAS_NO_SLACK(() -> new PlainStore() {
        @Override
        boolean isRevoked(Subject subject, String token, String session) {
            Instant until = account(subject).revoked.get(token);
            return until != null && until.isAfter(now());
        }
    }),
    REVOCATION_ENDS_WITH_THE_SESSIONS(() -> new PlainStore() {
        @Override
        void raise(Subject subject, Instant until) {
            super.raise(subject, until);
            account(subject).revoked.clear();
        }
    }),
    REVOCATION_ENDS_WITH_A_THEFT(() -> new PlainStore() {
        @Override
        Rotation reused(Subject subject, Row row, String presented) {
            account(subject).revoked.clear();
            return super.reused(subject, row, presented);
        }
    }),
    YEARS_END_IN_2038(() -> new PlainStore() {
        @Override
        Instant kept(Instant before, Instant until) {
            return super.kept(before, Instant.ofEpochSecond(until.getEpochSecond() << 32 >> 32));
        }
    }),
    UNKNOWN_SUBJECT_HAS_NO_TOKENS(() -> new PlainStore() {
        @Override
        public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
            return accounts.containsKey(subject) && super.isLive(subject, token, session, issuedAt);
        }
    }),
    UNKNOWN_SUBJECT_HAS_ANY_SESSION(() -> new PlainStore() {
        @Override
        public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
            return !accounts.containsKey(subject) || super.isLive(subject, token, session, issuedAt);
        }
    }),
    SESSIONS_END_TOKENS_WITHOUT_ONE(() -> new PlainStore() {
        @Override
        boolean isRevoked(Subject subject, String token, String session) {
            return super.isRevoked(subject, token, session)
                    || (session == null && !account(subject).rows.isEmpty());
        }
    }),
    ADMITS_THE_SECOND_OF_THE_GENERATION(() -> new PlainStore() {
        @Override
        boolean isAfter(Instant issuedAt, long generation) {
            return issuedAt.getEpochSecond() >= generation;
        }
    }),
    REFUSES_THE_SECOND_AFTER_THE_GENERATION(() -> new PlainStore() {
        @Override
        boolean isAfter(Instant issuedAt, long generation) {
            return issuedAt.getEpochSecond() > generation + 1;
        }
    }),
    END_OF_ALL_SPARES_TOKENS_WITHOUT_A_SESSION(() -> new PlainStore() {
        @Override
        boolean isAfter(Instant issuedAt, long generation) {
            return true;
        }
    }),
    END_OF_ALL_ENDS_TOKENS_FOR_EVER(() -> new PlainStore() {
        @Override
        boolean isAfter(Instant issuedAt, long generation) {
            return generation == 0;
        }
    }),
    GENERATION_ENDS_TOKENS_OF_ALL_ISSUERS(() -> new PlainStore() {
        @Override
        public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
            return super.isLive(subject, token, session, issuedAt)
                    && (session != null
                            || accounts.entrySet().stream()
                                    .filter(entry ->
                                            ((Subject) entry.getKey()).name().equals(subject.name()))
                                    .allMatch(entry -> isAfter(issuedAt, entry.getValue().generation)));
        }
    }),
    CHECKS_NO_SESSION(() -> new PlainStore() {
        @Override
        public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
            return super.isLive(subject, token, null, issuedAt);
        }
    }),
    CHECKS_SESSIONS_OF_ANYBODY(() -> new PlainStore() {
        @Override
        public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
            return super.isLive(subject, token, session, issuedAt)
                    || (session != null
                            && accounts.values().stream().anyMatch(account -> account.rows.containsKey(session)));
        }
    }),
    CHECKS_THE_LAST_SESSION_ONLY(() -> new PlainStore() {
        @Override
        public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
            return super.isLive(subject, token, session, issuedAt)
                    && (session == null
                            || rows(subject).size() < 2
                            || rows(subject).get(0).id().equals(session));
        }
    }),
    BATCH_OF_ANYBODY(() -> new PlainStore() {
        @Override
        public Set<String> live(Map<String, Subject> sessions) {
            return sessions.keySet().stream()
                    .filter(id -> accounts.values().stream().anyMatch(account -> account.rows.containsKey(id)))
                    .collect(Collectors.toSet());
        }
    }),
    BATCH_OF_ONE_SUBJECT(() -> new PlainStore() {
        @Override
        public Set<String> live(Map<String, Subject> sessions) {
            return sessions.isEmpty()
                    ? Set.of()
                    : super.live(sessions.keySet().stream()
                            .collect(Collectors.toMap(
                                    id -> id, id -> sessions.get(Collections.min(sessions.keySet())))));
        }
    }),
    BATCH_MUST_NOT_BE_EMPTY(() -> new PlainStore() {
        @Override
        public Set<String> live(Map<String, Subject> sessions) {
            if (sessions.isEmpty()) {
                throw new IllegalArgumentException("wrong number of arguments");
            }
            return super.live(sessions);
        }
    }),
    BATCH_HOLDS_A_THOUSAND(() -> new PlainStore() {
        @Override
        public Set<String> live(Map<String, Subject> sessions) {
            if (sessions.size() > 1000) {
                throw new IllegalStateException("too many parameters");
            }
            return super.live(sessions);
        }
    }),
    BATCH_TELLS_WHAT_IT_IS_ASKED(() -> new PlainStore() {
        @Override
        public Set<String> live(Map<String, Subject> sessions) {
            return sessions.keySet();
        }
    }),
    BATCH_TELLS_TOKENS(() -> new PlainStore() {
        @Override
        public Set<String> live(Map<String, Subject> sessions) {
            Set<String> live = super.live(sessions);
            sessions.forEach((id, subject) -> {
                if (account(subject).revoked.containsKey(id)) {
                    live.add(id);
                }
            });
            return live;
        }
    });

    private final Supplier<PlainStore> maker;

    BrokenRevocations(Supplier<PlainStore> maker) {
        this.maker = maker;
    }

    @Override
    public PlainStore make() {
        return maker.get();
    }

    private static PlainStore revoked(BiPredicate<Boolean, String> when) {
        return new PlainStore() {
            @Override
            boolean isRevoked(Subject subject, String token, String session) {
                return when.test(super.isRevoked(subject, token, session), session);
            }
        };
    }
}
