/** Receivers in web frameworks, one class each. */
@NullMarked
package cloud.klink.webhooks.examples.frameworks;

import org.jspecify.annotations.NullMarked;
