package dev.latchkey.testkit;

import dev.latchkey.Latchkey;

class DispatchServerContractTest extends DispatchContract {

    @Override
    protected AdapterContract.App start(Latchkey auth) {
        return new DispatchServer(auth, null).start();
    }
}
