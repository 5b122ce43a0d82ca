package cloud.klink.webhooks.canonical;

/** Takes a form of a body piece by piece. */
@FunctionalInterface
interface ByteSink {
  /** Takes some bytes, which are the caller's again afterwards. */
  void write(byte[] bytes, int offset, int length);
}
