/** Virtual time, for tests and the simulation. */
@NullMarked
package cloud.klink.webhooks.sender.time;

import org.jspecify.annotations.NullMarked;
