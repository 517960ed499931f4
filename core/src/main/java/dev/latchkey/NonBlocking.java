package dev.latchkey;

import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A hook that promised never to block. */
sealed interface NonBlocking {

    /** Whether a hook may block: one that made no promise might. */
    static boolean mayBlock(@Nullable Object hook) {
        return hook != null && !(hook instanceof NonBlocking);
    }

    /** A hook that maps. */
    record Mapping<T, R>(Function<T, R> hook) implements NonBlocking, Function<T, R> {

        @Override
        public R apply(T argument) {
            return hook.apply(argument);
        }
    }

    /** A hook that maps two. */
    record BiMapping<T, U, R>(BiFunction<T, U, R> hook) implements NonBlocking, BiFunction<T, U, R> {

        @Override
        public R apply(T first, U second) {
            return hook.apply(first, second);
        }
    }

    /** A hook that decides. */
    record Test<T>(Predicate<T> hook) implements NonBlocking, Predicate<T> {

        @Override
        public boolean test(T argument) {
            return hook.test(argument);
        }
    }
}
