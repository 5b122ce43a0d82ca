/** The console: the pages under Settings → Webhooks as a small application. */
@NullMarked
package cloud.klink.webhooks.examples.console;

import org.jspecify.annotations.NullMarked;
