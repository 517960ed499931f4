/**
 * The core of Latchkey: issue, verify and protect, free of any web framework. Start at {@link dev.latchkey.Latchkey}.
 *
 * <p>Every public type is immutable and safe for use by many threads unless it says otherwise. Parameters and results
 * are never null unless marked {@code @Nullable}.
 */
@NullMarked
package dev.latchkey;

import org.jspecify.annotations.NullMarked;
