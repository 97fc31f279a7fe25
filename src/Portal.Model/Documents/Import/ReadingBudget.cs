using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>Bounds what one lenient reading may make of a text, so that a hostile one costs no more than a large honest one.</summary>
internal sealed class ReadingBudget(CancellationToken cancellationToken = default)
{
    /// <summary>Most values (members, items, what aliases and variables stand for) of one text.</summary>
    public const int MostValues = 500_000;

    /// <summary>Most findings of one document; the rest would say the same again.</summary>
    public const int MostFindings = 300;

    /// <summary>Longest name of a member.</summary>
    public const int MostNameLength = 1000;

    private const int CharactersAValue = 200;
    private int values;

    /// <summary>Counts values, and ends the reading where there are too many.</summary>
    public void Take(int count, int line, int column)
    {
        cancellationToken.ThrowIfCancellationRequested();
        values += count;
        if (values > MostValues || values < 0)
            throw new TextRefusedException(ImportRefusal.TooLarge, Finding.Error(
                "too-large", "", string.Create(CultureInfo.InvariantCulture, $"The text stands for more than {MostValues} values."), "Split it into several files; write values out instead of repeating them by name.") with
            { Line = line, Column = column });
    }

    /// <summary>Counts a copy of a value with everything below it; its size and nesting are those of the copy.</summary>
    public void TakeCopy(JsonNode? node, int depth, int line, int column)
    {
        CheckDepth(depth, line, column);
        Take(1 + (node is JsonValue value && value.TryGetValue<string>(out var text) ? text.Length / CharactersAValue : 0), line, column);
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, child) in members)
                    TakeCopy(child, depth + 1, line, column);
                break;
            case JsonArray items:
                foreach (var item in items)
                    TakeCopy(item, depth + 1, line, column);
                break;
        }
    }

    /// <summary>Ends the reading where a text is nested too deep.</summary>
    public static void CheckDepth(int depth, int line, int column)
    {
        if (depth > JsonText.MostDepth)
            throw new TextRefusedException(ImportRefusal.TooDeep, Finding.Error(
                "too-deep", "", string.Create(CultureInfo.InvariantCulture, $"The text is nested more than {JsonText.MostDepth} deep."), "Write it flatter.") with
            { Line = line, Column = column });
    }
}

/// <summary>Ends the reading of a whole text.</summary>
internal sealed class TextRefusedException(ImportRefusal refusal, Finding finding) : Exception(finding.Message)
{
    public ImportRefusal Refusal => refusal;

    public Finding Finding => finding;
}
