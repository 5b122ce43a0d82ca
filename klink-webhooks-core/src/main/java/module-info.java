/** What a sender and a receiver of K-LINK webhooks agree on. */
module cloud.klink.webhooks {
  requires static org.jspecify;

  exports cloud.klink.webhooks;
}
