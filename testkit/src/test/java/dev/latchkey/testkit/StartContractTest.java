package dev.latchkey.testkit;

import dev.latchkey.Latchkey;

class StartContractTest extends ReportContract {

    @Override
    protected AdapterContract.App start(Latchkey auth) {
        return BrokenStart.start(auth, null);
    }
}
