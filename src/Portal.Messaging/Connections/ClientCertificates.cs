using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Model.Ports;

namespace Portal.Messaging.Connections;

/// <summary>A client certificate with its key, ready for both client libraries.</summary>
internal sealed record ClientCertificate(X509Certificate2 Certificate, X509Certificate2Collection Intermediates, string ChainPem, SecretValue KeyPem);

/// <summary>Reads a client certificate from PEM texts and finds what is wrong with it.</summary>
internal static class ClientCertificates
{
    private const string CertificateKey = "client_cert.pem";
    private const string PrivateKey = "client_key.pem";
    private const string IntermediatesKey = "client_intermediate_certs.pem";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>The certificate; null when it cannot be used, with the reasons in <paramref name="problems"/>.</summary>
    public static ClientCertificate? Read(SecretEntries entries, List<Problem> problems, DateTimeOffset now)
    {
        if (entries.Text(CertificateKey) is not { Length: > 0 } certificateText || entries.Value(PrivateKey) is not { } keyText)
            return null;
        using var loaded = new DisposeWhenUnused();
        var certificates = ReadAll(certificateText);
        if (certificates is null)
            problems.Add(NotPem("certificate-not-pem", CertificateKey, "a certificate", "-----BEGIN CERTIFICATE-----"));
        var intermediates = entries.Text(IntermediatesKey) is { Length: > 0 } more ? ReadAll(more) : [];
        if (intermediates is null)
            problems.Add(NotPem("intermediates-not-pem", IntermediatesKey, "certificates", "-----BEGIN CERTIFICATE-----"));
        loaded.Add(certificates).Add(intermediates);
        if (certificates is null || CheckKey(certificates[0], keyText, problems) is not { } leaf)
            return null;
        CheckDates(leaf, problems, now);
        CheckUsage(leaf, problems);
        loaded.Keep();
        // A chain may also stand in the certificate's own entry, as tls.crt holds it.
        X509Certificate2Collection rest = [.. certificates.Skip(1), .. intermediates ?? []];
        var chain = string.Join('\n', rest.Prepend(leaf).Select(certificate => certificate.ExportCertificatePem()));
        return new ClientCertificate(leaf, rest, chain, keyText);
    }

    /// <summary>The certificates of a PEM text; null when there is none or one cannot be read.</summary>
    public static X509Certificate2Collection? ReadAll(string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
        return certificates.Count == 0 ? null : certificates;
    }

    private static X509Certificate2? CheckKey(X509Certificate2 certificate, SecretValue key, List<Problem> problems)
    {
        var text = key.Reveal();
        if (text.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            problems.Add(new Problem(
                "key-encrypted", $"The private key in {PrivateKey} is protected by a password.",
                "Store the key without a password, for example from openssl pkey -in key.pem -out plain.pem.")
            { Summary = "The private key has a password" });
            return null;
        }
        if (!text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            problems.Add(NotPem("key-not-pem", PrivateKey, "a private key", "-----BEGIN PRIVATE KEY-----"));
            return null;
        }
        try
        {
            return Usable(X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), text));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problems.Add(new Problem(
                "key-mismatch", $"The private key in {PrivateKey} cannot be read or does not belong to the certificate in {CertificateKey}.",
                "Store the key that the certificate request was made with. To compare: openssl pkey -in client_key.pem -pubout, and openssl x509 -in client_cert.pem -noout -pubkey.")
            { Summary = "The key does not match the certificate" });
            return null;
        }
    }

    // Windows signs only with keys that it has seen in a store file.
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static void CheckDates(X509Certificate2 certificate, List<Problem> problems, DateTimeOffset now)
    {
        DateTimeOffset from = certificate.NotBefore, to = certificate.NotAfter;
        if (to <= now)
            problems.Add(new Problem(
                "certificate-expired", $"The client certificate in {CertificateKey} expired on {Day(to)}.", "Store a renewed certificate with its key.")
            { Summary = $"{CertificateKey} expired on {Day(to)}" });
        else if (from > now)
            problems.Add(new Problem(
                "certificate-not-yet-valid", $"The client certificate in {CertificateKey} is valid only from {Day(from)}.",
                "Check the clock of this machine; if it is right, wait for that day or store another certificate.")
            { Summary = $"{CertificateKey} is valid only from {Day(from)}" });
        else if (ExpiryWarning.IsNear(to, now, from))
            problems.Add(Problem.Warning(
                "certificate-expires-soon", $"The client certificate in {CertificateKey} expires on {Day(to)}, in {ExpiryWarning.Left(to, now)}.", "Store a renewed certificate with its key before that day.") with
            { Summary = $"{CertificateKey} expires in {ExpiryWarning.Left(to, now)}" });
    }

    private static void CheckUsage(X509Certificate2 certificate, List<Problem> problems)
    {
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>()).ToList();
        if (usages.Count > 0 && usages.All(usage => usage.Value != ClientAuthentication))
            problems.Add(Problem.Warning(
                "certificate-wrong-usage", "The client certificate is not meant for clients: its extended key usage lacks client authentication. Many brokers refuse it.",
                "Have it issued with the extended key usage clientAuth."));
    }

    private static Problem NotPem(string cause, string key, string what, string begin) => new(
        cause, $"The value of {key} is not {what} in PEM form.",
        $"Store the text of the PEM file, with its lines: it begins with {begin}. A DER or PFX file must be converted, for example with openssl.")
    { Summary = $"{key} is not PEM" };

    private static string Day(DateTimeOffset date) => date.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Frees certificates that were read but are of no use because another part is wrong.</summary>
    private sealed class DisposeWhenUnused : IDisposable
    {
        private readonly List<X509Certificate2> _certificates = [];

        public DisposeWhenUnused Add(X509Certificate2Collection? certificates)
        {
            _certificates.AddRange(certificates ?? []);
            return this;
        }

        public void Keep() => _certificates.Clear();

        public void Dispose() => _certificates.ForEach(certificate => certificate.Dispose());
    }
}
