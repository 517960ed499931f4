package dev.latchkey.servlet;

class JettyPartsContractTest extends ServletPartsContract {

    JettyPartsContractTest() {
        super(Container.JETTY);
    }
}
