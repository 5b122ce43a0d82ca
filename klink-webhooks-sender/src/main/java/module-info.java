/** Signs and sends K-LINK webhooks. */
@SuppressWarnings("requires-automatic") // Micrometer has no module descriptor
module cloud.klink.webhooks.sender {
  requires transitive cloud.klink.webhooks;
  requires transitive java.sql;
  requires transitive okhttp3;
  requires org.slf4j;
  requires static micrometer.core;
  requires static org.jspecify;

  exports cloud.klink.webhooks.sender;
  exports cloud.klink.webhooks.sender.delivery;
  exports cloud.klink.webhooks.sender.endpoint;
  exports cloud.klink.webhooks.sender.health;
  exports cloud.klink.webhooks.sender.listener;
  exports cloud.klink.webhooks.sender.log;
  exports cloud.klink.webhooks.sender.manage;
  exports cloud.klink.webhooks.sender.metrics;
  exports cloud.klink.webhooks.sender.rules;
  exports cloud.klink.webhooks.sender.secret;
  exports cloud.klink.webhooks.sender.storage;
  exports cloud.klink.webhooks.sender.storage.jdbc;
  exports cloud.klink.webhooks.sender.storage.memory;
  exports cloud.klink.webhooks.sender.transport;
  exports cloud.klink.webhooks.sender.transport.http;
  exports cloud.klink.webhooks.sender.transport.websocket;
  exports cloud.klink.webhooks.sender.webhook;
}
