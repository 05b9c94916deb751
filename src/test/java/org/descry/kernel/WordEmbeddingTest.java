package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.descry.engine.Allocator;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WordEmbeddingTest {
  private final WordEmbedding kernel = new WordEmbedding();
  private final INDArray w = new RandomArrays(1).normal(4, 2);

  @Test
  void repeatedWordsAddUpAndUnusedOnesGetZero() {
    INDArray words = Nd4j.createFromArray(2.0, 2, 0, 2).reshape(2, 2);
    INDArray dOut = Nd4j.createFromArray(1.0, 10, 2, 20, 4, 40, 8, 80).reshape(2, 2, 2);
    INDArray dW = Nd4j.create(DataType.DOUBLE, 4, 2).assign(Double.NaN);
    kernel.backward(dOut, kernel.forward(words, w, Allocator.DETACHED), dW);
    assertThat(dW.ravel().toDoubleVector()).containsExactly(4, 40, 0, 0, 11, 110, 0, 0);
  }

  @Test
  void aWordOutsideTheTableIsNamed() {
    for (double word : new double[] {-1, 4}) {
      INDArray words = Nd4j.createFromArray(0.0, word).reshape(1, 2);
      assertThatThrownBy(() -> kernel.forward(words, w, Allocator.DETACHED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("WordEmbedding: expected words from 0 to 3, got " + (int) word);
    }
  }

  @Test
  void wordsOfAnyNumberTypeWillDo() {
    INDArray words = Nd4j.createFromArray(3.0, 1).reshape(1, 2);
    INDArray expected = kernel.forward(words, w, Allocator.DETACHED).out().dup('c');
    for (DataType type : new DataType[] {DataType.INT, DataType.LONG, DataType.FLOAT}) {
      assertThat(kernel.forward(words.castTo(type), w, Allocator.DETACHED).out())
          .isEqualTo(expected);
    }
  }
}
