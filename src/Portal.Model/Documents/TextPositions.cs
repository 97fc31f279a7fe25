using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>Where each member of a document stands in its text.</summary>
public sealed class TextPositions
{
    internal TextPositions(TextPosition root) => Root = root;

    internal TextPosition Root { get; }

    /// <summary>Line and column, from 1, of a member; of the nearest one around it when it is not in the text.</summary>
    public (int Line, int Column) Find(string path)
    {
        var nearest = Root.Nearest(path);
        return (nearest.Line, nearest.Column);
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

/// <summary>Where a value stands, and the values below it: a tree, so that a deep text does not need the text of every path.</summary>
internal sealed class TextPosition(int line, int column)
{
    private Dictionary<string, TextPosition>? members;
    private List<TextPosition>? items;

    public int Line => line;

    public int Column => column;

    /// <summary>Adds a member; of two with one name the first counts, and the second stands for itself.</summary>
    public TextPosition Add(string name, int atLine, int atColumn)
    {
        var child = new TextPosition(atLine, atColumn);
        (members ??= []).TryAdd(name, child);
        return child;
    }

    public TextPosition AddItem(int atLine, int atColumn)
    {
        var child = new TextPosition(atLine, atColumn);
        (items ??= []).Add(child);
        return child;
    }

    public TextPosition? Member(string name) => members?.GetValueOrDefault(name);

    public TextPosition? Item(int at) => at < (items?.Count ?? 0) ? items![at] : null;

    /// <summary>Puts a member's position, also under another name or from another parent.</summary>
    public void Put(string name, TextPosition? child)
    {
        if (child is not null)
            (members ??= [])[name] = child;
    }

    /// <summary>Removes and gives a member's position.</summary>
    public TextPosition? Take(string name) => members is not null && members.Remove(name, out var child) ? child : null;

    /// <summary>The position at a path, or of the nearest value around it. A name may hold dots.</summary>
    public TextPosition Nearest(ReadOnlySpan<char> path)
    {
        if (path.Length > 0 && path[0] == '[')
        {
            var end = path.IndexOf(']');
            return end > 0 && int.TryParse(path[1..end], out var index) && Item(index) is { } item ? item.Nearest(path[(end + 1)..].TrimStart('.')) : this;
        }
        if (path.Length == 0 || members is null)
            return this;
        var lookup = members.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var end = 1; end <= path.Length; end++)
        {
            if (end < path.Length && path[end] is not ('.' or '['))
                continue;
            if (lookup.TryGetValue(path[..end], out var child))
                return child.Nearest(path[end..].TrimStart('.'));
        }
        return this;
    }
}

/// <summary>The path of a value while a text is read: its text is made when a finding needs it.</summary>
internal sealed class TextPath
{
    private const int MostNameLength = 100;

    private readonly TextPath? parent;
    private readonly string? name;
    private readonly int index;

    private TextPath(TextPath? parent, string? name, int index)
    {
        this.parent = parent;
        this.name = name;
        this.index = index;
    }

    public static TextPath Root { get; } = new(null, null, 0);

    public TextPath Member(string member) => new(this, member, 0);

    public TextPath Item(int at) => new(this, null, at);

    /// <summary>True below a member of the document, and for the member itself.</summary>
    public bool IsBelow(string topMember) => parent is not null && (parent.parent is null ? name == topMember : parent.IsBelow(topMember));

    public override string ToString()
    {
        if (parent is null)
            return "";
        if (name is null)
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{parent}[{index}]");
        var own = name.Length > MostNameLength ? name[..MostNameLength] + "..." : name;
        return parent.parent is null ? own : parent + "." + own;
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
