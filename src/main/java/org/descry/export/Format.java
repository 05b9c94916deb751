package org.descry.export;

import java.util.function.Supplier;

/** What a model can be exported to. */
public enum Format {
  /** DL4J's zip with Descry's layers: for programs with Descry on the class path. */
  DL4J("dl4j", Dl4jExporter::new),

  /** DL4J's zip with DL4J's own layers only: for programs without Descry. */
  DL4J_STOCK("dl4j-stock", ExportedKind.Stock::new),

  /** One SameDiff graph: for programs with ND4J alone. */
  SAMEDIFF("samediff", SameDiffExporter::new),

  /** ONNX graphs: for ONNX Runtime and all else that reads them, in any language. */
  ONNX("onnx", OnnxExporter::new);

  private final String title;
  private final Supplier<Exporter> exporter;

  Format(String title, Supplier<Exporter> exporter) {
    this.title = title;
    this.exporter = exporter;
  }

  Exporter exporter() {
    return exporter.get();
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return title;
  }
}
