import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.policy.EtsiValidationPolicy;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.policy.jaxb.ConstraintsParameters;
import eu.europa.esig.dss.policy.jaxb.Level;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.util.List;
import java.util.stream.Collectors;

/** Validates each PDF by ETSI EN 319 102-1 against one trusted root, prints one line each, and ends with 1 when any fails. */
public final class Dss {
    public static void main(String[] arguments) throws Exception {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(new File(arguments[0])));
        boolean failed = arguments.length < 2;
        for (int i = 1; i < arguments.length; i++) {
            CommonCertificateVerifier verifier = new CommonCertificateVerifier();
            verifier.setTrustedCertSources(trusted);
            SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(arguments[i]));
            validator.setCertificateVerifier(verifier);
            // ETSI's own policy but for one rule: the samples' office has published no list of revoked signers.
            ConstraintsParameters rules = ValidationPolicyFacade.newFacade()
                    .unmarshall(Dss.class.getResourceAsStream("/policy/constraint.xml"));
            rules.getSignatureConstraints().getBasicSignatureConstraints().getSigningCertificate()
                    .getRevocationDataAvailable().setLevel(Level.IGNORE);
            Reports reports = validator.validateDocument(new EtsiValidationPolicy(rules));
            SimpleReport report = reports.getSimpleReport();
            String said;
            boolean good = report.getSignatureIdList().size() == 1;
            if (good) {
                String id = report.getFirstSignatureId();
                SignatureWrapper signature = reports.getDiagnosticData().getSignatureById(id);
                good = report.getIndication(id) == Indication.TOTAL_PASSED
                        && report.getSignatureFormat(id) == SignatureLevel.PAdES_BASELINE_B
                        && signature.isSignatureIntact() && signature.isSignatureValid()
                        && report.getAdESValidationErrors(id).isEmpty();
                said = report.getIndication(id) + " " + report.getSubIndication(id) + " " + report.getSignatureFormat(id)
                        + " errors " + values(report.getAdESValidationErrors(id))
                        + " warnings " + values(report.getAdESValidationWarnings(id));
            } else {
                said = report.getSignatureIdList().size() + " signatures";
            }
            System.out.println((good ? "ok     " : "FAILED ") + "DSS " + said + "  " + arguments[i]);
            failed |= !good;
        }
        System.exit(failed ? 1 : 0);
    }

    private static String values(List<Message> messages) {
        return messages.stream().map(Message::getValue).collect(Collectors.toList()).toString();
    }
}
