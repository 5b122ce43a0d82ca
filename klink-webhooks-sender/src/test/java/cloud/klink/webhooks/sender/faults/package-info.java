/**
 * What is thrown from outside: by storages, policies, transports, listeners, executors, loggers.
 */
@org.jspecify.annotations.NullMarked
package cloud.klink.webhooks.sender.faults;
