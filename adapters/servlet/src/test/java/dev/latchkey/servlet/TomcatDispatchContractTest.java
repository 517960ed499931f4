package dev.latchkey.servlet;

class TomcatDispatchContractTest extends ServletDispatchContract {

    TomcatDispatchContractTest() {
        super(Container.TOMCAT);
    }
}
