/** The whole sender on virtual time, in one thread, from a seed. */
@NullMarked
package cloud.klink.webhooks.sender.simulation;

import org.jspecify.annotations.NullMarked;
