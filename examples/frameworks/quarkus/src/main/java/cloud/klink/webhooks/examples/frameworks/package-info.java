/** A receiver in a framework that needs a class path of its own. */
@NullMarked
package cloud.klink.webhooks.examples.frameworks;

import org.jspecify.annotations.NullMarked;
