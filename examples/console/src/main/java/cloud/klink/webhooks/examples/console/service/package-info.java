/** What the console does, without HTTP: the pages are built on it. */
@NullMarked
package cloud.klink.webhooks.examples.console.service;

import org.jspecify.annotations.NullMarked;
