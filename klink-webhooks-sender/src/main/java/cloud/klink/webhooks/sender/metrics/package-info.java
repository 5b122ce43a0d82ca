/** Meters of Micrometer, for those who have it. Nothing else in this library needs it. */
@NullMarked
package cloud.klink.webhooks.sender.metrics;

import org.jspecify.annotations.NullMarked;
