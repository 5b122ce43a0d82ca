/** What a sender and a receiver of K-LINK webhooks agree on. */
module cloud.klink.webhooks {
  requires transitive com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
  requires static org.jspecify;

  exports cloud.klink.webhooks;
  exports cloud.klink.webhooks.canonical;
  exports cloud.klink.webhooks.event;
  exports cloud.klink.webhooks.signature;
}
