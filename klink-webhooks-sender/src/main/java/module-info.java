/** Signs and sends K-LINK webhooks. */
module cloud.klink.webhooks.sender {
  requires transitive cloud.klink.webhooks;
  requires okhttp3;
  requires org.slf4j;
  requires static org.jspecify;

  exports cloud.klink.webhooks.sender;
}
