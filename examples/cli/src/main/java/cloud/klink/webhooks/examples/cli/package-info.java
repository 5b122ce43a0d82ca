/** The command line. */
@NullMarked
package cloud.klink.webhooks.examples.cli;

import org.jspecify.annotations.NullMarked;
