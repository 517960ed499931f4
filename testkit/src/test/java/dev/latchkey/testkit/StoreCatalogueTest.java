package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.TokenStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The proof of the proof: every broken store is noticed, and every clause notices one. */
@Tag("catalogue")
class StoreCatalogueTest {

    /** The contract as it runs against one broken store, in small; its name keeps it out of the ordinary run. */
    @ExtendWith(Catalogue.Sparing.class)
    @TestMethodOrder(Catalogue.IdleFirst.class)
    static final class AgainstBroken extends DurableStoreContract {

        /** Of the thread that runs the clauses: several stores are tried at once, as clauses wait for moments. */
        static final ThreadLocal<Supplier<PlainStore>> MAKER = ThreadLocal.withInitial(() -> PlainStore::new);

        private final PlainStore store = MAKER.get().get();

        @Override
        protected TokenStore open() {
            return store.node();
        }

        @Override
        protected void restart() {
            store.restart();
        }

        @Override
        int rounds() {
            return 40;
        }

        @Override
        int veryMany() {
            return 300;
        }

        @Override
        Duration aWhile() {
            return Duration.ofMillis(400);
        }

        @Override
        Duration recovery() {
            return Duration.ofMillis(500);
        }
    }

    private static final int AT_ONCE = 4;

    private final Logger logger = Logger.getLogger("dev.latchkey");

    @Test
    void everyBrokenStoreIsKilledAndEveryClauseKillsOne() throws Exception {
        Level level = logger.getLevel();
        logger.setLevel(Level.OFF);
        try {
            assertThat(Catalogue.run(AgainstBroken.class))
                    .as("clauses that a store fails which is not broken")
                    .hasSizeGreaterThan(80)
                    .doesNotContainValue(false);
            assertThat(Catalogue.of(
                            "store",
                            AT_ONCE,
                            broken(),
                            broken -> AgainstBroken.MAKER.set(broken::make),
                            AgainstBroken.class))
                    .hasSizeGreaterThan(80);
        } finally {
            logger.setLevel(level);
        }
    }

    private static List<BrokenStore> broken() {
        return Stream.<BrokenStore[]>of(
                        BrokenLogins.values(),
                        BrokenSessions.values(),
                        BrokenRotations.values(),
                        BrokenRevocations.values(),
                        BrokenNames.values(),
                        BrokenSteps.values())
                .flatMap(Stream::of)
                .toList();
    }
}
