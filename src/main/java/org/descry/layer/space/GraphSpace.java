package org.descry.layer.space;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.arbiter.ComputationGraphSpace;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.TaskCreatorProvider;
import org.deeplearning4j.arbiter.task.ComputationGraphTaskCreator;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/**
 * A {@code ComputationGraphSpace} whose vertices have settings that are searched as well, where
 * Arbiter's own takes vertices as they are. It has no JSON.
 */
public final class GraphSpace extends ComputationGraphSpace {
  static {
    TaskCreatorProvider.registerDefaultTaskCreatorClass(
        GraphSpace.class, ComputationGraphTaskCreator.class);
  }

  private GraphSpace(Builder builder) {
    super(builder);
  }

  /** Each candidate gets vertices of its own: DL4J writes the network's settings into them. */
  @Override
  public synchronized GraphConfiguration getValue(double[] point) {
    List<VertexConf> all = vertices;
    vertices = new ArrayList<>();
    try {
      for (VertexConf each : all) {
        GraphVertex vertex =
            each instanceof Searched searched
                ? searched.space.getValue(point)
                : each.getGraphVertex().clone();
        vertices.add(new VertexConf(vertex, each.getVertexName(), each.getInputs()));
      }
      return super.getValue(point);
    } finally {
      vertices = all;
    }
  }

  @Override
  @SuppressWarnings("rawtypes")
  public List<ParameterSpace> collectLeaves() {
    List<ParameterSpace> leaves = super.collectLeaves();
    for (VertexConf each : vertices) {
      if (each instanceof Searched searched) {
        leaves.addAll(searched.space.collectLeaves());
      }
    }
    return leaves;
  }

  // Arbiter's equals compares what is in its own fields, and the vertices are among them.
  private static final class Searched extends VertexConf {
    private final VertexSpace<?> space;

    Searched(String name, VertexSpace<?> space, String... inputs) {
      super(null, name, inputs);
      this.space = space;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Searched that && space == that.space && super.equals(other);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(space);
    }
  }

  /**
   * Builds the space; {@code addVertex} with a space goes first, for the others return Arbiter's.
   */
  public static final class Builder extends ComputationGraphSpace.Builder {
    /** A vertex with settings that are searched. */
    public Builder addVertex(String name, VertexSpace<?> vertex, String... inputs) {
      vertexList.add(new Searched(name, vertex, inputs));
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public GraphSpace build() {
      return new GraphSpace(this);
    }
  }
}
