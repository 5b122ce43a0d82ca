/** The canonical form of a request: the bytes that both sides compute alike and that are signed. */
@NullMarked
package cloud.klink.webhooks.canonical;

import org.jspecify.annotations.NullMarked;
