/** Commands that fill a database, and that measure how long its pages take. */
@NullMarked
package cloud.klink.webhooks.examples.console.load;

import org.jspecify.annotations.NullMarked;
