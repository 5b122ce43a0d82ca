package cloud.klink.webhooks.sender.simulation;

/** Unwinds the tasks of a node that has crashed. No code of the sender may stop it. */
final class Killed extends Error {
  private static final long serialVersionUID = 1L;

  Killed(String node) {
    super(node, null, false, false);
  }
}
