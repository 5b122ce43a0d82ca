/** Requests that were recorded, in a file: one JSON object a line. */
@NullMarked
package cloud.klink.webhooks.examples.cli.recording;

import org.jspecify.annotations.NullMarked;
