import java.nio.file.Path;
import org.descry.export.Export;
import org.descry.export.Format;

/**
 * Carries a model into a format that plain DL4J reads; every export is read back and compared.
 *
 * <p>Arguments: the model zip and the file to write.
 */
public class ExportModel {
  public static void main(String[] args) {
    Export.Result result =
        new Export(Path.of(args[0]), Format.DL4J_STOCK, Path.of(args[1]), false).run();
    System.out.println(result.files() + " and " + result.card());
    System.out.println("largest difference: " + result.verification().largestDifference());
  }
}
