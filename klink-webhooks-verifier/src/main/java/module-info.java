/** Verifies K-LINK webhooks on the receiver's side. */
@SuppressWarnings("requires-automatic") // Spring and Micrometer have no module descriptors
module cloud.klink.webhooks.verifier {
  requires transitive cloud.klink.webhooks;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static jakarta.servlet;
  requires static java.sql;
  requires static jdk.httpserver;
  requires static micrometer.core;
  requires static org.jspecify;
  requires static spring.aop;
  requires static spring.beans;
  requires static spring.boot;
  requires static spring.boot.autoconfigure;
  requires static spring.boot.health;
  requires static spring.boot.sql;
  requires static spring.context;
  requires static spring.core;
  requires static spring.jdbc;
  requires static spring.security.config;
  requires static spring.security.web;
  requires static spring.tx;
  requires static tools.jackson.databind;

  exports cloud.klink.webhooks.verifier;
  exports cloud.klink.webhooks.verifier.deduplication;
  exports cloud.klink.webhooks.verifier.explain;
  exports cloud.klink.webhooks.verifier.jdk;
  exports cloud.klink.webhooks.verifier.metrics;
  exports cloud.klink.webhooks.verifier.receive;
  exports cloud.klink.webhooks.verifier.servlet;
  exports cloud.klink.webhooks.verifier.spring;
  exports cloud.klink.webhooks.verifier.testing;
  exports cloud.klink.webhooks.verifier.websocket;

  // Spring makes beans of classes that are nobody else's business.
  opens cloud.klink.webhooks.verifier.spring;
}
