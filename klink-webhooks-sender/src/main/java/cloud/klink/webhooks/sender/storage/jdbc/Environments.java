package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;

/** Environments as they are stored. */
final class Environments {
  private Environments() {}

  static int code(Environment environment) {
    return switch (environment) {
      case DEVELOPMENT -> 0;
      case PRODUCTION -> 1;
    };
  }

  static Environment of(int code) {
    return switch (code) {
      case 0 -> Environment.DEVELOPMENT;
      case 1 -> Environment.PRODUCTION;
      default -> throw new IllegalArgumentException("environment: " + code + " is unknown");
    };
  }
}
