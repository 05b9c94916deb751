package org.descry.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.descry.kind.bulk.AnswerFormat;

/**
 * Answers as Parquet: texts, doubles and whole numbers under their names, lists and what is in them
 * as Parquet's LIST of groups. The first row says which columns there are.
 */
public final class ParquetAnswers implements AnswerFormat {
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  /** As a service. */
  public ParquetAnswers() {}

  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public Rows to(OutputStream out) {
    return new File(out);
  }

  private static final class File implements Rows {
    private final OutputStream out;
    private MessageType columns;
    private ParquetWriter<Group> writer;

    File(OutputStream out) {
      this.out = out;
    }

    @Override
    public void add(Map<String, Object> answer) throws IOException {
      if (writer == null) {
        open(answer);
      }
      SimpleGroup row = new SimpleGroup(columns);
      fill(row, answer);
      writer.write(row);
    }

    private void open(Map<String, Object> answer) throws IOException {
      columns = Types.buildMessage().addFields(types(answer)).named("answer");
      writer =
          ExampleParquetWriter.builder(new Stream(out))
              .withType(columns)
              .withCompressionCodec(CompressionCodecName.SNAPPY)
              .build();
    }

    /** A file without rows has the column that all have. */
    @Override
    public void close() throws IOException {
      if (writer == null) {
        open(Map.of("image", ""));
      }
      writer.close();
    }
  }

  private static Type[] types(Map<?, ?> values) {
    return values.entrySet().stream()
        .map(entry -> type(entry.getKey().toString(), entry.getValue()))
        .toArray(Type[]::new);
  }

  private static Type type(String name, Object value) {
    if (value instanceof List<?> list) {
      Object first = list.isEmpty() ? "" : list.get(0);
      return Types.requiredList().element(type(ELEMENT, first)).named(name);
    } else if (value instanceof Map<?, ?> map) {
      return new GroupType(Type.Repetition.REQUIRED, name, types(map));
    } else if (value instanceof Double || value instanceof Float) {
      return Types.required(PrimitiveTypeName.DOUBLE).named(name);
    } else if (value instanceof Number) {
      return Types.required(PrimitiveTypeName.INT64).named(name);
    }
    return Types.required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named(name);
  }

  private static void fill(Group row, Map<?, ?> values) {
    values.forEach((name, value) -> put(row, name.toString(), value));
  }

  private static void put(Group row, String name, Object value) {
    if (value instanceof List<?> list) {
      Group elements = row.addGroup(name);
      list.forEach(element -> put(elements.addGroup(LIST), ELEMENT, element));
    } else if (value instanceof Map<?, ?> map) {
      fill(row.addGroup(name), map);
    } else if (value instanceof Double || value instanceof Float) {
      row.add(name, ((Number) value).doubleValue());
    } else if (value instanceof Number number) {
      row.add(name, number.longValue());
    } else {
      row.add(name, value.toString());
    }
  }

  /** Parquet has to know where it is in a file; the stream below is another one's to close. */
  private record Stream(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSize) {
      return new PositionOutputStream() {
        private long position;

        @Override
        public long getPos() {
          return position;
        }

        @Override
        public void write(int one) throws IOException {
          out.write(one);
          position++;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
          out.write(bytes, from, count);
          position += count;
        }

        @Override
        public void flush() throws IOException {
          out.flush();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
