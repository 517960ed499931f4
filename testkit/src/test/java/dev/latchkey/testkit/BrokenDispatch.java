package dev.latchkey.testkit;

/** Mistakes of an adapter for containers, which {@link DispatchServer} makes one at a time. */
enum BrokenDispatch {
    CHECKS_NO_FORWARD,
    CHECKS_NO_INCLUDE,
    CHECKS_NO_ASYNC,
    CHECKS_EVERY_DISPATCH_ANEW,
    CLOSES_VIEWS,
    CHECKS_ERROR_PAGES,
    OPENS_ERROR_PAGES,
    CHECKS_WHAT_ERROR_PAGES_FORWARD_TO,
    LOSES_THE_USER,
    KNOWS_NO_ROLES,
    OPENS_EXTENSIONS,
    KEEPS_WHAT_WAS_WRITTEN,
    CLEARS_EVERY_HEADER,
    CONSUMES_THE_BODY,
    CUTS_THE_BODY
}
