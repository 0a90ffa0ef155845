import java.io.File;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** Validates each file as PDF/A-1b with PDFBox preflight, prints one line each, and ends with 1 when any fails. */
public final class Preflight {
    public static void main(String[] files) throws Exception {
        boolean failed = files.length == 0;
        for (String file : files) {
            ValidationResult result = PreflightParser.validate(new File(file));
            System.out.println((result.isValid() ? "ok     " : "FAILED ") + "preflight 1b  " + file);
            for (ValidationResult.ValidationError error : result.getErrorsList()) {
                System.out.println("       " + error.getErrorCode() + " " + error.getDetails());
            }
            failed |= !result.isValid();
        }
        System.exit(failed ? 1 : 0);
    }
}
