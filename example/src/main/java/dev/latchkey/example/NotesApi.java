package dev.latchkey.example;

import static dev.latchkey.javalin.LatchkeyPlugin.findToken;
import static dev.latchkey.javalin.LatchkeyPlugin.open;
import static dev.latchkey.javalin.LatchkeyPlugin.require;
import static dev.latchkey.javalin.LatchkeyPlugin.token;
import static dev.latchkey.javalin.LatchkeyPlugin.user;
import static dev.latchkey.javalin.LatchkeyPlugin.write;

import dev.latchkey.Access;
import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import dev.latchkey.TokenLocation;
import dev.latchkey.VerifiedToken;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes. What a route does not open, Latchkey closes. */
final class NotesApi {

    private static final Logger LOG = LoggerFactory.getLogger(NotesApi.class);

    /** Shorter sessions were not to be remembered. */
    private static final Duration A_DAY = Duration.ofDays(1);

    private record Me(String name, String role, boolean fresh, Instant expiresAt) {}

    private record Listed(String name, String role) {}

    private final Latchkey auth;
    private final People people;
    private final Passwords passwords;
    private final Notes notes;
    private final Ticker ticker;

    NotesApi(Latchkey auth, People people, Passwords passwords, Notes notes, Ticker ticker) {
        this.auth = auth;
        this.people = people;
        this.passwords = passwords;
        this.notes = notes;
        this.ticker = ticker;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/health", this::health, open());
        routes.get("/api/hello", this::hello, require(Access.optional()));
        routes.get("/api/me", this::me);
        routes.get("/api/notes", ctx -> ctx.json(notes.of(person(ctx))));
        routes.post("/api/notes", this::addNote);
        routes.delete("/api/notes/{id}", this::deleteNote);
        routes.post("/api/password", this::changePassword, require(Access.fresh()));
        routes.get("/admin/people", this::listPeople);
    }

    private static Person person(Context ctx) {
        return user(ctx, Person.class);
    }

    /** Strangers learn whether, operators what. */
    private void health(Context ctx) {
        Latchkey.Health health = auth.health();
        if (!health.up()) {
            LOG.warn("not healthy: {}", health.problems());
        }
        ctx.status(health.up() ? 200 : 503).json(Map.of("status", health.up() ? "up" : "down"));
    }

    private void hello(Context ctx) {
        String name =
                findToken(ctx).map(token -> token.user(Person.class).name()).orElse("stranger");
        ctx.json(Map.of("hello", name));
    }

    private void me(Context ctx) {
        Person person = person(ctx);
        ctx.json(new Me(
                person.name(),
                person.role().label(),
                token(ctx).isFresh(),
                token(ctx).expiresAt()));
    }

    private void addNote(Context ctx) {
        String text = Body.of(ctx).text("text").strip();
        if (text.isBlank()) {
            throw Body.refusal(400, "note_blank", "A note needs some text");
        }
        if (text.length() > Notes.LONGEST) {
            throw Body.refusal(413, "note_too_long", "A note may have at most " + Notes.LONGEST + " characters");
        }
        if (notes.of(person(ctx)).size() >= Notes.MOST) {
            throw Body.refusal(409, "notes_full", "You have " + Notes.MOST + " notes: delete one first");
        }
        Note note = notes.add(person(ctx), text);
        ticker.tell(person(ctx));
        LOG.info("note {} created by {}", note.id(), person(ctx).name());
        ctx.status(201).json(note);
    }

    /** Another's note is answered like one that does not exist. */
    private void deleteNote(Context ctx) {
        String id = ctx.pathParam("id");
        if (!id.matches("[0-9]{1,18}") || !notes.delete(person(ctx), Long.parseLong(id))) {
            throw Body.refusal(404, "note_not_found", "You have no such note");
        }
        ticker.tell(person(ctx));
        LOG.info("note {} deleted by {}", id, person(ctx).name());
        ctx.status(204);
    }

    /** Every token that the person holds ends here, on every device; this device gets new ones and stays in. */
    private void changePassword(Context ctx) {
        Person person = person(ctx);
        Body body = Body.of(ctx);
        String oldPassword = body.text("old_password");
        String newPassword = body.text("new_password");
        if (!Passwords.isAcceptable(newPassword) || newPassword.equals(oldPassword)) {
            throw Body.refusal(
                    400,
                    "new_password_unfit",
                    "The new password must be another one, with " + Passwords.SHORTEST + " to " + Passwords.LONGEST
                            + " characters");
        }
        if (!passwords.matches(oldPassword, person.passwordHash())
                || !people.changePassword(person, passwords.hash(newPassword))) {
            LOG.info("password of {} not changed: the old one was wrong", person.name());
            throw Body.refusal(403, "old_password_wrong", "The old password is wrong");
        }
        Grant grant = likeThatOf(token(ctx));
        auth.revokeAll(person.name());
        LOG.info("password changed by {}", person.name());
        write(ctx, auth.respond(auth.issue(person, grant)));
    }

    /** For a session of the same device that ends as early or late, with tokens that travel as these do. */
    private Grant likeThatOf(VerifiedToken token) {
        Grant grant = auth.sessions(token.subject()).stream()
                .filter(session -> token.claims().sessionId().equals(Optional.of(session.id())))
                .findFirst()
                .map(session -> Grant.create()
                        .label(session.label())
                        .remember(Duration.between(session.startedAt(), session.endsAt())
                                        .compareTo(A_DAY)
                                > 0))
                .orElseGet(Grant::create);
        return token.location().equals(Optional.of(TokenLocation.COOKIE)) ? grant.forCookies() : grant;
    }

    private void listPeople(Context ctx) {
        if (!person(ctx).isAdmin()) {
            throw Body.refusal(403, "role_required", "This page is for administrators");
        }
        ctx.json(people.all().stream()
                .map(person -> new Listed(person.name(), person.role().label()))
                .toList());
    }
}
