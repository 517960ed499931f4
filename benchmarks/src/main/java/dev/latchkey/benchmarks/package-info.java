/** Programs that try the whole of Latchkey: two copies of the example over one real store. */
@NullMarked
package dev.latchkey.benchmarks;

import org.jspecify.annotations.NullMarked;
