using System.Text;

namespace Portal.Tests.Shared;

/// <summary>Compares a text with a file in the folder <c>Golden</c> of the test project, see docs/development.md.</summary>
public static class GoldenFile
{
    /// <summary>Set to 1 to write the files anew instead of comparing; look at the diff before you commit it.</summary>
    public const string UpdateVariable = "UPDATE_GOLDEN";

    private const int Context = 3;

    /// <param name="name">Path below the folder, with forward slashes, e.g. <c>yaml/custom-mqtt-x509.yaml</c>.</param>
    /// <param name="folder">Another folder than the <c>Golden</c> of the test project.</param>
    public static void Compare(string name, string actual, string? folder = null)
    {
        var file = Path.Combine(folder ?? Path.Combine(RepositoryRoot.TestProject, "Golden"), name);
        var update = Environment.GetEnvironmentVariable(UpdateVariable) == "1";
        if (!File.Exists(file) && !update)
            Assert.Fail($"There is no golden file {name}. Run the test with {UpdateVariable}=1 to write it, and read it. The text is:\n{actual}");
        var expected = File.Exists(file) ? File.ReadAllText(file) : null;
        if (expected == actual)
            return;
        if (update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return;
        }

        Assert.Fail($"{name} differs from its golden file. If the new text is right, run the test with {UpdateVariable}=1.\n{Difference(expected!, actual)}");
    }

    /// <summary>The first lines that differ, with a few lines before them; whitespace at the ends is made visible.</summary>
    private static string Difference(string expected, string actual)
    {
        var old = expected.Split('\n');
        var now = actual.Split('\n');
        var first = 0;
        while (first < old.Length && first < now.Length && old[first] == now[first])
            first++;

        var text = new StringBuilder($"First difference in line {first + 1}:");
        foreach (var line in old[Math.Max(0, first - Context)..first])
            text.Append($"\n    {line}");
        foreach (var line in old.Skip(first).Take(Context))
            text.Append($"\n  - {Visible(line)}");
        foreach (var line in now.Skip(first).Take(Context))
            text.Append($"\n  + {Visible(line)}");
        return text.ToString();
    }

    private static string Visible(string line)
    {
        var trimmed = line.TrimEnd(' ', '\t', '\r');
        return trimmed + line[trimmed.Length..].Replace(" ", "·").Replace("\t", "→").Replace("\r", "\\r");
    }
}
