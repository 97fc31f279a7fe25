using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>Where each member of a document stands in its text.</summary>
public sealed class TextPositions
{
    private readonly Dictionary<string, (int Line, int Column)> byPath = [];

    internal void Add(string path, int line, int column) => byPath.TryAdd(path, (line, column));

    /// <summary>Line and column, from 1, of a member; of the nearest one around it when it is not in the text.</summary>
    public (int Line, int Column) Find(string path)
    {
        var at = path;
        while (at.Length > 0)
        {
            if (byPath.TryGetValue(at, out var position))
                return position;
            at = at[..Math.Max(at.LastIndexOfAny(['.', '[']), 0)];
        }
        return byPath.GetValueOrDefault("", (1, 1));
    }

    /// <summary>The finding with the line and column of its path, unless it has them.</summary>
    public Finding Place(Finding finding)
    {
        if (finding.Line is not null)
            return finding;
        var (line, column) = Find(finding.Path);
        return finding with { Line = line, Column = column };
    }
}

/// <summary>One document of a text.</summary>
/// <param name="Root">Its members.</param>
/// <param name="Positions">Where each stands.</param>
public sealed record TextDocument(JsonObject Root, TextPositions Positions);

/// <summary>What reading a text gave.</summary>
/// <param name="Documents">The documents that could be read; none when the syntax is broken.</param>
/// <param name="Findings">What is wrong, each with line and column.</param>
public sealed record TextReadResult(IReadOnlyList<TextDocument> Documents, IReadOnlyList<Finding> Findings);
