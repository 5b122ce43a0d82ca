-- Which events were processed. For SQLite, H2 and PostgreSQL. Times are milliseconds since 1970 UTC.
CREATE TABLE IF NOT EXISTS klink_processed_events (
  event_key VARCHAR(200) NOT NULL PRIMARY KEY,
  token VARCHAR(36) NOT NULL,
  lease_until BIGINT NOT NULL,
  done_at BIGINT
);
CREATE INDEX IF NOT EXISTS klink_processed_events_done_at ON klink_processed_events (done_at);
