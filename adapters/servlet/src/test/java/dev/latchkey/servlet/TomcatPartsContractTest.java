package dev.latchkey.servlet;

class TomcatPartsContractTest extends ServletPartsContract {

    TomcatPartsContractTest() {
        super(Container.TOMCAT);
    }
}
