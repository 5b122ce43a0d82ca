/** Verifies K-LINK webhooks on the receiver's side. */
module cloud.klink.webhooks.verifier {
  requires transitive cloud.klink.webhooks;
  requires com.fasterxml.jackson.core;
  requires org.slf4j;
  requires static jakarta.servlet;
  requires static jdk.httpserver;
  requires static java.sql;
  requires static org.jspecify;

  exports cloud.klink.webhooks.verifier;
  exports cloud.klink.webhooks.verifier.explain;
  exports cloud.klink.webhooks.verifier.jdk;
  exports cloud.klink.webhooks.verifier.receive;
  exports cloud.klink.webhooks.verifier.servlet;
  exports cloud.klink.webhooks.verifier.websocket;
}
