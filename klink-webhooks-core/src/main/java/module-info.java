/** What a sender and a receiver of K-LINK webhooks agree on. */
@SuppressWarnings("module") // the modules that the internals are exported to are built later
module cloud.klink.webhooks {
  requires transitive com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
  requires static org.jspecify;

  exports cloud.klink.webhooks;
  exports cloud.klink.webhooks.canonical;
  exports cloud.klink.webhooks.event;
  exports cloud.klink.webhooks.signature;
  exports cloud.klink.webhooks.internal to
      cloud.klink.webhooks.verifier,
      cloud.klink.webhooks.sender;
  exports cloud.klink.webhooks.setup to
      cloud.klink.webhooks.verifier,
      cloud.klink.webhooks.sender;
}
