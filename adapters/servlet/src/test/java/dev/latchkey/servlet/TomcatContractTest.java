package dev.latchkey.servlet;

class TomcatContractTest extends ServletContract {

    TomcatContractTest() {
        super(Container.TOMCAT);
    }
}
