package dev.latchkey.servlet;

class JettyEventStreamContractTest extends ServletEventStreamContract {

    JettyEventStreamContractTest() {
        super(Container.JETTY);
    }
}
