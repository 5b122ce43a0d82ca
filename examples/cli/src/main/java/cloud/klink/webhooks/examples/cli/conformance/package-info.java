/** Test vectors: reading them, checking them, telling what failed. */
@NullMarked
package cloud.klink.webhooks.examples.cli.conformance;

import org.jspecify.annotations.NullMarked;
