package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** The writer over generated JSON, against the naive model and against itself. */
@Domain(JsonArbitraries.class)
@Domain(net.jqwik.api.domains.DomainContext.Global.class)
@PropertyDefaults(tries = 300, edgeCases = EdgeCasesMode.NONE)
class CanonicalBodyPropertyTest {

  /** What JSON is made of. */
  private static final String SYMBOLS = "{}[]\",:\\u0-.eE\n ";

  private static final ObjectMapper EXACT_INTEGERS =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

  /** Reads numbers as Go does, but for the sign of a zero: Jackson has only one integer zero. */
  private static final ObjectMapper ALL_DOUBLES =
      new ObjectMapper().setNodeFactory(new AllDoubles());

  private static final class AllDoubles extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public NumericNode numberNode(double value) {
      return super.numberNode(value + 0.0); // of a minus zero, the plain one
    }

    @Override
    public NumericNode numberNode(int value) {
      return numberNode((double) value);
    }

    @Override
    public NumericNode numberNode(long value) {
      return numberNode((double) value);
    }

    @Override
    public ValueNode numberNode(BigInteger value) {
      return numberNode(value.doubleValue());
    }
  }

  @Provide
  Arbitrary<JsonText> careless() {
    return JsonArbitraries.careless();
  }

  @Provide
  Arbitrary<List<JsonText.Member>> members() {
    return JsonArbitraries.members();
  }

  @Provide
  Arbitrary<String> strings() {
    return JsonArbitraries.strings();
  }

  @Provide
  Arbitrary<Double> doubles() {
    return JsonArbitraries.doubles();
  }

  @Provide
  Arbitrary<List<Dialect>> dialectLists() {
    return Arbitraries.of(Dialect.class).list().ofMaxSize(6);
  }

  @Property(tries = 600)
  void body_generated_isAsTheModelHasIt(@ForAll("careless") JsonText json, @ForAll long style) {
    Written.assertAgreesWithModel(json.written(style).getBytes(UTF_8));
  }

  @Property
  void body_withDuplicateName_isRefused(
      @ForAll("members") List<JsonText.Member> members,
      @ForAll("strings") String name,
      @ForAll JsonText one,
      @ForAll JsonText other,
      @ForAll long style) {
    List<JsonText.Member> repeated = new ArrayList<>(members);
    repeated.add(new JsonText.Member(name, one));
    repeated.add(new JsonText.Member(name, other));
    byte[] body = new JsonText.Members(repeated).written(style).getBytes(UTF_8);
    for (Dialect dialect : Dialect.values()) {
      assertThat(Written.in(body, dialect)).as("%s", dialect).isEmpty();
    }
  }

  @Property
  void canonicalForm_canonicalizedAgain_isItself(@ForAll JsonText json, @ForAll long style) {
    byte[] body = json.written(style).getBytes(UTF_8);
    for (Dialect dialect : Dialect.values()) {
      Optional<String> form = Written.in(body, dialect);
      form.ifPresent(text -> assertThat(Written.in(text.getBytes(UTF_8), dialect))
          .as("%s", dialect)
          .contains(text));
    }
  }

  @Property
  void body_writtenInTwoStyles_hasOneForm(
      @ForAll JsonText json, @ForAll long style, @ForAll long otherStyle) {
    byte[] body = json.written(style).getBytes(UTF_8);
    byte[] sameBody = json.written(otherStyle).getBytes(UTF_8);
    for (Dialect dialect : Dialect.values()) {
      assertThat(Written.in(body, dialect)).isEqualTo(Written.in(sameBody, dialect));
    }
  }

  @Property
  void canonicalForm_readBack_isTheValueThatWasWritten(@ForAll JsonText json, @ForAll long style)
      throws JsonProcessingException {
    String body = json.written(style);
    for (Dialect dialect : List.of(Dialect.KLINK, Dialect.PYTHON_ASCII)) {
      String form = Written.in(body.getBytes(UTF_8), dialect).orElseThrow();
      assertThat(EXACT_INTEGERS.readTree(form))
          .as("%s", dialect)
          .isEqualTo(EXACT_INTEGERS.readTree(body));
    }
  }

  @Property
  void bodies_ofDifferentMeaning_haveDifferentForms(
      @ForAll JsonText json, @ForAll long style, @ForAll long mutations)
      throws JsonProcessingException {
    byte[] body = json.written(style).getBytes(UTF_8);
    byte[] changed = mutate(body, new Random(mutations));
    for (Dialect dialect : Dialect.values()) {
      Optional<String> form = Written.in(body, dialect);
      Optional<String> changedForm = Written.in(changed, dialect);
      if (form.isPresent() && changedForm.isPresent()) {
        boolean sameMeaning = meaning(body, dialect).equals(meaning(changed, dialect));
        if (sameMeaning && dialect == Dialect.GO_NUMBER) {
          continue; // there the same value may be written in many ways
        }
        if (sameMeaning && dialect == Dialect.GO) {
          assertThat(form.get().replace("-0", "0")).isEqualTo(changedForm.get().replace("-0", "0"));
        } else {
          assertThat(form.equals(changedForm)).as("%s", dialect).isEqualTo(sameMeaning);
        }
      }
    }
  }

  private static JsonNode meaning(byte[] body, Dialect dialect) throws JsonProcessingException {
    return (dialect == Dialect.GO ? ALL_DOUBLES : EXACT_INTEGERS).readTree(new String(body, UTF_8));
  }

  @Property(tries = 2_000)
  void body_withBytesFlippedInsertedOrDropped_isAsTheModelHasIt(
      @ForAll JsonText json, @ForAll long style, @ForAll long mutations) {
    byte[] body = json.written(style).getBytes(UTF_8);
    Random random = new Random(mutations);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      body = mutate(body, random);
    }
    Written.assertAgreesWithModel(body);
  }

  @Property
  void firstMatching_acceptingNothing_visitsEachDistinctFormOnceInOrder(
      @ForAll JsonText json, @ForAll long style, @ForAll("dialectLists") List<Dialect> dialects) {
    byte[] body = json.written(style).getBytes(UTF_8);
    List<String> visited = new ArrayList<>();
    Optional<CanonicalBody> found = CanonicalBody.firstMatching(body, dialects, form -> {
      visited.add(form.text());
      return false;
    });
    List<String> expected = dialects.stream()
        .flatMap(dialect -> NaiveCanonicalJson.canonical(body, dialect.id()).stream())
        .distinct()
        .toList();
    assertThat(found).isEmpty();
    assertThat(visited).isEqualTo(expected);
  }

  @Property
  void firstMatching_acceptingOneForm_returnsItAndStops(
      @ForAll JsonText json,
      @ForAll long style,
      @ForAll("dialectLists") List<Dialect> dialects,
      @ForAll Dialect wanted) {
    byte[] body = json.written(style).getBytes(UTF_8);
    Optional<String> form = NaiveCanonicalJson.canonical(body, wanted.id());
    boolean offered = form.isPresent()
        && dialects.stream()
            .anyMatch(
                dialect -> NaiveCanonicalJson.canonical(body, dialect.id()).equals(form));
    Optional<CanonicalBody> found = CanonicalBody.firstMatching(
        body, dialects, candidate -> form.isPresent() && candidate.text().equals(form.get()));
    assertThat(found.map(CanonicalBody::text)).isEqualTo(offered ? form : Optional.empty());
  }

  @Property
  void dialects_ofAForm_haveThatForm(@ForAll JsonText json, @ForAll long style) {
    byte[] body = json.written(style).getBytes(UTF_8);
    for (Dialect dialect : Dialect.values()) {
      Optional<CanonicalBody> form =
          CanonicalBody.firstMatching(body, List.of(dialect), candidate -> true);
      if (form.isPresent()) {
        assertThat(form.get().dialect()).isEqualTo(dialect);
        assertThat(form.get().dialects()).contains(dialect);
        for (Dialect same : form.get().dialects()) {
          assertThat(CanonicalBody.of(body, same)).isEqualTo(form.get());
        }
      }
    }
  }

  @Property(tries = 2_000)
  void double_printed_isAsPythonAndGoPrintIt(@ForAll("doubles") double value) {
    byte[] body = ("[" + value + "]").getBytes(UTF_8);
    assertThat(CanonicalBody.of(body, Dialect.KLINK).text())
        .isEqualTo("[" + NaiveCanonicalJson.python(value) + "]");
    assertThat(CanonicalBody.of(body, Dialect.GO).text())
        .isEqualTo("[" + NaiveCanonicalJson.go(value) + "]");
  }

  @Property(tries = 2_000)
  void double_printed_readsBackTheSame(@ForAll("doubles") double value) {
    byte[] body = Double.toString(value).getBytes(UTF_8);
    for (Dialect dialect : Dialect.values()) {
      double read = Double.parseDouble(CanonicalBody.of(body, dialect).text());
      assertThat(Double.doubleToRawLongBits(read)).isEqualTo(Double.doubleToRawLongBits(value));
    }
  }

  private static byte[] mutate(byte[] body, Random random) {
    if (body.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = random.nextInt(body.length);
    byte[] mutated = body.clone();
    switch (random.nextInt(6)) {
      case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> mutated[at] = (byte) random.nextInt(256);
      case 2 -> mutated[at] = symbol(random);
      case 3 -> mutated = insert(body, at, symbol(random));
      case 4 -> {
        mutated = Arrays.copyOf(body, body.length - 1);
        System.arraycopy(body, at + 1, mutated, at, body.length - 1 - at);
      }
      default -> mutated = Arrays.copyOf(body, at);
    }
    return mutated;
  }

  private static byte symbol(Random random) {
    return (byte) SYMBOLS.charAt(random.nextInt(SYMBOLS.length()));
  }

  private static byte[] insert(byte[] body, int at, byte value) {
    byte[] longer = Arrays.copyOf(body, body.length + 1);
    System.arraycopy(body, at, longer, at + 1, body.length - at);
    longer[at] = value;
    return longer;
  }
}
