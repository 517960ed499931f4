package dev.latchkey;

import java.time.Instant;
import java.util.List;

/** Reads keys that change without us. One thread at a time calls it. */
interface KeyLoader {

    /** The keys as they are now; whatever it throws changes nothing. */
    List<KeyRing.Entry> load(Instant now) throws Exception;

    /** Whether they are somebody else's: then they are fetched when first needed, and only public ones count. */
    boolean isRemote();
}
