package cloud.klink.webhooks.moduletest;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;

/** A type as text: full names, with type arguments and bounds. The same on every JDK. */
final class TypeText {

  private TypeText() {}

  static String of(Type type) {
    if (type instanceof Class<?> plain) {
      return plain.isArray() ? of(plain.getComponentType()) + "[]" : plain.getName();
    }
    if (type instanceof ParameterizedType parameterized) {
      return of(parameterized.getRawType())
          + Arrays.stream(parameterized.getActualTypeArguments())
              .map(TypeText::of)
              .collect(joining(", ", "<", ">"));
    }
    if (type instanceof GenericArrayType array) {
      return of(array.getGenericComponentType()) + "[]";
    }
    if (type instanceof WildcardType wildcard) {
      return wildcard.getLowerBounds().length > 0
          ? "?" + bounds(" super ", wildcard.getLowerBounds())
          : "?" + bounds(" extends ", wildcard.getUpperBounds());
    }
    return ((TypeVariable<?>) type).getName();
  }

  /** Returns the type parameters in angle brackets, or nothing. */
  static String parametersOf(GenericDeclaration declaration) {
    TypeVariable<?>[] parameters = declaration.getTypeParameters();
    return parameters.length == 0
        ? ""
        : Arrays.stream(parameters)
            .map(parameter -> parameter.getName() + bounds(" extends ", parameter.getBounds()))
            .collect(joining(", ", "<", ">"));
  }

  private static String bounds(String before, Type[] bounds) {
    String all = Arrays.stream(bounds)
        .filter(bound -> bound != Object.class)
        .map(TypeText::of)
        .collect(joining(" & "));
    return all.isEmpty() ? "" : before + all;
  }
}
