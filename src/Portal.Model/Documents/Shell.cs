using System.Text.RegularExpressions;

namespace Portal.Model.Documents;

/// <summary>Words and commands of a POSIX shell.</summary>
internal static partial class Shell
{
    [GeneratedRegex("^[A-Za-z0-9_@%+=:,./-]+\\z")]
    private static partial Regex Bare();

    /// <summary>A word that the shell hands on as it is: nothing in it is expanded.</summary>
    public static string Quote(string word) => Bare().IsMatch(word) ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>One command over several lines.</summary>
    public static string Command(string command, IEnumerable<string> options) => string.Join(" \\\n  ", options.Prepend(command));

    /// <summary>Every line as a comment, so that a text that holds a newline cannot leave it.</summary>
    public static string Comment(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Length == 0 ? "#" : "# " + line));
}
