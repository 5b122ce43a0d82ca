package cloud.klink.webhooks.examples.reference;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("debian")
@Timeout(120)
class TypeScriptTest {
  private static final String PROGRAM = """
      import {
        Claim, Events, MemoryEvents, Refused, Verifier, canonicalBody, canonicalRequest,
        rawBodyIsAuthentic, receive,
      } from "./klink-webhook.mjs";

      const verifier = new Verifier("https://example.com/hook", ["secret"]);
      const body: Uint8Array = new Uint8Array(2);
      const canonical: string = verifier.verify(body, ["00"]) + canonicalBody(body);
      const authentic: boolean =
        rawBodyIsAuthentic(canonicalRequest("https://example.com/hook"), "secret", body, canonical);
      const own: Events = { claim: async (id): Promise<Claim> => "claimed", finish: async (id, succeeded) => {} };
      for (const events of [own, new MemoryEvents(10)]) {
        receive(verifier, body, undefined, events, (event) => { const name: string = event.event; })
          .then((result) => result.status + 1);
      }
      const status = (e: unknown): number => e instanceof Refused ? e.status : 500;

      // @ts-expect-error: a body is bytes
      verifier.verify("body", ["00"]);
      // @ts-expect-error: secrets are several
      new Verifier("https://example.com/hook", 7);
      // @ts-expect-error: such a claim is unknown
      const wrong: Events = { claim: (id) => "maybe", finish: (id, succeeded) => {} };
      """;

  @TempDir
  private Path directory;

  @Test
  void types_ofTheNodeFile_compileInStrictMode() throws IOException {
    Files.copy(Path.of("node", "klink-webhook.d.mts"), directory.resolve("klink-webhook.d.mts"));
    Path program = Files.writeString(directory.resolve("program.mts"), PROGRAM);
    List<String> check = List.of(
        "/usr/bin/tsc",
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--module",
        "node16",
        program.toString());
    assertThatCode(() -> Language.NODE.build(check)).doesNotThrowAnyException();
  }
}
