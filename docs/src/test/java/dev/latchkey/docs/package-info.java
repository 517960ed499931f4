/** Keeps the documentation true: every Java block of it is compiled and run here, and every list in it is complete. */
package dev.latchkey.docs;
