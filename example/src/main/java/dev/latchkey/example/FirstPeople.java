package dev.latchkey.example;

import dev.latchkey.example.Person.Role;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who can log in at the first start: two people with known passwords, or where strangers may come, one administrator. */
final class FirstPeople {

    private static final Logger LOG = LoggerFactory.getLogger(FirstPeople.class);
    private static final String ADMIN = "admin";

    /** The passwords are public: whoever has them must sit at this machine. */
    private static final Map<String, String> DEVELOPMENT = Map.of("alice", "correct-horse", ADMIN, "battery-staple");

    private FirstPeople() {}

    static void welcome(People people, Passwords passwords, ExampleSettings settings) {
        List<Person> known = people.all();
        if (settings.exposed()) {
            refuseDevelopmentPasswords(known, passwords, settings);
            if (known.isEmpty()) {
                people.add(new Person(ADMIN, Role.ADMIN, passwords.hash(adminPassword(settings))));
                LOG.info("first start: made '{}' with the password of LATCHKEY_ADMIN_PASSWORD", ADMIN);
            }
            return;
        }
        if (known.isEmpty()) {
            DEVELOPMENT.forEach((name, password) -> people.add(
                    new Person(name, name.equals(ADMIN) ? Role.ADMIN : Role.USER, passwords.hash(password))));
        }
        LOG.info("development people: alice (user) and admin, with the passwords that the start page names");
    }

    private static String adminPassword(ExampleSettings settings) {
        return settings.adminPassword()
                .filter(Passwords::isAcceptable)
                .orElseThrow(() -> new StartException("the database in " + settings.home() + " has no people yet: set "
                        + "LATCHKEY_ADMIN_PASSWORD to the password of the first one, 'admin', with "
                        + Passwords.SHORTEST + " to " + Passwords.LONGEST + " characters."));
    }

    private static void refuseDevelopmentPasswords(List<Person> known, Passwords passwords, ExampleSettings settings) {
        for (Person person : known) {
            String published = DEVELOPMENT.get(person.name());
            if (published != null && passwords.matches(published, person.passwordHash())) {
                throw new StartException("'" + person.name() + "' in " + settings.home() + " still has the published "
                        + "development password, and strangers could log in: change it on your own machine first, or "
                        + "set LATCHKEY_HOME to a new folder.");
            }
        }
    }
}
