package dev.latchkey.vertx;

import dev.latchkey.testkit.AdapterArchitecture;

class ArchitectureTest extends AdapterArchitecture {

    ArchitectureTest() {
        super(LatchkeyHandler.class, "io.vertx.ext.auth.impl..", "io.vertx.ext.auth.authentication..", "io.netty..");
    }
}
