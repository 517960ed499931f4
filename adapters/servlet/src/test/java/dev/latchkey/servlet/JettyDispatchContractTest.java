package dev.latchkey.servlet;

class JettyDispatchContractTest extends ServletDispatchContract {

    JettyDispatchContractTest() {
        super(Container.JETTY);
    }
}
