-- What the role needs that publishes and delivers; put its name for klink_sender. migrate() by a
-- role of these rights alone works once the tables are there: it sees that nothing is to be done.
GRANT SELECT ON klink_schema_version TO klink_sender;
GRANT SELECT, INSERT, UPDATE, DELETE ON klink_webhook, klink_subscription TO klink_sender;
GRANT SELECT, INSERT, UPDATE ON klink_delivery, klink_statistics, klink_status TO klink_sender;
GRANT SELECT, INSERT ON klink_event, klink_failed_attempt TO klink_sender;
-- Nothing is changed in an event: this right is needed to lock one that is published again.
GRANT UPDATE (created_at) ON klink_event TO klink_sender;
-- Only for a node that purges what is old.
GRANT DELETE ON klink_delivery, klink_event, klink_failed_attempt, klink_statistics, klink_status TO klink_sender;
