package cloud.klink.webhooks.sender.simulation;

/** Whose a task is: one run of a node, or the world's, which never ends. */
class TaskOwner {
  private final String name;
  private boolean alive = true;
  private long frozenUntil;

  TaskOwner(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return alive;
  }

  void die() {
    alive = false;
  }

  /** Until when nothing of it runs; in the past if it runs. */
  long frozenUntil() {
    return frozenUntil;
  }

  void freeze(long until) {
    frozenUntil = until;
  }

  void check() {
    if (!alive) {
      throw new NodeKilled(name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
