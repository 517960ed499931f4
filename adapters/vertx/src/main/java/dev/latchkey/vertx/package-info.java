/** Latchkey on Vert.x Web 5: start at {@link dev.latchkey.vertx.LatchkeyHandler}. */
@NullMarked
package dev.latchkey.vertx;

import org.jspecify.annotations.NullMarked;
