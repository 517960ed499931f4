package dev.latchkey;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every line that this test run logs, instead of the console: tests provoke refusals by the hundred. */
public final class LogBook extends System.LoggerFinder {

    private static final List<Line> LINES = new CopyOnWriteArrayList<>();

    /** For the service loader. */
    public LogBook() {}

    record Line(System.Logger.Level level, String text, Throwable thrown) {}

    /** What was logged while this ran. */
    static List<Line> during(Runnable work) {
        int before = LINES.size();
        work.run();
        return List.copyOf(LINES.subList(before, LINES.size()));
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Logger(name);
    }

    private record Logger(String name) implements System.Logger {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return name.equals("dev.latchkey");
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            if (isLoggable(level)) {
                LINES.add(new Line(level, message, thrown));
            }
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            log(level, bundle, format, (Throwable) null);
        }
    }
}
