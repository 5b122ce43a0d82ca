package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.LogStreams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Server-sent events for those who follow the log: its pages, and clients of the API. */
@RestController
class StreamApi {
  /** After that the browser connects again. */
  private static final Duration LENGTH = Duration.ofMinutes(10);

  private static final long RECONNECT_MILLIS = 2_000;

  private final LogStreams streams;

  StreamApi(LogStreams streams) {
    this.streams = streams;
  }

  /** Takes the parameters of the log. */
  @GetMapping(
      path = {"/api/v1/deliveries/stream", "/deliveries/stream"},
      produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter follow(@RequestParam MultiValueMap<String, String> parameters) {
    DeliveryFilter filter = QueryParameters.filterWithoutPlace(parameters);
    SseEmitter emitter = new SseEmitter(LENGTH.toMillis());
    LogStreams.Stream stream = open(filter, emitter);
    emitter.onCompletion(() -> streams.close(stream));
    emitter.onTimeout(emitter::complete);
    emitter.onError(error -> streams.close(stream));
    return emitter;
  }

  private LogStreams.Stream open(DeliveryFilter filter, SseEmitter emitter) {
    try {
      return streams.open(filter, rows -> send(emitter, rows), emitter::complete);
    } catch (IllegalStateException e) {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage(), e);
    }
  }

  private static void send(SseEmitter emitter, Map<String, String> rows) {
    try {
      emitter.send(
          rows.isEmpty()
              ? SseEmitter.event().comment("nothing new")
              : SseEmitter.event()
                  .name("log")
                  .reconnectTime(RECONNECT_MILLIS)
                  .data(rows, MediaType.APPLICATION_JSON));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
