/** Latchkey on Javalin 7: start at {@link dev.latchkey.javalin.LatchkeyPlugin}. */
@NullMarked
package dev.latchkey.javalin;

import org.jspecify.annotations.NullMarked;
