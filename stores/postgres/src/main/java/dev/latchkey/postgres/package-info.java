/** Latchkey's sessions in PostgreSQL: start at {@link dev.latchkey.postgres.PostgresTokenStore}. */
@NullMarked
package dev.latchkey.postgres;

import org.jspecify.annotations.NullMarked;
