package org.descry.serve.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.descry.UsageException;
import org.descry.io.Versions;
import org.descry.kind.service.Options;
import org.descry.kind.service.Tensor;
import org.descry.kind.service.TensorType;
import org.descry.serve.Refused;
import org.descry.serve.model.ServedModel;

/** The Open Inference Protocol, version 2, with its extension for tensors in binary. */
final class Protocol {
  private static final String LENGTH = "Inference-Header-Content-Length";
  private static final String NAME = "descry";
  private static final Set<String> MEDIA =
      Set.of(
          "",
          "application/json",
          "application/octet-stream",
          "application/vnd.sagemaker-triton.binary+json");

  private final Answering answering;

  Protocol(Answering answering) {
    this.answering = answering;
  }

  void register(RoutesConfig routes) {
    routes.get("/v2", context -> answer(context, "server", server()));
    routes.get("/v2/health/live", context -> answer(context, "live", Map.of("live", true)));
    routes.get("/v2/health/ready", this::ready);
    for (String model : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
      routes.get(model, this::metadata);
      routes.get(model + "/ready", this::modelReady);
      routes.post(model + "/infer", this::infer);
    }
  }

  private void answer(Context context, String endpoint, Object value) {
    Exchange.answer(answering.exchange(context, endpoint).context(), 200, value);
  }

  private static Map<String, Object> server() {
    Map<String, Object> server = new LinkedHashMap<>();
    server.put("name", NAME);
    server.put("version", Versions.descry());
    server.put("extensions", List.of("binary_tensor_data"));
    return server;
  }

  private void ready(Context context) {
    answering.exchange(context, "ready");
    boolean ready = answering.models.ready();
    // The specification's text calls it live here, its schema ready.
    Exchange.answer(context, ready ? 200 : 503, Map.of("live", ready, "ready", ready));
  }

  private void modelReady(Context context) {
    answering.exchange(context, "model-ready");
    String name = context.pathParam("model");
    boolean ready = answering.models.ready(name, context.pathParamMap().get("version"));
    Exchange.answer(context, ready ? 200 : 503, Map.of("name", name, "ready", ready));
  }

  private void metadata(Context context) {
    answering.with(
        answering.exchange(context, "metadata"),
        new Answering.Use() {
          @Override
          public <Q, A> CompletableFuture<Runnable> of(ServedModel<Q, A> model, long deadline) {
            Map<String, Object> metadata = new LinkedHashMap<>();
            metadata.put("name", model.name());
            metadata.put("versions", answering.models.versions(model.name()));
            metadata.put("platform", NAME);
            metadata.put("inputs", model.service().traits().inputs());
            metadata.put("outputs", model.service().traits().outputs());
            return CompletableFuture.completedFuture(() -> Exchange.answer(context, 200, metadata));
          }
        });
  }

  private void infer(Context context) {
    Exchange exchange = answering.exchange(context, "infer");
    if (!MEDIA.contains(exchange.mediaType())) {
      throw new Refused(
          415,
          "The content type is %s; expected application/json or application/octet-stream."
              .formatted(exchange.mediaType()));
    }
    byte[] body = exchange.body();
    InferRequest request = InferReader.read(body, jsonLength(context, body.length));
    answering.with(
        exchange,
        new Answering.Use() {
          @Override
          public <Q, A> CompletableFuture<Runnable> of(ServedModel<Q, A> model, long deadline) {
            requireOutputs(model, request);
            return answering.ask(
                model,
                deadline,
                () ->
                    model
                        .service()
                        .questions(
                            request.inputs(), new Options(request.parameters(), piece -> {})),
                (questions, answers) ->
                    write(context, model, request, model.service().tensors(answers)));
          }
        });
  }

  private static int jsonLength(Context context, int all) {
    String header = context.header(LENGTH);
    if (header == null) {
      return all;
    }
    try {
      int length = Integer.parseInt(header.strip());
      if (length >= 0 && length <= all) {
        return length;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UsageException(
        "Header %s is not as expected: expected 0 to the %s bytes of the body."
            .formatted(LENGTH, all));
  }

  private static void requireOutputs(ServedModel<?, ?> model, InferRequest request) {
    List<String> known = model.service().traits().outputs().stream().map(TensorType::name).toList();
    for (String name : request.outputs().keySet()) {
      if (!known.contains(name)) {
        throw new UsageException("There is no output %s; expected %s.".formatted(name, known));
      }
    }
  }

  private static void write(
      Context context, ServedModel<?, ?> model, InferRequest request, List<Tensor> all) {
    List<Tensor> outputs = new ArrayList<>(all);
    if (!request.outputs().isEmpty()) {
      outputs.removeIf(output -> !request.outputs().containsKey(output.name()));
    }
    InferWriter.Response response =
        InferWriter.write(model.name(), model.version(), request, outputs);
    boolean binary = response.json() < response.body().length;
    context.status(200).contentType(binary ? "application/octet-stream" : "application/json");
    if (binary) {
      context.header(LENGTH, Integer.toString(response.json()));
    }
    context.result(response.body());
  }
}
