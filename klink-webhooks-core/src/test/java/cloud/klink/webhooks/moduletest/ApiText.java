package cloud.klink.webhooks.moduletest;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Types and their members as text: what other code may name, call, extend or implement. The same on
 * every JDK. Methods of {@link Object} that a type overrides are left out, as is what the compiler
 * adds.
 */
final class ApiText {

  private static final int FOR_TYPES =
      Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;

  private ApiText() {}

  /** Whether code of another package may name the type. */
  static boolean isVisible(Class<?> type) {
    if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) {
      return false;
    }
    Class<?> outer = type.getDeclaringClass();
    return isVisible(type.getModifiers()) && (outer == null || isVisible(outer));
  }

  static String of(List<Class<?>> types) {
    return types.stream()
        .sorted(Comparator.comparing(Class::getName))
        .map(ApiText::of)
        .collect(joining("\n"));
  }

  private static String of(Class<?> type) {
    Stream<String> fields = membersOf(type, Class::getDeclaredFields).map(ApiText::of);
    Stream<String> constructors = Arrays.stream(type.getDeclaredConstructors())
        .filter(constructor -> isVisible(constructor, type))
        .map(ApiText::of);
    return Stream.of(
            Stream.of(declaration(type)),
            indented(fields),
            indented(constructors),
            indented(methodsOf(type)))
        .flatMap(lines -> lines)
        .map(line -> line + "\n")
        .collect(joining());
  }

  private static Stream<String> indented(Stream<String> lines) {
    return new TreeSet<>(lines.toList()).stream().map(line -> "  " + line);
  }

  private static String declaration(Class<?> type) {
    int modifiers = type.getModifiers() & FOR_TYPES;
    if (type.isInterface() || type.isEnum()) {
      modifiers &= ~(Modifier.ABSTRACT | Modifier.FINAL);
    }
    String kind = type.isAnnotation()
        ? "@interface"
        : type.isInterface()
            ? "interface"
            : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    Class<?> superclass = type.getSuperclass();
    boolean plain =
        superclass == null || superclass == Object.class || type.isEnum() || type.isRecord();
    return modifiers(modifiers)
        + (type.isSealed() ? "sealed " : "")
        + kind
        + " "
        + type.getName()
        + TypeText.parametersOf(type)
        + (plain ? "" : " extends " + TypeText.of(type.getGenericSuperclass()))
        + list(type.isInterface() ? " extends " : " implements ", interfacesOf(type))
        + list(" permits ", permittedBy(type));
  }

  private static Stream<String> interfacesOf(Class<?> type) {
    return type.isAnnotation()
        ? Stream.empty()
        : Arrays.stream(type.getGenericInterfaces()).map(TypeText::of).sorted();
  }

  private static Stream<String> permittedBy(Class<?> type) {
    return type.isSealed() && !type.isEnum()
        ? Arrays.stream(type.getPermittedSubclasses()).map(Class::getName).sorted()
        : Stream.empty();
  }

  private static String of(Field field) {
    return modifiers(field.getModifiers() & ~(Modifier.TRANSIENT | Modifier.VOLATILE))
        + TypeText.of(field.getGenericType())
        + " "
        + field.getName()
        + constantOf(field);
  }

  /** The value that the compiler copies into the classes that use the field. */
  private static String constantOf(Field field) {
    boolean constant = Modifier.isStatic(field.getModifiers())
        && Modifier.isFinal(field.getModifiers())
        && (field.getType().isPrimitive() || field.getType() == String.class);
    if (!constant) {
      return "";
    }
    try {
      return " = " + field.get(null);
    } catch (IllegalAccessException e) {
      return "";
    }
  }

  private static String of(Constructor<?> constructor) {
    return modifiers(constructor.getModifiers()) + "new" + signature(constructor);
  }

  private static Stream<String> methodsOf(Class<?> type) {
    Map<String, Method> methods = new TreeMap<>();
    membersOf(type, Class::getDeclaredMethods)
        .filter(method -> !method.isBridge() && !isOfObject(method))
        .forEach(method -> methods.putIfAbsent(
            method.getName() + Arrays.toString(method.getParameterTypes()), method));
    return methods.values().stream().map(ApiText::of);
  }

  private static String of(Method method) {
    int kept = Modifier.PUBLIC
        | Modifier.PROTECTED
        | Modifier.STATIC
        | Modifier.FINAL
        | (method.getDeclaringClass().isInterface() ? 0 : Modifier.ABSTRACT);
    return modifiers(method.getModifiers() & kept)
        + (method.isDefault() ? "default " : "")
        + TypeText.parametersOf(method)
        + (method.getTypeParameters().length == 0 ? "" : " ")
        + TypeText.of(method.getGenericReturnType())
        + " "
        + method.getName()
        + signature(method);
  }

  private static String signature(Executable executable) {
    String parameters = Arrays.stream(executable.getGenericParameterTypes())
        .map(TypeText::of)
        .collect(joining(", ", "(", ")"));
    return (executable.isVarArgs() ? parameters.replaceFirst("\\[]\\)$", "...)") : parameters)
        + list(" throws ", Arrays.stream(executable.getGenericExceptionTypes()).map(TypeText::of));
  }

  private static boolean isOfObject(Method method) {
    return Arrays.stream(Object.class.getDeclaredMethods())
        .anyMatch(inherited -> inherited.getName().equals(method.getName())
            && Arrays.equals(inherited.getParameterTypes(), method.getParameterTypes()));
  }

  /** A type's own members and those that it inherits from types that others cannot name. */
  private static <M extends Member> Stream<M> membersOf(
      Class<?> type, Function<Class<?>, M[]> declared) {
    return Stream.concat(Stream.of(type), hiddenAbove(type))
        .flatMap(owner -> Arrays.stream(declared.apply(owner)))
        .filter(member -> isVisible(member, type));
  }

  private static Stream<Class<?>> hiddenAbove(Class<?> type) {
    return Stream.concat(
            Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
        .filter(above -> !isVisible(above))
        .flatMap(above -> Stream.concat(Stream.of(above), hiddenAbove(above)));
  }

  private static boolean isVisible(Member member, Class<?> type) {
    boolean reachable = Modifier.isPublic(member.getModifiers())
        || (Modifier.isProtected(member.getModifiers()) && !Modifier.isFinal(type.getModifiers()));
    return reachable && !member.isSynthetic();
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String modifiers(int modifiers) {
    return modifiers == 0 ? "" : Modifier.toString(modifiers) + " ";
  }

  private static String list(String before, Stream<String> parts) {
    String all = parts.collect(joining(", "));
    return all.isEmpty() ? "" : before + all;
  }
}
