package dev.latchkey.servlet;

class JettyContractTest extends ServletContract {

    JettyContractTest() {
        super(Container.JETTY);
    }
}
