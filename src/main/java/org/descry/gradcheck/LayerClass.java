package org.descry.gradcheck;

import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.Sequences;

/** A layer that is none of Descry's, from a jar or a folder of classes. */
public final class LayerClass {
  private static final Pattern INPUT = Pattern.compile("[1-9]\\d{0,3}(x[1-9]\\d{0,3}){0,2}");
  private static final int EXAMPLES = 4;
  private static final long SEED = 1;

  private LayerClass() {}

  /**
   * A layer on small random arrays.
   *
   * @param name of its class, which extends {@link ExplicitLayer} and has a constructor without
   *     parameters
   * @param classPath jars and folders that hold it and what it needs
   * @param input what an example is: {@code D} numbers, {@code TxD} for a sequence, {@code CxHxW}
   *     for an image
   * @throws DescryException if the class is not there, is no such layer, or the input is none of
   *     these
   */
  public static LayerCases.Case load(String name, List<Path> classPath, String input) {
    if (!INPUT.matcher(input).matches()) {
      throw new UsageException(
          "The input is %s; expected D, TxD or CxHxW, such as 5, 6x4 or 3x8x8.".formatted(input));
    }
    ExplicitLayer layer = instance(name, classPath);
    Thread.currentThread().setContextClassLoader(layer.getClass().getClassLoader()); // for DL4J
    long[] shape = Arrays.stream(input.split("x", -1)).mapToLong(Long::parseLong).toArray();
    long[] batch = new long[shape.length + 1];
    batch[0] = EXAMPLES;
    System.arraycopy(shape, 0, batch, 1, shape.length);
    return LayerCases.Case.of(layer, "", type(shape), new Values(SEED).normal(batch));
  }

  private static InputType type(long... shape) {
    return switch (shape.length) {
      case 1 -> InputType.feedForward(shape[0]);
      case 2 -> Sequences.type(shape[1], shape[0]);
      default -> InputType.convolutional(shape[1], shape[2], shape[0]);
    };
  }

  private static ExplicitLayer instance(String name, List<Path> classPath) {
    try {
      Class<?> type = Class.forName(name, true, loader(classPath));
      if (!ExplicitLayer.class.isAssignableFrom(type)) {
        throw new UsageException(
            "%s is no layer that can be checked; expected a class that extends %s."
                .formatted(name, ExplicitLayer.class.getName()));
      }
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return (ExplicitLayer) constructor.newInstance();
    } catch (ClassNotFoundException e) {
      throw new UsageException(
          "There is no class %s in %s; expected its whole name, such as com.acme.MyLayer."
              .formatted(
                  name,
                  classPath.isEmpty()
                      ? "Descry itself and no --class-path is given"
                      : classPath.stream().map(Path::toString).collect(Collectors.joining(", "))),
          e);
    } catch (NoSuchMethodException e) {
      throw new UsageException(
          "%s has no constructor without parameters; expected one.".formatted(name), e);
    } catch (ReflectiveOperationException | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new DataException("%s cannot be made: %s.".formatted(name, cause), e);
    }
  }

  private static ClassLoader loader(List<Path> classPath) {
    List<URL> urls = new ArrayList<>();
    for (Path entry : classPath) {
      if (!Files.exists(entry)) {
        throw new UsageException(
            "%s does not exist; expected a jar or a folder of classes.".formatted(entry));
      }
      try {
        urls.add(entry.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e); // every file has one
      }
    }
    // Not closed: the layer may load more classes as long as it lives.
    return new URLClassLoader(urls.toArray(URL[]::new), LayerClass.class.getClassLoader());
  }
}
