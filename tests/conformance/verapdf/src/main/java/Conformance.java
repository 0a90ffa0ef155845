import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates each file as PDF/A-3a and as PDF/UA-1, prints one line each, and ends with 1 when any fails. */
public final class Conformance {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean failed = files.length == 0;
        for (String file : files) {
            for (PDFAFlavour flavour : new PDFAFlavour[] {PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1}) {
                try (FileInputStream bytes = new FileInputStream(file);
                        PDFAParser parser = Foundries.defaultInstance().createParser(bytes, flavour);
                        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, 100, false, false, false)) {
                    ValidationResult result = validator.validate(parser);
                    System.out.println((result.isCompliant() ? "ok     " : "FAILED ") + flavour.getId() + "  " + file);
                    if (!result.isCompliant()) {
                        failed = true;
                        Map<String, Integer> rules = new TreeMap<>();
                        for (TestAssertion assertion : result.getTestAssertions()) {
                            rules.merge(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber()
                                    + " " + assertion.getMessage(), 1, Integer::sum);
                        }
                        rules.forEach((rule, count) -> System.out.println("       " + rule + " (" + count + ")"));
                    }
                }
            }
        }
        System.exit(failed ? 1 : 0);
    }
}
