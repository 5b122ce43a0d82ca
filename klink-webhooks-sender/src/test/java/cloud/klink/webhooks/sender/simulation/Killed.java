package cloud.klink.webhooks.sender.simulation;

/**
 * Unwinds the tasks of a node that has crashed. The sender may catch it, as it does with anything:
 * nothing comes of what it does then.
 */
final class Killed extends Error {
  private static final long serialVersionUID = 1L;

  Killed(String node) {
    super(node, null, false, false);
  }
}
