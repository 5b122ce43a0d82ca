package cloud.klink.webhooks.sender.logs;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * A line of the log.
 *
 * @param level its level
 * @param logger the name of its logger
 * @param text its text, without the exception
 * @param exception the exception, or null
 */
public record LogLine(
    Level level, String logger, String text, @Nullable Throwable exception) {}
