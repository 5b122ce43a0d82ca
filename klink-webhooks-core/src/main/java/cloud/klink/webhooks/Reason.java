package cloud.klink.webhooks;

/**
 * Why something failed, in a form that programs can act on. Each part of this library has its own
 * reasons, usually the constants of an enum.
 */
public interface Reason {

  /**
   * Returns the machine-readable code of this reason.
   *
   * @return a code in lower_snake_case that stays the same from release to release and never holds
   *     a secret or anything that came from outside
   */
  String code();
}
