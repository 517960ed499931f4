package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Latchkey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The proof of the proof: every broken adapter is noticed, and every clause notices one. */
@Tag("catalogue")
class ContractCatalogueTest {

    /** Most of the time a clause waits. */
    private static final int AT_ONCE = 6;

    /** What the thread that runs a contract breaks. */
    private static final ThreadLocal<Object> BROKEN = new ThreadLocal<>();

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <B> B broken() {
        return (B) BROKEN.get();
    }

    /** A contract as it runs against one broken adapter; its name keeps it out of the ordinary run. */
    @ExtendWith(Catalogue.Sparing.class)
    @TestMethodOrder(Catalogue.IdleFirst.class)
    static final class AgainstBroken extends AdapterContract {

        @Override
        protected App start(Latchkey auth) {
            return HttpServerContractTest.serve(ContractCatalogueTest.<Function<Latchkey, LatchkeyHandler>>broken()
                    .apply(auth));
        }
    }

    @ExtendWith(Catalogue.Sparing.class)
    @TestMethodOrder(Catalogue.IdleFirst.class)
    static final class SocketsAgainstBroken extends WebSocketContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return ContractCatalogueTest.<BrokenStream>broken().make(auth).start();
        }
    }

    @ExtendWith(Catalogue.Sparing.class)
    @TestMethodOrder(Catalogue.IdleFirst.class)
    static final class EventsAgainstBroken extends EventStreamContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return ContractCatalogueTest.<BrokenStream>broken().make(auth).start();
        }
    }

    @ExtendWith(Catalogue.Sparing.class)
    @TestMethodOrder(Catalogue.IdleFirst.class)
    static final class DispatchAgainstBroken extends DispatchContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return new DispatchServer(auth, broken()).start();
        }
    }

    @ExtendWith(Catalogue.Sparing.class)
    @TestMethodOrder(Catalogue.IdleFirst.class)
    static final class PartsAgainstBroken extends PartsContract {

        @Override
        protected AdapterContract.App start(Latchkey whole, Latchkey partners) {
            return new PartsServer(whole, partners, broken()).start();
        }
    }

    @ExtendWith(Catalogue.Sparing.class)
    @TestMethodOrder(Catalogue.IdleFirst.class)
    static final class ReportAgainstBroken extends ReportContract {

        @Override
        protected AdapterContract.App start(Latchkey auth) {
            return BrokenStart.start(auth, broken());
        }
    }

    @Test
    void everyBrokenAdapterIsKilledAndEveryClauseKillsOne() throws Exception {
        List<Function<Latchkey, LatchkeyHandler>> all = new ArrayList<>(List.of(BrokenAdapter.values()));
        all.addAll(List.of(BrokenHandling.values()));
        all.addAll(List.of(BrokenCookies.values()));
        assertThat(catalogue("contract", AT_ONCE, all, AgainstBroken.class)).hasSizeGreaterThan(80);
    }

    @Test
    void everyBrokenStreamIsKilledAndEveryClauseKillsOne() throws Exception {
        assertThat(catalogue(
                        "stream",
                        AT_ONCE,
                        List.of(BrokenStream.values()),
                        SocketsAgainstBroken.class,
                        EventsAgainstBroken.class))
                .hasSizeGreaterThan(6);
    }

    @Test
    void everyBrokenDispatchIsKilledAndEveryClauseKillsOne() throws Exception {
        assertThat(catalogue("dispatch", AT_ONCE, List.of(BrokenDispatch.values()), DispatchAgainstBroken.class))
                .hasSizeGreaterThan(8);
    }

    @Test
    void everyBrokenPartIsKilledAndEveryClauseKillsOne() throws Exception {
        assertThat(catalogue("parts", AT_ONCE, List.of(PartsServer.Mistake.values()), PartsAgainstBroken.class))
                .hasSizeGreaterThan(4);
    }

    /** One after the other, as they are told apart by what they log. */
    @Test
    void everyBrokenStartIsKilledAndEveryClauseKillsOne() throws Exception {
        assertThat(catalogue("start", 1, List.of(BrokenStart.values()), ReportAgainstBroken.class))
                .hasSize(1);
    }

    private static Set<String> catalogue(String name, int atOnce, List<?> all, Class<?>... contracts) throws Exception {
        return Catalogue.of(
                name,
                atOnce,
                all,
                broken -> {
                    BROKEN.set(broken);
                    Count.apart();
                },
                contracts);
    }
}
