using System.Diagnostics;
using System.Text;

namespace Portal.Tests.Shared;

/// <summary>Finds the programs that tests start.</summary>
internal static class Tool
{
    // Brokers are in sbin, which is not in everybody's PATH.
    private static readonly string[] MoreFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    public static string Find(string name)
    {
        if (Path.IsPathRooted(name))
            return name;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Concat(MoreFolders).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"The tests need the program {name}, which is not installed. `bash tests/run.sh` installs all of them on Debian.");
    }

    public static ProcessStartInfo StartInfo(
        string name, IEnumerable<string> arguments, string? workingFolder, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(Find(name), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[key] = value;
        return start;
    }
}
