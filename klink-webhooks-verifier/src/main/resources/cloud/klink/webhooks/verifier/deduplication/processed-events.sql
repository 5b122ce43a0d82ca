-- Which events were processed. Plain enough for every database that JdbcProcessedEvents supports.
-- event_key is the SHA-256 of the key in hex, so that no collation can take two keys for one;
-- event_name is the key itself, for people. Times are milliseconds since 1970 UTC.
CREATE TABLE klink_processed_events (
  event_key VARCHAR(64) NOT NULL PRIMARY KEY,
  event_name VARCHAR(200) NOT NULL,
  token VARCHAR(36) NOT NULL,
  lease_until BIGINT NOT NULL,
  done_at BIGINT,
  CONSTRAINT klink_processed_events_done UNIQUE (done_at, event_key)
);
