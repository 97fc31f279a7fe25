using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>Checks that a text is a bundle of PEM certificates, and says which part of it is not.</summary>
internal static partial class PemBundle
{
    [GeneratedRegex("^[ \t]*-----BEGIN ([^\r\n-]*)-----", RegexOptions.Multiline)]
    private static partial Regex Begin();

    public static bool HoldsPrivateKey(string text) => Begin().Matches(text).Any(match => match.Groups[1].Value.EndsWith("PRIVATE KEY", StringComparison.Ordinal));

    public static Finding PrivateKey(string file) => Finding.Error(
        "private-key-in-config-map", $"data.{file}", $"'{file}' holds a private key. Config maps are not secret: everyone who may read the cluster or the folder may read them.",
        "Remove the key from the text. A client key belongs in a secret: use Add reference on the endpoint. When this text was shared already, replace the key.");

    /// <summary>Every problem of one file.</summary>
    public static IReadOnlyList<Finding> Check(string file, string text)
    {
        if (HoldsPrivateKey(text))
            return [PrivateKey(file)];
        var findings = new List<Finding>();
        var certificates = 0;
        foreach (Match match in Begin().Matches(text))
        {
            var label = match.Groups[1].Value;
            if (label != "CERTIFICATE")
                continue;
            certificates++;
            if (Reason(text[match.Index..]) is { } reason)
            {
                var line = FileText.PositionOf(text, match.Index).Line;
                findings.Add(Finding.Error(
                    "certificate-broken", $"data.{file}", string.Create(CultureInfo.InvariantCulture, $"Certificate {certificates} of '{file}' (line {line}) {reason}."),
                    "Copy it again, whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.") with
                { Line = line, Column = 1 });
            }
        }
        if (certificates == 0)
            findings.Add(NoCertificate(file, text));
        return findings;
    }

    /// <summary>The text as it is stored: line ends of Unix, nothing behind the lines, so that YAML shows it as a block.</summary>
    public static string Tidy(string text)
        => string.Join('\n', text.TrimStart('\ufeff').ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n', ' ', '\t') + "\n";

    private static string? Reason(string text)
    {
        var end = text.IndexOf("-----END CERTIFICATE-----", StringComparison.Ordinal);
        var next = text.IndexOf("-----BEGIN ", 10, StringComparison.Ordinal);
        if (end < 0 || (next >= 0 && next < end))
            return "has no end: the line -----END CERTIFICATE----- is missing";
        var body = text[(text.IndexOf("-----", 10, StringComparison.Ordinal) + 5)..end];
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(body);
        }
        catch (FormatException)
        {
            return "holds characters that are not base64, or not all of them";
        }
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(bytes);
            return null;
        }
        catch (CryptographicException)
        {
            return "is not an X.509 certificate";
        }
    }

    private static Finding NoCertificate(string file, string text)
    {
        var labels = Begin().Matches(text).Select(match => match.Groups[1].Value).Distinct().ToList();
        var holds = labels.Count > 0 ? $" It holds {string.Join(", ", labels)}." : text.Any(c => c is '\0' or '\ufffd') ? " It looks like the binary form (DER)." : "";
        return Finding.Error(
            "certificate-missing", $"data.{file}", $"'{file}' holds no certificate in PEM form.{holds}",
            "Give the CA's certificate as text that starts with -----BEGIN CERTIFICATE-----; 'openssl x509 -inform der -in ca.cer' turns the binary form into it.");
    }
}
