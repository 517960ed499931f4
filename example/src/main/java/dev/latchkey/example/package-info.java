/** A small notes application on Javalin, protected by Latchkey: start at {@link dev.latchkey.example.App}. */
@NullMarked
package dev.latchkey.example;

import org.jspecify.annotations.NullMarked;
