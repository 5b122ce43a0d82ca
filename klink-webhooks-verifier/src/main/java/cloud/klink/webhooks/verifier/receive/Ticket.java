package cloud.klink.webhooks.verifier.receive;

/** The right to process one event. No method throws. Used by one thread after another. */
interface Ticket {
  /** For a receiver that does not de-duplicate. */
  Ticket FREE = new Ticket() {
    @Override
    public boolean renew() {
      return true;
    }

    @Override
    public void done() {}

    @Override
    public void release() {}
  };

  /** Before processing what had to wait; false if the event is to be left to another. */
  boolean renew();

  /** The event was processed. */
  void done();

  /** The event was not processed; a repetition may be. */
  void release();
}
