using System.Reflection;
using System.Text.Json.Nodes;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.AzureForms;

/// <summary>What the real Bicep compiler made of some files.</summary>
/// <param name="Diagnostics">Every line that it wrote about each file; type errors are warnings there, so none may stand.</param>
/// <param name="Templates">The ARM template of each file.</param>
internal sealed record BicepResult(ILookup<string, string> Diagnostics, IReadOnlyDictionary<string, string> Templates)
{
    /// <summary>The template of a file that the compiler had nothing to say about.</summary>
    public string Clean(string name)
    {
        Assert.Equal([], Diagnostics[name]);
        return Templates[name];
    }
}

/// <summary>Runs the Bicep compiler of the package, one run for many files.</summary>
internal static class BicepCompiler
{
    private static readonly string Executable = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "BicepCompiler").Value!;

    /// <param name="files">Bicep text by a name.</param>
    public static async Task<BicepResult> CompileAsync(IReadOnlyDictionary<string, string> files, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var names = files.Keys.Select((name, at) => (Name: name, Module: $"m{at}")).ToList();
        foreach (var (name, module) in names)
            await File.WriteAllTextAsync(Path.Combine(folder.Path, module + ".bicep"), files[name], cancellationToken);
        // As modules of one file they are compiled in one run.
        var main = string.Concat(names.Select(file => $"module {file.Module} '{file.Module}.bicep' = {{\n  name: '{file.Module}'\n}}\n"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "main.bicep"), main, cancellationToken);
        var run = await ProcessRunner.RunAsync(
            Executable, ["build", Path.Combine(folder.Path, "main.bicep"), "--outfile", Path.Combine(folder.Path, "main.json")],
            limit: TimeSpan.FromSeconds(80), cancellationToken: cancellationToken);
        run.MustSucceed();
        var lines = (run.Error + "\n" + run.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var diagnostics = lines.ToLookup(line => names.FirstOrDefault(file => line.Contains($"/{file.Module}.bicep(", StringComparison.Ordinal)).Name ?? "");
        return new BicepResult(diagnostics, await TemplatesAsync(Path.Combine(folder.Path, "main.json"), names, cancellationToken));
    }

    private static async Task<Dictionary<string, string>> TemplatesAsync(string path, List<(string Name, string Module)> names, CancellationToken cancellationToken)
    {
        var main = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken))!;
        var byModule = main["resources"]!.AsArray().ToDictionary(module => (string)module!["name"]!, module => module!["properties"]!["template"]!.ToJsonString());
        return names.ToDictionary(file => file.Name, file => byModule[file.Module]);
    }
}
