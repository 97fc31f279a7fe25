using System.Text.Json.Nodes;

namespace Portal.Model.Documents.Import.Bicep;

/// <summary>A value as a Bicep file writes it, with its place.</summary>
internal abstract record BicepValue(int Line, int Column);

/// <summary>A number, true, false or null.</summary>
internal sealed record BicepLiteral(JsonNode? Value, int Line, int Column) : BicepValue(Line, Column);

/// <summary>A text; its parts are texts and the values between them.</summary>
internal sealed record BicepString(IReadOnlyList<(string? Text, BicepValue? Value)> Parts, int Line, int Column) : BicepValue(Line, Column)
{
    /// <summary>The text when nothing is filled in; null otherwise.</summary>
    public string? Plain => Parts switch { [] => "", [{ Text: { } text }] => text, _ => null };
}

/// <summary>A member of an object; a name of null is a spread.</summary>
internal sealed record BicepMember(string? Name, BicepValue Value, int Line, int Column);

internal sealed record BicepObject(IReadOnlyList<BicepMember> Members, int Line, int Column) : BicepValue(Line, Column);

internal sealed record BicepArray(IReadOnlyList<BicepValue> Items, int Line, int Column) : BicepValue(Line, Column);

/// <summary>The name of a parameter, variable or resource.</summary>
internal sealed record BicepName(string Name, int Line, int Column) : BicepValue(Line, Column);

/// <summary>A member or an item of a value.</summary>
internal sealed record BicepAccess(BicepValue Of, BicepValue Key, string Text, int Line, int Column) : BicepValue(Line, Column);

internal sealed record BicepCall(string Function, IReadOnlyList<BicepValue> Arguments, string Text, int Line, int Column) : BicepValue(Line, Column);

internal sealed record BicepChoice(BicepValue Condition, BicepValue Then, BicepValue Else, string Text, int Line, int Column) : BicepValue(Line, Column);

internal sealed record BicepOperation(string Operator, BicepValue Left, BicepValue? Right, string Text, int Line, int Column) : BicepValue(Line, Column);

/// <summary>One value for each item of a list.</summary>
internal sealed record BicepLoop(string Item, string? Index, BicepValue Source, BicepValue Body, int Line, int Column) : BicepValue(Line, Column);

/// <summary>A value that is written only under a condition.</summary>
internal sealed record BicepConditional(BicepValue Condition, BicepValue Body, int Line, int Column) : BicepValue(Line, Column);

/// <summary>What could not be read, by its text.</summary>
internal sealed record BicepOther(string Text, int Line, int Column) : BicepValue(Line, Column);

/// <summary>A resource. Its body is an object, or one in a loop or under a condition.</summary>
/// <param name="Around">Number of the resource that it is nested in; -1 = none.</param>
internal sealed record BicepResource(string Symbol, string? Type, bool IsExisting, BicepValue Body, int Around, int Line, int Column)
{
    /// <summary>Last line of the resource.</summary>
    public int EndLine { get; init; }
}

/// <summary>A whole file.</summary>
internal sealed class BicepFile
{
    /// <summary>Parameters with their default values; null = none.</summary>
    public Dictionary<string, BicepValue?> Parameters { get; } = [];

    public Dictionary<string, BicepValue> Variables { get; } = [];

    /// <summary>Every resource, nested ones behind those around them.</summary>
    public List<BicepResource> Resources { get; } = [];

    /// <summary>Names of modules and other things that are declared and not read.</summary>
    public HashSet<string> Others { get; } = [];

    /// <summary>Members that stand in the file by themselves: a part of a resource.</summary>
    public List<BicepMember> Members { get; } = [];
}
