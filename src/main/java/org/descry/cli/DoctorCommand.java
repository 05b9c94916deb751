package org.descry.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.descry.engine.Diagnosis;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code descry doctor}: what the program runs on, how fast that is, and what looks wrong. */
@Command(
    name = "doctor",
    description = "Show the Java runtime, native binary, threads, memory and measured speed.")
final class DoctorCommand extends BaseCommand {
  @Mixin private EngineOptions engineOptions;

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    PrintWriter out = out();
    engineOptions.start(json ? err() : out);
    Diagnosis diagnosis = Diagnosis.run();
    if (json) {
      ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      ObjectNode tree = mapper.valueToTree(diagnosis);
      tree.set("advice", mapper.valueToTree(diagnosis.advice()));
      out.println(mapper.writeValueAsString(tree));
    } else {
      print(diagnosis, out);
    }
    out.flush();
    return 0;
  }

  private static void print(Diagnosis diagnosis, PrintWriter out) {
    Diagnosis.Memory memory = diagnosis.memory();
    row(out, "Java", diagnosis.jdk());
    row(out, "Processor", diagnosis.engine().processor());
    row(
        out,
        "Binary",
        "%s (present: %s)",
        diagnosis.engine().binary(),
        String.join(", ", diagnosis.engine().present()));
    row(out, "oneDNN", diagnosis.direct());
    row(out, "bfloat16", diagnosis.bfloat16());
    row(out, "BLAS", diagnosis.blas());
    row(
        out,
        "Threads",
        "%s on %s processors, load %.1f",
        diagnosis.engine().threads(),
        diagnosis.processors(),
        diagnosis.load());
    row(
        out,
        "Memory",
        "heap %s, arrays off the heap %s, process %s; machine %s, %s free",
        gibibytes(memory.heap()),
        gibibytes(memory.offHeap()),
        gibibytes(memory.process()),
        gibibytes(memory.machine()),
        gibibytes(memory.free()));
    row(
        out,
        "Native cache",
        "%s, %s",
        diagnosis.cache().folder(),
        gibibytes(diagnosis.cache().bytes()));
    diagnosis.openMp().forEach((name, value) -> row(out, "Environment", name + "=" + value));
    row(out, "Matmul", "%.0f GFLOP/s", diagnosis.throughput().matmul());
    row(out, "Convolution", "%.0f GFLOP/s", diagnosis.throughput().convolution());
    List<String> advice = diagnosis.advice();
    out.println(advice.isEmpty() ? "Nothing looks wrong." : "To do:");
    advice.forEach(sentence -> out.println("  - " + sentence));
  }

  private static void row(PrintWriter out, String name, String value, Object... arguments) {
    out.printf(
        "%-12s %s%n",
        name, arguments.length == 0 ? value : String.format(Locale.ROOT, value, arguments));
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
