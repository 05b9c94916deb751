package org.descry.export.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.caption.Vocabulary;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.io.Json;
import org.descry.io.Versions;

/**
 * A trained model as ONNX graphs with the inputs and outputs of its {@link SameDiffGraph}, of which
 * words are int64: one graph, or of a captioner two, the encoder and a step of the decoder. A file
 * holds the names of its outputs' columns and what else its user has to know as metadata.
 */
public final class OnnxModel {
  /** The version of ONNX's operations. */
  public static final int OPSET = OnnxOps.OPSET;

  /** The version of ONNX's file format that goes with it. */
  private static final int IR_VERSION = 7;

  private final ModelArchive archive;
  private final Manifest manifest;
  private final Function<ModelArchive, SameDiffGraph> definition;

  /**
   * @param definition makes the graph that is written
   */
  public OnnxModel(ModelArchive archive, Function<ModelArchive, SameDiffGraph> definition) {
    this.archive = archive;
    this.definition = definition;
    manifest = archive.manifest();
  }

  /**
   * Writes the model.
   *
   * @param files one for each graph
   * @throws UsageException where a layer cannot be written, or the model is too large for a file
   * @throws IOException if a file cannot be written
   */
  public void write(List<Path> files) throws IOException {
    long bytes = archive.network().numParams() * Float.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw new UsageException(
          "The format onnx holds at most 2 GiB in a file; expected fewer parameters, got %s bytes of them."
              .formatted(bytes));
    }
    SameDiffGraph graph = definition.apply(archive);
    String name = manifest.provenance().job().path("name").asText();
    for (int i = 0; i < files.size(); i++) {
      SameDiffGraph.Part part = graph.parts().get(i);
      ModelProto.Builder model =
          ModelProto.newBuilder()
              .setIrVersion(IR_VERSION)
              .setProducerName("Descry")
              .setProducerVersion(Versions.descry())
              .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
              .setGraph(new OnnxGraph(graph.graph(), name).of(part.inputs(), part.outputs()));
      metadata(graph, part)
          .forEach(
              (key, value) ->
                  model.addMetadataProps(
                      StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(files.get(i)))) {
        model.build().writeTo(out);
      }
    }
  }

  private Map<String, String> metadata(SameDiffGraph graph, SameDiffGraph.Part part) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("kind", manifest.kind());
    if (part.inputs().contains(SameDiffGraph.IMAGE)) {
      entries.put(
          SameDiffGraph.IMAGE,
          "N x channels x height x width, %svalues 0 to 255"
              .formatted(manifest.image().channels() == 3 ? "RGB, " : ""));
    }
    if (!part.outputs().containsKey(SameDiffGraph.INITIAL_STATE)) {
      entries.put(SameDiffGraph.names(manifest), Json.line(manifest.outputNames()));
    }
    if (manifest.classifies() && manifest.text() != null) {
      entries.put(SameDiffGraph.WORDS, Json.line(manifest.text().tokens()));
    }
    if (manifest.vocabulary() != null) {
      entries.put("steps", manifest.steps().toString());
      entries.put("null", Integer.toString(Vocabulary.NULL));
      entries.put("start", Integer.toString(Vocabulary.START));
      entries.put("end", Integer.toString(Vocabulary.END));
      entries.put("unknown", Integer.toString(Vocabulary.UNKNOWN));
    }
    entries.put(SameDiffGraph.SELF_TEST, Json.line(graph.selfTest(part)));
    return entries;
  }
}
