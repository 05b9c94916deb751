package org.descry.bench.kernels;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One of DL4J's layers without a network around it. */
final class StockLayer {
  private final Layer layer;

  StockLayer(org.deeplearning4j.nn.conf.layers.Layer configuration, INDArray input) {
    NeuralNetConfiguration alone =
        new NeuralNetConfiguration.Builder().layer(configuration).build();
    long size = alone.getLayer().initializer().numParams(alone);
    layer =
        alone
            .getLayer()
            .instantiate(
                alone, null, 0, Nd4j.create(DataType.FLOAT, 1, size), true, DataType.FLOAT);
    layer.setBackpropGradientsViewArray(Nd4j.create(DataType.FLOAT, 1, size));
    layer.setInput(input, LayerWorkspaceMgr.noWorkspaces());
  }

  INDArray forward() {
    return layer.activate(true, LayerWorkspaceMgr.noWorkspaces());
  }

  /** The gradients of the parameters and, where there is one, of the input. */
  Object backward(INDArray dOut) {
    return layer.backpropGradient(dOut, LayerWorkspaceMgr.noWorkspaces());
  }
}
