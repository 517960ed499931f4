package dev.latchkey.testkit;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Mistakes with names and ids, and with how long something is kept. */
enum BrokenNames implements BrokenStore {
    JOINS_ISSUER_AND_SUBJECT(() -> keyed(subject -> subject.issuer() + subject.name())),
    JOINS_WITH_A_COLON(() -> keyed(subject -> subject.issuer() + ":" + subject.name())),
    JOINS_WITH_A_BAR(() -> keyed(subject -> subject.issuer() + "|" + subject.name())),
    JOINS_WITH_A_NUL(() -> keyed(subject -> subject.issuer() + "\u0000" + subject.name())),
    JOINS_WITH_A_LINE_BREAK(() -> keyed(subject -> subject.issuer() + "\n" + subject.name())),
    FORGETS_THE_ISSUER(() -> keyed(TokenStore.Subject::name)),
    IGNORES_CASE(() -> named(name -> name.toLowerCase(Locale.ROOT))),
    IGNORES_SPACES_AT_THE_END(() -> named(String::stripTrailing)),
    IGNORES_ACCENTS(
            () -> named(name -> Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}", ""))),
    NORMALIZES(() -> named(name -> Normalizer.normalize(name, Normalizer.Form.NFC))),
    KNOWS_ASCII_ONLY(
            () -> named(name -> new String(name.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII))),
    ENDS_NAMES_AT_A_NUL(() -> named(name -> name.replaceAll("\u0000.*", ""))),
    DROPS_CONTROLS(() -> named(name -> name.replaceAll("\\p{Cntrl}", ""))),
    DROPS_QUOTES(() -> named(name -> name.replaceAll("['\"\\\\]", ""))),
    TAKES_BRACES_FOR_A_HASH_TAG(() -> named(name -> name.replaceAll("^[^{]*\\{([^}]+)\\}.*", "$1"))),
    CUTS_NAMES(() -> named(name -> name.length() > 255 ? name.substring(0, 255) : name)),
    CUTS_ISSUERS(() ->
            keyed(s -> List.of(s.issuer().length() > 255 ? s.issuer().substring(0, 255) : s.issuer(), s.name()))),
    TRIMS_ISSUERS(() -> keyed(s -> List.of(s.issuer().strip(), s.name()))),
    REFUSES_LONG_NAMES(() -> named(name -> {
        if (name.length() > 2704) {
            throw new IllegalStateException("index row size exceeds maximum");
        }
        return name;
    })),
    REFUSES_NULS(() -> named(name -> {
        if (name.indexOf(0) >= 0) {
            throw new IllegalStateException("invalid byte sequence for encoding \"UTF8\": 0x00");
        }
        return name;
    })),
    TAKES_NAMES_FOR_PATTERNS(() -> new PlainStore() {
        @Override
        List<String> others(Subject subject, String keep) {
            if (subject.name().equals("*")) {
                accounts.values().forEach(account -> account.rows.clear());
            }
            return super.others(subject, keep);
        }
    }),
    IGNORES_CASE_OF_IDS(() -> identified(id -> id.toLowerCase(Locale.ROOT))),
    CUTS_IDS(() -> identified(id -> id.length() > 255 ? id.substring(0, 255) : id)),
    TRIMS_IDS(() -> identified(String::strip)),
    KEEPS_ALL_IDS_TOGETHER(() -> new PlainStore() {
        @Override
        public void revoke(Subject subject, String token, Instant until) {
            super.revoke(subject, token, until);
            remove(subject, token);
        }
    }),
    REMEMBERS_ENDS_AS_REVOCATIONS(() -> new PlainStore() {
        @Override
        boolean remove(Subject subject, String session) {
            account(subject).revoked.put(session, StoreBase.inAnHour());
            return super.remove(subject, session);
        }
    }),
    KEEPS_THE_GENERATION_AMONG_IDS(() -> new PlainStore() {
        @Override
        public void revoke(Subject subject, String token, Instant until) {
            super.revoke(subject, token, until);
            if (token.equals("generation")) {
                raise(subject, until);
            }
        }
    }),
    SESSION_HAS_NO_SLACK(() -> new PlainStore() {
        @Override
        boolean isOver(Row row) {
            return now().isAfter(row.current().expiresAt());
        }
    }),
    SESSION_ENDS_WITHOUT_SLACK(() -> new PlainStore() {
        @Override
        boolean isOver(Row row) {
            return super.isOver(row) || now().isAfter(row.session().endsAt());
        }
    }),
    SESSION_LASTS_TO_ITS_END(() -> new PlainStore() {
        @Override
        boolean isOver(Row row) {
            return isOver(row.session().endsAt());
        }
    }),
    SESSION_LASTS_FOR_EVER(() -> new PlainStore() {
        @Override
        boolean isOver(Row row) {
            return false;
        }
    }),
    SESSION_LASTS_UNTIL_SWEPT(() -> new PlainStore() {
        @Override
        boolean isOver(Row row) {
            return false;
        }

        @Override
        List<String> makeWay(Subject subject, Session next, int most) {
            account(subject).rows.values().removeIf(row -> super.isOver(row));
            return super.makeWay(subject, next, most);
        }
    }),
    SLACK_IS_TOO_LONG(() -> new PlainStore() {
        @Override
        boolean isOver(Row row) {
            return isOver(row.current().expiresAt().plusSeconds(5));
        }
    }),
    SLACK_IS_TOO_SHORT(() -> new PlainStore() {
        @Override
        boolean isOver(Row row) {
            return isOver(row.current().expiresAt().minusSeconds(30));
        }
    }),
    ROTATION_KEEPS_THE_EXPIRY(() -> new PlainStore() {
        private final Map<String, Instant> until = new ConcurrentHashMap<>();

        @Override
        boolean isOver(Row row) {
            return isOver(until.computeIfAbsent(row.id(), first -> row.current().expiresAt()));
        }
    }),
    ALL_OF_A_SUBJECT_EXPIRES_WITH_THE_LAST_WRITE(() -> new PlainStore() {
        private final Map<Subject, Instant> until = new ConcurrentHashMap<>();

        @Override
        void put(Subject subject, Row row) {
            super.put(subject, row);
            until.put(subject, row.current().expiresAt());
        }

        @Override
        Account account(Subject subject) {
            Account account = super.account(subject);
            if (isOver(until.getOrDefault(subject, Instant.MAX.minus(SLACK)))) {
                account.rows.clear();
                account.revoked.clear();
                account.generation = 0;
            }
            return account;
        }
    });

    private final Supplier<PlainStore> maker;

    BrokenNames(Supplier<PlainStore> maker) {
        this.maker = maker;
    }

    @Override
    public PlainStore make() {
        return maker.get();
    }

    private static PlainStore keyed(Function<TokenStore.Subject, Object> how) {
        return new PlainStore() {
            @Override
            Object key(Subject subject) {
                return how.apply(subject);
            }
        };
    }

    private static PlainStore named(UnaryOperator<String> how) {
        return keyed(subject -> List.of(subject.issuer(), how.apply(subject.name())));
    }

    private static PlainStore identified(UnaryOperator<String> how) {
        return new PlainStore() {
            @Override
            String id(String id) {
                return how.apply(id);
            }
        };
    }
}
