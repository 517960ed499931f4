/** Latchkey: complete JWT authentication for Java web applications. */
module dev.latchkey {
    requires com.fasterxml.jackson.core;
    requires static transitive org.jspecify;

    exports dev.latchkey;
}
