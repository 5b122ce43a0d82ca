package cloud.klink.webhooks.moduletest;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The floors of a module: a package uses those below it, never those above. */
@TestInstance(Lifecycle.PER_CLASS) // the class files are read once
public abstract class AbstractArchitectureTest {

  /** All classes of the module, for rules that it alone has. */
  protected final JavaClasses classes;

  private final String root;
  private final List<Room> rooms;

  /**
   * A package with those inside it, and the rooms whose classes it may use.
   *
   * @param name the package's name below the root package, or {@link #ROOT} for that one alone
   * @param mayUse the names of rooms
   */
  public record Room(String name, List<String> mayUse) {

    /** The root package itself, without those below. */
    public static final String ROOT = "root";

    /** Returns a room that may use the rooms of these names. */
    public static Room of(String name, String... mayUse) {
      return new Room(name, List.of(mayUse));
    }
  }

  /**
   * Tests the module of a class.
   *
   * @param memberOfRoot a class in the module's root package
   * @param rooms all rooms of the module; a class outside of them is a failure
   */
  protected AbstractArchitectureTest(Class<?> memberOfRoot, Room... rooms) {
    this.classes = new CompiledModule(memberOfRoot).classes();
    this.root = memberOfRoot.getPackageName();
    this.rooms = List.of(rooms);
  }

  @Test
  void packages_everywhere_useOnlyTheFloorsBelow() {
    LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (Room room : rooms) {
      architecture = architecture
          .optionalLayer(room.name())
          .definedBy(room.name().equals(Room.ROOT) ? root : root + "." + room.name() + "..");
    }
    for (Room room : rooms) {
      architecture = room.mayUse().isEmpty()
          ? architecture.whereLayer(room.name()).mayNotAccessAnyLayer()
          : architecture
              .whereLayer(room.name())
              .mayOnlyAccessLayers(room.mayUse().toArray(String[]::new));
    }
    architecture.ensureAllClassesAreContainedInArchitecture().check(classes);
  }

  @Test
  void packages_everywhere_areFreeOfCycles() {
    slices().assignedFrom(new Packages(root)).should().beFreeOfCycles().check(classes);
  }

  @Test
  void classes_everywhere_leaveTheConsoleAlone() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(classes);
  }

  @Test
  void classes_everywhere_leaveJavaUtilLoggingAlone() {
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(classes);
  }

  /** Each package is a slice of its own, the root package too. */
  private record Packages(String root) implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      return javaClass.getPackageName().startsWith(root)
          ? SliceIdentifier.of(javaClass.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages below " + root;
    }
  }
}
