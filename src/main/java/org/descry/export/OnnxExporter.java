package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.onnx.OnnxModel;
import org.descry.export.onnx.OnnxSession;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.io.Unpacking;

/**
 * ONNX files, see {@link OnnxModel}. ONNX Runtime runs them before they are shown to anybody; where
 * it is not there, the graph that they are written from stands in for them, and the card says so.
 */
final class OnnxExporter implements Exporter {
  /** What Maven calls ONNX Runtime. */
  private static final String ARTIFACT = "com.microsoft.onnxruntime:onnxruntime:1.29.0";

  private static final String RUNTIME_CLASS = "ai/onnxruntime/OrtEnvironment.class";

  private static final String USAGE =
      """
      %s, opset %s, for any program that reads ONNX. N is any number of rows. A file's metadata has \
      the %s by number as `%s`, a JSON array.

      %s

      In Python, with `onnxruntime` and `numpy`:

      ```python
      import json
      import numpy as np
      import onnxruntime

      %s```
      """;

  private static final String OPEN =
      """
      %1$s = onnxruntime.InferenceSession("%2$s")
      """;

  private static final String NAMES =
      """
      %1$s = json.loads(model.get_modelmeta().custom_metadata_map["%1$s"])
      """;

  @Override
  public List<String> files(Manifest manifest, String name) {
    return ExportedKind.of(manifest).files(name);
  }

  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    new OnnxModel(model, ExportedKind::graph).write(files);
  }

  @Override
  public List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files) {
    if (missing() != null) {
      NamedGraph graph = ExportedKind.graph(model).graph()::output;
      return graph.answers(model, probe);
    }
    List<OnnxSession> sessions = new ArrayList<>();
    try {
      files.forEach(file -> sessions.add(new OnnxSession(file)));
      OnnxSession seeing = sessions.get(0);
      OnnxSession reading = sessions.get(sessions.size() - 1);
      NamedGraph graph =
          (inputs, outputs) ->
              (inputs.containsKey(SameDiffGraph.WORD) ? reading : seeing).run(inputs);
      return graph.answers(model, probe);
    } finally {
      sessions.forEach(OnnxSession::close);
    }
  }

  @Override
  public String verification() {
    String missing = missing();
    return missing == null
        ? "Run by ONNX Runtime %s, its".formatted(OnnxSession.version())
        : "Not run, for %s. Of the graph that it was written from, the".formatted(missing);
  }

  /** Why ONNX Runtime cannot be used here, as a clause; null where it can. */
  private static String missing() {
    boolean present = OnnxExporter.class.getClassLoader().getResource(RUNTIME_CLASS) != null;
    if (present) {
      Unpacking.require(Unpacking::temporary); // the runtime would print where it was
    }
    try {
      OnnxSession.version();
      return null;
    } catch (LinkageError e) {
      return !present
          ? "ONNX Runtime (%s) is not on the class path".formatted(ARTIFACT)
          : "ONNX Runtime cannot be started on this machine (%s)".formatted(e.getMessage());
    }
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    Manifest manifest = model.manifest();
    String names = SameDiffGraph.names(manifest);
    ExportedKind kind = ExportedKind.of(manifest);
    boolean single = files.size() == 1;
    return USAGE.formatted(
        single ? "An ONNX graph" : "Two ONNX graphs, the encoder and a decoder's step",
        OnnxModel.OPSET,
        manifest.classifies() ? "classes" : "words",
        names,
        kind.signature(model, "int64"),
        (single ? "" : OPEN.formatted("encoder", files.get(0)))
            + OPEN.formatted("model", files.get(files.size() - 1))
            + NAMES.formatted(names)
            + kind.programs(model).onnx());
  }
}
