import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.security.Security;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;

/** Un verdict par signature, au sens de PDFBox et de Bouncy Castle : fichier, sorte, intégrité. */
public final class Verdicts {
    public static void main(String[] files) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (String file : files) {
            try (PDDocument document = PDDocument.load(new File(file))) {
                for (PDSignature signature : document.getSignatureDictionaries()) {
                    System.out.println(file + "\t" + signature.getSubFilter() + "\t"
                        + verdict(new File(file), signature));
                }
            } catch (Exception error) {
                System.out.println(file + "\t-\tillisible");
            }
        }
    }

    private static String verdict(File file, PDSignature signature) {
        try {
            byte[] held = signature.getContents(new FileInputStream(file));
            byte[] signed = signature.getSignedContent(new FileInputStream(file));
            boolean stamp = "ETSI.RFC3161".equals(signature.getSubFilter());
            CMSSignedData cms = stamp
                ? new CMSSignedData(new ByteArrayInputStream(held))
                : new CMSSignedData(new CMSProcessableByteArray(signed), held);
            SignerInformation signer = cms.getSignerInfos().getSigners().iterator().next();
            X509CertificateHolder certificate =
                (X509CertificateHolder) cms.getCertificates().getMatches(signer.getSID())
                    .iterator().next();
            boolean valid = signer.verify(
                new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate));
            if (valid && stamp) {
                TimeStampToken token = new TimeStampToken(cms);
                byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(signed);
                valid = java.util.Arrays.equals(
                    digest, token.getTimeStampInfo().getMessageImprintDigest());
            }
            return valid ? "intacte" : "rompue";
        } catch (Exception error) {
            return "rompue";
        }
    }
}
