package org.descry.data.image.cifar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a pickle works on. Asking for more than there is ends in an IndexOutOfBoundsException. */
final class PickleStack {
  private static final Object MARK = new Object();

  private final List<Object> values = new ArrayList<>();

  void push(Object value) {
    values.add(value);
  }

  void mark() {
    values.add(MARK);
  }

  Object pop() {
    return values.remove(values.size() - 1);
  }

  Object top() {
    return values.get(values.size() - 1);
  }

  /** The last {@code count}, in their order. */
  List<Object> popLast(int count) {
    List<Object> last = values.subList(values.size() - count, values.size());
    List<Object> taken = new ArrayList<>(last);
    last.clear();
    return taken;
  }

  /** All after the last mark, which goes with them. */
  List<Object> popToMark() {
    int mark = values.size() - 1;
    while (values.get(mark) != MARK) {
      mark--;
    }
    List<Object> taken = popLast(values.size() - mark - 1);
    pop();
    return taken;
  }

  /**
   * @param depth how many lie above it
   */
  @SuppressWarnings("unchecked") // every List on the stack is one of ours
  List<Object> list(int depth) {
    return (List<Object>) values.get(values.size() - 1 - depth);
  }

  @SuppressWarnings("unchecked") // every Map on the stack is one of ours
  Map<String, Object> map() {
    return (Map<String, Object>) top();
  }
}
