package org.descry.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/** What Parquet's own reader finds in a file. */
final class ParquetRows {
  private ParquetRows() {}

  static List<Group> groups(Path file) throws IOException {
    List<Group> rows = new ArrayList<>();
    var path = new org.apache.hadoop.fs.Path(file.toUri());
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** As maps, lists, texts and numbers, as JSON has them. */
  static List<Map<String, Object>> of(Path file) throws IOException {
    return groups(file).stream().map(ParquetRows::map).toList();
  }

  private static Map<String, Object> map(Group group) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Type field : group.getType().getFields()) {
      map.put(field.getName(), value(group, field, 0));
    }
    return map;
  }

  private static Object value(Group group, Type field, int index) {
    String name = field.getName();
    if (field.getLogicalTypeAnnotation()
        instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation) {
      Group elements = group.getGroup(name, index);
      Type repeated = elements.getType().getType(0);
      Type element = ((GroupType) repeated).getType(0);
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < elements.getFieldRepetitionCount(0); i++) {
        list.add(value(elements.getGroup(repeated.getName(), i), element, 0));
      }
      return list;
    } else if (!field.isPrimitive()) {
      return map(group.getGroup(name, index));
    }
    return switch (field.asPrimitiveType().getPrimitiveTypeName()) {
      case DOUBLE -> group.getDouble(name, index);
      case INT64 -> group.getLong(name, index);
      default -> group.getString(name, index);
    };
  }
}
