using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>Reads one file below the folder. Whatever is in it, the answer is a value.</summary>
internal static partial class ManifestReader
{
    /// <summary>A file written so shortly ago may be written again within the clock's grain.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    [GeneratedRegex("""["']?\bkind["']?[ \t]*:\s*["']?(?<value>\w+)""")]
    private static partial Regex KindLine();

    [GeneratedRegex("""["']?\bkind["']?[ \t]*:\s*["']?(?<value>Secret)\b|\b(?<value>stringData)["']?\s*:""")]
    private static partial Regex SecretLine();

    [GeneratedRegex("""["']?metadata["']?\s*:[^\0]{0,2000}?(?<name>["']?\bname["']?\s*:[ \t]*["']?(?<value>[A-Za-z0-9][A-Za-z0-9.-]*))""")]
    private static partial Regex NameLine();

    public static string RevisionOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes)[..16]);

    /// <summary>The revision on the disk at this moment; null when there is no such file.</summary>
    public static string? RevisionOnDisk(string path) => File.Exists(path) ? RevisionOf(File.ReadAllBytes(path)) : null;

    /// <param name="root">The folder, links resolved.</param>
    /// <param name="path">The file.</param>
    /// <param name="location">Path below the folder.</param>
    /// <param name="now">Time of this reading.</param>
    public static ManifestFile Read(string root, string path, string location, DateTimeOffset now)
    {
        var stamp = FileStamp.Of(path);
        var file = new ManifestFile(location, stamp, "") { IsLink = new FileInfo(path).LinkTarget is not null, IsFresh = now.UtcDateTime - stamp.Written < Grain };
        try
        {
            if (file.IsLink && !Links.RealPath(path).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                return Broken(file, null, OutsideLink);
            if (stamp.Length > FileText.MostBytes)
                return Broken(file with { Revision = stamp.ToString() }, null, FileText.TooLarge(stamp.Length));
            var bytes = File.ReadAllBytes(path);
            file = file with { Revision = RevisionOf(bytes) };
            var (text, finding) = FileText.Decode(bytes);
            return text is null ? Broken(file, null, finding!) : Read(file, text);
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            var (message, fix) = FileFaults.Explain(exception, path);
            // Rights change without a new stamp, so it is tried again at every look.
            return Broken(file with { IsFresh = true }, null, Finding.Error("file-unreadable", "", message, fix) with { Line = 1, Column = 1 });
        }
    }

    private static ManifestFile Read(ManifestFile file, string text)
    {
        var read = Manifest.Read(text);
        if (read.Resource is { } resource)
            return file with { Resource = new StoredResource(resource, file.Revision, file.Stamp.Written, file.Location) { Text = text }, NameAt = NamePosition(text) };
        if (IsConfigMap(text) && Yaml.Read(text) is { Findings.Count: 0, Documents: [var document] } && KindOf(document.Root) == ConfigMapManifest.Kind)
            return ReadConfigMap(file, text, document);
        // Nothing of a secret is repeated anywhere, not even in a message about its syntax.
        if (SecretLine().Match(text) is { Success: true } secret)
            return Broken(file, text, At(text, secret.Groups["value"].Index, Finding.Error(
                "secret-in-manifests", "kind", "The file holds a Kubernetes Secret. Values do not belong in a folder that goes to git.",
                "Set the values under Secrets and certificates, then delete the file. If it was shared already, change the values.")));
        return Broken(file, text, [.. read.Findings.Where(finding => finding.Severity is Severity.Error)]);
    }

    private static ManifestFile ReadConfigMap(ManifestFile file, string text, TextDocument document)
    {
        var (name, data, findings) = ConfigMapManifest.Read(document);
        return name is null || data is null || findings.Count > 0
            ? Broken(file, text, [.. findings])
            : file with { ConfigMap = new ConfigMap(name, data, file.Revision), NameAt = NamePosition(text) };
    }

    private static ManifestFile Broken(ManifestFile file, string? text, params ImmutableArray<Finding> findings)
        => file with { Findings = findings, Claims = ClaimsOf(file.Location, text) };

    private static ImmutableArray<ManifestClaim> ClaimsOf(string location, string? text)
    {
        if (text is not null && Yaml.Read(text) is { Documents.Count: > 1 } several)
            return [.. several.Documents.Select(document => Claim(document.Root)).OfType<ManifestClaim>()];
        var kind = text is null ? null : KindLine().Match(text) is { Success: true } found ? found.Groups["value"].Value : null;
        var name = text is null ? null : NameLine().Match(text) is { Success: true } match ? match.Groups["value"].Value : null;
        return [new ManifestClaim(kind, name ?? Path.GetFileNameWithoutExtension(location))];
    }

    private static ManifestClaim? Claim(JsonObject root)
        => root["metadata"] is JsonObject metadata && metadata["name"] is JsonValue name && name.TryGetValue<string>(out var text)
            ? new ManifestClaim(KindOf(root), text)
            : null;

    private static string? KindOf(JsonObject root) => root["kind"] is JsonValue kind && kind.TryGetValue<string>(out var text) ? text : null;

    private static bool IsConfigMap(string text) => KindLine().Matches(text).Any(match => match.Groups["value"].Value == ConfigMapManifest.Kind);

    private static (int Line, int Column) NamePosition(string text)
        => NameLine().Match(text) is { Success: true } match ? FileText.PositionOf(text, match.Groups["name"].Index) : (1, 1);

    private static Finding At(string text, int index, Finding finding)
    {
        var (line, column) = FileText.PositionOf(text, index);
        return finding with { Line = line, Column = column };
    }

    private static Finding OutsideLink { get; } = Finding.Error(
        "link-outside", "", "The file is a link that leads out of the folder; it is not followed.", "Put the file itself here.") with
    { Line = 1, Column = 1 };
}
