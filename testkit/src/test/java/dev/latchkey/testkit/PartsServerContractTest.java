package dev.latchkey.testkit;

import dev.latchkey.Latchkey;

class PartsServerContractTest extends PartsContract {

    @Override
    protected AdapterContract.App start(Latchkey whole, Latchkey partners) {
        return new PartsServer(whole, partners, null).start();
    }
}
