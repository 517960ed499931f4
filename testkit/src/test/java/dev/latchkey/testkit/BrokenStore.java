package dev.latchkey.testkit;

/** A store that makes one mistake, as stores do. The contract must notice every one of them. */
interface BrokenStore {

    String name();

    PlainStore make();
}
