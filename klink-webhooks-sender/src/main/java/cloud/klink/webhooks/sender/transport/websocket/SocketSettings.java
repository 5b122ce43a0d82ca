package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What the connections of a transport run on.
 *
 * @param policy which endpoints may be connected to
 * @param timer runs short tasks later
 * @param time grows steadily, in nanoseconds
 * @param random what the jitter of back-offs comes from
 * @param idleTimeout after so long without messages a connection is closed
 * @param maxAge after so long a connection takes no more messages
 * @param idleConnections how many connections without messages are kept at most
 */
record SocketSettings(
    EndpointPolicy policy,
    ScheduledExecutorService timer,
    LongSupplier time,
    RandomGenerator random,
    Duration idleTimeout,
    Duration maxAge,
    int idleConnections) {}
