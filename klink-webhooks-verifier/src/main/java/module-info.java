/** Verifies K-LINK webhooks on the receiver's side. */
module cloud.klink.webhooks.verifier {
  requires transitive cloud.klink.webhooks;
  requires org.slf4j;
  requires static jdk.httpserver;
  requires static java.sql;
  requires static org.jspecify;

  exports cloud.klink.webhooks.verifier;
  exports cloud.klink.webhooks.verifier.explain;
  exports cloud.klink.webhooks.verifier.jdk;
  exports cloud.klink.webhooks.verifier.receive;
}
