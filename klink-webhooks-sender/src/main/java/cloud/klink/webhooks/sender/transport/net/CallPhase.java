package cloud.klink.webhooks.sender.transport.net;

/** The phase of an attempt, as its error names it. */
public enum CallPhase {
  STARTING("starting"),
  LOOKING_UP("looking up the host's name"),
  CONNECTING("connecting"),
  SECURING("setting up TLS"),
  SENDING("sending the request"),
  WAITING("waiting for the answer"),
  READING("reading the answer");

  private final String text;

  CallPhase(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
