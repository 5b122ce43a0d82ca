/**
 * What a dispatcher runs on: time, threads, one timer for each purpose, back-off, and its settings.
 * Not exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.tasks;

import org.jspecify.annotations.NullMarked;
