namespace Portal.Model.Documents.Editing;

/// <summary>How a scalar stands in the text.</summary>
internal enum ScalarLook { Plain, SingleQuoted, DoubleQuoted, Block }

/// <summary>A value and the characters of the text that it takes.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character behind its last one.</param>
internal abstract record Span(int Start, int End);

/// <summary>Text, number, boolean or null; without characters for a value that is not written.</summary>
internal sealed record ScalarSpan(int Start, int End, ScalarLook Look) : Span(Start, End);

/// <summary>An object or a list.</summary>
/// <param name="IsFlow">True inside brackets, as JSON always is; false for lines below each other.</param>
/// <param name="IsList">True for a list.</param>
/// <param name="Entries">Members or items in the order of the text.</param>
internal sealed record NodeSpan(int Start, int End, bool IsFlow, bool IsList, IReadOnlyList<EntrySpan> Entries) : Span(Start, End);

/// <summary>A member or an item.</summary>
/// <param name="Name">Name of a member; empty for an item.</param>
/// <param name="Start">First character of the name, or the hyphen of an item.</param>
/// <param name="Head">The character behind the colon or the hyphen.</param>
/// <param name="Value">Its value.</param>
internal sealed record EntrySpan(string Name, int Start, int Head, Span Value);
