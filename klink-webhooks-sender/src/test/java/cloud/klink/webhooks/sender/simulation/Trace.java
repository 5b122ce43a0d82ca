package cloud.klink.webhooks.sender.simulation;

/** What happened, for people; the same for the same seed, to the byte. Kept only when wanted. */
final class Trace {
  private static final double SECOND = 1_000_000;

  private final boolean on;
  private final StringBuilder text = new StringBuilder();

  Trace(boolean on) {
    this.on = on;
  }

  void add(long now, TaskOwner owner, String what, Object... more) {
    if (!on) {
      return;
    }
    text.append(String.format("%13.6f %-6s %s", now / SECOND, owner, what));
    for (Object one : more) {
      text.append(' ').append(one);
    }
    text.append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
