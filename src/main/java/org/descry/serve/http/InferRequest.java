package org.descry.serve.http;

import java.util.Map;
import org.descry.kind.service.Tensor;

/**
 * A request for inference, as the Open Inference Protocol has it.
 *
 * @param id to be given back; null where there is none
 * @param parameters of the request
 * @param inputs by name
 * @param outputs whether each asked-for output is to come in binary, null where it is not said;
 *     empty where all outputs are meant
 * @param binary whether outputs that do not say come in binary
 */
record InferRequest(
    String id,
    Map<String, Object> parameters,
    Map<String, Tensor> inputs,
    Map<String, Boolean> outputs,
    boolean binary) {}
