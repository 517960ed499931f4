/** Parts for tests of applications that use Latchkey: a clock that stands still, and tokens of any shape. */
@NullMarked
package dev.latchkey.testkit;

import org.jspecify.annotations.NullMarked;
