using Portal.Model.Fields;
using Portal.Model.Validation;

namespace Portal.Certificates;

/// <summary>Whether a text can be the value of an entry of a synced secret. The text itself is never part of a finding.</summary>
public static class PemRules
{
    private const string Certificate = "CERTIFICATE";

    /// <summary>Why the text cannot be the value; null = it can.</summary>
    public static Finding? Check(SecretEntryField entry, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Problem("value-missing", "The secret value is missing.", entry.IsPem ? "Paste the PEM text, or choose the file." : "Write the value.");
        if (!entry.IsPem)
            return null;
        var labels = PemCertificates.Labels(text);
        if (labels.Count == 0)
            return Problem("no-pem", "The text is not PEM.", "Paste the whole text with its lines -----BEGIN ...----- and -----END ...-----.");
        return entry.Matches("client_key.pem") ? CheckKey(text, labels) : CheckCertificates(text, labels);
    }

    /// <summary>Why the text cannot be a bundle of trusted CAs; null = it can.</summary>
    public static Finding? CheckBundle(string text) =>
        string.IsNullOrWhiteSpace(text) ? Problem("value-missing", "The certificate is missing.", "Paste the PEM text of the CA, or choose the file.")
        : PemCertificates.Labels(text) is { Count: > 0 } labels ? CheckCertificates(text, labels)
        : Problem("no-pem", "The text is not PEM.", "Paste the whole text with its lines -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----.");

    private static Finding? CheckKey(string text, IReadOnlyList<string> labels)
    {
        if (labels.Contains("ENCRYPTED PRIVATE KEY") || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            return Problem("key-encrypted", "The private key is protected by a password.", "Remove it, for example with openssl pkey -in key.pem -out plain.pem, and paste the result.");
        return labels.Any(label => label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)) ? null
            : Problem("no-key", "The text holds no private key.", "Paste the PEM text that begins with -----BEGIN PRIVATE KEY-----.");
    }

    private static Finding? CheckCertificates(string text, IReadOnlyList<string> labels)
    {
        if (labels.Any(label => label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)))
            return Problem("key-in-certificate", "The text also holds a private key.", "Paste the certificate alone.");
        return PemCertificates.Read(text).Count == labels.Count(label => label == Certificate) && labels.Contains(Certificate) ? null
            : Problem("no-certificate", "The text holds no readable certificate.", "Paste the PEM text that begins with -----BEGIN CERTIFICATE-----.");
    }

    private static Finding Problem(string code, string message, string fix) => Finding.Error(code, "", message, fix);
}
