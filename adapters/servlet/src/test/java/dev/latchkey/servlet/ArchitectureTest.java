package dev.latchkey.servlet;

import dev.latchkey.testkit.AdapterArchitecture;

class ArchitectureTest extends AdapterArchitecture {

    ArchitectureTest() {
        super(LatchkeyFilter.class);
    }
}
