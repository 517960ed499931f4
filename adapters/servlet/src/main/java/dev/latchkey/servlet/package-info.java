/** Latchkey on Jakarta Servlet 6: start at {@link dev.latchkey.servlet.LatchkeyFilter}. */
@NullMarked
package dev.latchkey.servlet;

import org.jspecify.annotations.NullMarked;
