package dev.latchkey.example;

import java.time.Instant;

/** One note of one person. */
record Note(long id, String text, Instant createdAt) {}
