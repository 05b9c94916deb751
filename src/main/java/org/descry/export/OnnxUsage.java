package org.descry.export;

import java.util.List;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.onnx.OnnxModel;
import org.descry.export.samediff.SameDiffGraph;

/** How an ONNX export is used: its part of the model card. */
final class OnnxUsage {
  private static final String TEXT =
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

  private static final String CLASSIFY =
      """
      [%1$s] = model.run(["%1$s"], {"image": image})
      print(labels[%1$s[0].argmax()])  # of the first image
      """;

  private static final String CAPTION =
      """
      [state] = encoder.run(["initialState"], {"%1$s": %1$s})  # of one image
      word = %2$s  # <START>
      for _ in range(%3$s):
          probabilities, state = model.run(
              ["probabilities", "nextState"], {"word": np.array([word]), "state": state})
          probabilities[0, [%4$s, %2$s, %5$s]] = 0  # never <NULL>, <START>, <UNK>
          word = int(probabilities[0].argmax())
          if word == %6$s:  # <END>
              break
          print(vocabulary[word], end=" ")
      """;

  private static final String CONTINUE =
      """
      state = np.zeros((1, %s), np.float32)
      for word in prompt:  # numbers of words, as in the vocabulary
          probabilities, state = model.run(
              ["probabilities", "nextState"], {"word": np.array([word]), "state": state})
      print(vocabulary[probabilities[0].argmax()])  # the likeliest word after them
      """;

  private static final String READ =
      """
      [probabilities] = model.run(["probabilities"], {"words": words})
      print(vocabulary[probabilities[0, 0].argmax()])  # of the first step
      """;

  private static final String SEQUENCE =
      """
      [%1$s] = model.run(["%1$s"], {"%2$s": %2$s, "mask": mask})
      print(labels[%1$s[0].argmax()])  # of the first sequence
      """;

  private final ModelArchive model;
  private final Manifest manifest;

  OnnxUsage(ModelArchive model) {
    this.model = model;
    manifest = model.manifest();
  }

  /** Markdown: what goes in and comes out, and how to load and ask the model. */
  String text(List<String> files) {
    String names = SameDiffGraph.names(manifest);
    return TEXT.formatted(
        files.size() == 1 ? "An ONNX graph" : "Two ONNX graphs, the encoder and a decoder's step",
        OnnxModel.OPSET,
        manifest.classifies() ? "classes" : "words",
        names,
        new SameDiffUsage(model).inputsAndOutputs("int64"),
        (files.size() == 1 ? "" : OPEN.formatted("encoder", files.get(0)))
            + OPEN.formatted("model", files.get(files.size() - 1))
            + NAMES.formatted(names)
            + SameDiffUsage.snippet(model, CLASSIFY, CAPTION, READ, CONTINUE, SEQUENCE));
  }
}
