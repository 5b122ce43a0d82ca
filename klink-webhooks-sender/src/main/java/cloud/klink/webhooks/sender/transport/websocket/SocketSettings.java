package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The settings that all connections of a transport share.
 *
 * @param policy which endpoints may be connected to
 * @param timer runs short delayed tasks
 * @param time a monotonic clock, in nanoseconds
 * @param random the source of the back-off's jitter
 * @param idleTimeout how long a connection is kept without messages
 * @param maxAge how long after its opening a connection accepts messages
 * @param idleConnections the most idle connections that are kept
 */
record SocketSettings(
    EndpointPolicy policy,
    ScheduledExecutorService timer,
    LongSupplier time,
    RandomGenerator random,
    Duration idleTimeout,
    Duration maxAge,
    int idleConnections) {}
