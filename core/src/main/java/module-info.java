/** Latchkey: complete JWT authentication for Java web applications. */
module dev.latchkey {
    requires com.fasterxml.jackson.core;
    requires com.nimbusds.jose.jwt;
    requires transitive java.net.http;
    requires static transitive org.jspecify;

    exports dev.latchkey;
}
