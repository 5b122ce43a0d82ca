/** The runtime of a dispatcher: tasks, timers, back-off, and its settings. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.tasks;

import org.jspecify.annotations.NullMarked;
