using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Portal.Model.Ports;

namespace Portal.Messaging.Connections;

/// <summary>Reads the CA certificates of a config map.</summary>
internal static class TrustedCas
{
    /// <summary>All certificates of all files; null when there is none, with the reason in <paramref name="problems"/>.</summary>
    public static X509Certificate2Collection? Read(ConfigMap configMap, List<Problem> problems, DateTimeOffset now)
    {
        var cas = new X509Certificate2Collection();
        var unreadable = new List<Problem>();
        foreach (var (file, text) in configMap.Data.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (ClientCertificates.ReadAll(text) is { } certificates)
                cas.AddRange(certificates);
            else
                unreadable.Add(new Problem(
                    "ca-not-pem", $"The file '{file}' of the config map '{configMap.Name}' holds no readable PEM certificate.",
                    "Store the CA certificate as PEM text; it begins with -----BEGIN CERTIFICATE-----.")
                { Summary = $"'{file}' is not PEM" });
        }
        // Beside good certificates an unreadable file does no harm.
        problems.AddRange(unreadable.Select(problem => problem with { IsWarning = cas.Count > 0 }));
        if (cas.Count == 0)
        {
            if (configMap.Data.Count == 0)
                problems.Add(new Problem(
                    "config-map-empty", $"The config map '{configMap.Name}' is empty.", "Store the CA certificate in it, for example under ca.crt."));
            return null;
        }
        CheckDates(configMap.Name, cas, problems, now);
        return cas;
    }

    private static void CheckDates(string name, X509Certificate2Collection cas, List<Problem> problems, DateTimeOffset now)
    {
        var expired = cas.Where(ca => ca.NotAfter.ToUniversalTime() <= now).ToList();
        if (expired.Count == cas.Count)
        {
            problems.Add(new Problem(
                "ca-expired", $"Every CA certificate in the config map '{name}' is expired, the last since {Day(expired.Max(ca => ca.NotAfter))}.",
                "Store the renewed CA certificate in the config map.")
            { Summary = $"The CA in '{name}' is expired" });
        }
        foreach (var ca in cas.Except(expired).Where(ca => ExpiryWarning.IsNear(ca.NotAfter, now, ca.NotBefore)))
        {
            var left = ExpiryWarning.Left(ca.NotAfter, now);
            problems.Add(Problem.Warning(
                "ca-expires-soon", $"The CA certificate '{Network.ChainCertificate.TitleOf(ca.Subject)}' in the config map '{name}' expires on {Day(ca.NotAfter)}, in {left}.",
                "Store its successor in the config map before that day.") with
            { Summary = $"A CA in '{name}' expires in {left}" });
        }
    }

    private static string Day(DateTime date) => date.ToUniversalTime().ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
