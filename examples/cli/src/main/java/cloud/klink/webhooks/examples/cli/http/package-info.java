/** The HTTP client that all commands send with. */
@NullMarked
package cloud.klink.webhooks.examples.cli.http;

import org.jspecify.annotations.NullMarked;
