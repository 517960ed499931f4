package dev.latchkey;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;

/** What this test run logs, kept while somebody reads it, instead of the console: tests provoke refusals by the million. */
public final class LogBook extends System.LoggerFinder {

    private static volatile List<Line> open;

    /** For the service loader. */
    public LogBook() {}

    record Line(System.Logger.Level level, String text, Throwable thrown) {}

    /** What was logged while this ran. */
    static List<Line> during(Runnable work) {
        List<Line> lines = new CopyOnWriteArrayList<>();
        open = lines;
        try {
            work.run();
        } finally {
            open = null;
        }
        return List.copyOf(lines);
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
            List<Line> lines = open;
            if (lines != null && isLoggable(level)) {
                lines.add(new Line(level, message, thrown));
            }
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            log(level, bundle, format, (Throwable) null);
        }
    }
}
