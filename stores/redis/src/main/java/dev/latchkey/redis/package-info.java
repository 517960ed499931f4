/** Latchkey's sessions on Redis, by Lettuce: start at {@link dev.latchkey.redis.RedisTokenStore}. */
@NullMarked
package dev.latchkey.redis;

import org.jspecify.annotations.NullMarked;
