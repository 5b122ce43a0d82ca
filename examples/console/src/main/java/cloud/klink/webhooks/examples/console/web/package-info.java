/** The pages: what they are asked for, and what they show. */
@NullMarked
package cloud.klink.webhooks.examples.console.web;

import org.jspecify.annotations.NullMarked;
