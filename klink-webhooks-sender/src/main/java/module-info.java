/** Signs and sends K-LINK webhooks. */
@SuppressWarnings("requires-automatic") // Spring and Micrometer have no module descriptors
module cloud.klink.webhooks.sender {
  requires transitive cloud.klink.webhooks;
  requires transitive java.sql;
  requires transitive okhttp3;
  requires com.fasterxml.jackson.annotation;
  requires org.slf4j;
  requires static micrometer.core;
  requires static micrometer.observation;
  requires static micrometer.tracing;
  requires static org.jspecify;
  requires static spring.beans;
  requires static spring.boot;
  requires static spring.boot.autoconfigure;
  requires static spring.boot.health;
  requires static spring.boot.sql;
  requires static spring.context;
  requires static spring.core;
  requires static spring.jdbc;
  requires static spring.tx;

  exports cloud.klink.webhooks.sender;
  exports cloud.klink.webhooks.sender.delivery;
  exports cloud.klink.webhooks.sender.health;
  exports cloud.klink.webhooks.sender.listener;
  exports cloud.klink.webhooks.sender.metrics;
  exports cloud.klink.webhooks.sender.policy;
  exports cloud.klink.webhooks.sender.reason;
  exports cloud.klink.webhooks.sender.secret;
  exports cloud.klink.webhooks.sender.spring;
  exports cloud.klink.webhooks.sender.storage;
  exports cloud.klink.webhooks.sender.storage.jdbc;
  exports cloud.klink.webhooks.sender.storage.memory;
  exports cloud.klink.webhooks.sender.transport;
  exports cloud.klink.webhooks.sender.webhook;

  // Spring makes beans of classes that are nobody else's business.
  opens cloud.klink.webhooks.sender.spring;
}
