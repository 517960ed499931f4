package dev.latchkey.servlet;

class TomcatEventStreamContractTest extends ServletEventStreamContract {

    TomcatEventStreamContractTest() {
        super(Container.TOMCAT);
    }
}
