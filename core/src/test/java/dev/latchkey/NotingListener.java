package dev.latchkey;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes every event in a few words. */
final class NotingListener implements AuthListener {

    final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void opened(String subject, Session session) {
        events.add("opened " + subject);
    }

    @Override
    public void refreshed(String subject, String session, boolean repeated) {
        events.add("refreshed " + subject + (repeated ? " again" : ""));
    }

    @Override
    public void reuseDetected(String subject, String session) {
        events.add("reuse " + subject);
    }

    @Override
    public void ended(String subject, String session) {
        events.add("ended " + subject);
    }

    @Override
    public void endedAll(String subject, int sessions) {
        events.add("ended " + sessions + " of " + subject);
    }

    @Override
    public void revoked(String subject, String token) {
        events.add("revoked a token of " + subject);
    }

    @Override
    public void admittedWithoutStore(Claims token, Duration outage) {
        events.add("admitted " + token.subject() + " without the store, gone for " + outage);
    }
}
