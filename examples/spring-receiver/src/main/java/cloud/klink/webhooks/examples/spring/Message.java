package cloud.klink.webhooks.examples.spring;

import org.jspecify.annotations.Nullable;

/**
 * What this application wants of a message; whatever else the event has is left alone.
 *
 * @param text what was written, or null
 */
record Message(@Nullable String text) {}
