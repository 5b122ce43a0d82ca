/** A storage in a database: SQLite, H2 or PostgreSQL. */
@NullMarked
package cloud.klink.webhooks.sender.storage.jdbc;

import org.jspecify.annotations.NullMarked;
