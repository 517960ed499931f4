package dev.latchkey.javalin;

import dev.latchkey.testkit.AdapterArchitecture;

class ArchitectureTest extends AdapterArchitecture {

    ArchitectureTest() {
        super(LatchkeyPlugin.class, "io.javalin.json..", "io.javalin.router.matcher..");
    }
}
