/** The JSON API: the same service layer as the pages', and the same rules. */
@NullMarked
package cloud.klink.webhooks.examples.console.api;

import org.jspecify.annotations.NullMarked;
