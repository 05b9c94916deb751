package org.descry.archive;

import java.util.List;
import java.util.regex.Pattern;
import org.nd4j.shade.jackson.databind.JavaType;
import org.nd4j.shade.jackson.databind.cfg.MapperConfig;
import org.nd4j.shade.jackson.databind.jsontype.PolymorphicTypeValidator;

/**
 * The classes that a network's JSON may name. DL4J makes an object of whatever class it reads in
 * {@code "@class"}; here it makes layers, vertices, updaters, schedules and the like, and nothing
 * else.
 */
final class KnownTypes extends PolymorphicTypeValidator.Base {
  private static final long serialVersionUID = 1L;

  /** What layers and vertices are set up with. */
  private static final List<String> PARTS =
      List.of(
          "org\\.deeplearning4j\\.nn\\.conf\\.(distribution|constraint|dropout|weightnoise)\\.\\w+",
          "org\\.deeplearning4j\\.nn\\.weights\\.\\w+",
          "org\\.nd4j\\.linalg\\.learning\\.(config|regularization)\\.\\w+",
          "org\\.nd4j\\.linalg\\.schedule\\.\\w+");

  /** Descry's own layers and vertices, as they stand in its models. */
  static final KnownTypes MODEL =
      new KnownTypes(
          List.of(
              "org\\.descry\\.layer\\.\\w+(Layer|Vertex|Init)",
              "org\\.descry\\.train\\.\\w+Schedule",
              "org\\.deeplearning4j\\.nn\\.conf\\.graph\\.(LayerVertex|ElementWiseVertex|MergeVertex)",
              "org\\.deeplearning4j\\.nn\\.conf\\.layers\\.misc\\.FrozenLayer"));

  /** DL4J's layers and vertices, as they stand in exports. */
  static final KnownTypes STOCK =
      new KnownTypes(
          List.of(
              "org\\.deeplearning4j\\.nn\\.conf\\.(graph|layers|preprocessor)\\.\\w+",
              "org\\.deeplearning4j\\.nn\\.conf\\.graph\\.rnn\\.\\w+",
              "org\\.deeplearning4j\\.nn\\.conf\\.layers\\.(misc|recurrent)\\.\\w+",
              "org\\.nd4j\\.linalg\\.activations\\.impl\\.\\w+",
              "org\\.nd4j\\.linalg\\.lossfunctions\\.impl\\.\\w+"));

  private final Pattern names;

  private KnownTypes(List<String> networks) {
    names = Pattern.compile(String.join("|", PARTS) + "|" + String.join("|", networks));
  }

  boolean has(String className) {
    return names.matcher(className).matches();
  }

  /** Leaves the decision to each class's own name. */
  @Override
  public Validity validateBaseType(MapperConfig<?> config, JavaType baseType) {
    return Validity.INDETERMINATE;
  }

  @Override
  public Validity validateSubClassName(
      MapperConfig<?> config, JavaType baseType, String subClassName) {
    return has(subClassName) ? Validity.ALLOWED : Validity.DENIED;
  }
}
