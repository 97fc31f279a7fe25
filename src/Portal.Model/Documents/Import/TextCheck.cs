using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>Tells texts from what only looks like one: files of other programs, and texts in another encoding.</summary>
internal static class TextCheck
{
    /// <summary>What is wrong; null when it is a text.</summary>
    public static Finding? Find(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is (< ' ' and not ('\t' or '\n' or '\r')) or '\u007f' or '\ufffe' or '\uffff')
                return At(text, at, Finding.Error("not-text", "", "The file is not a text: it holds control characters.", "Give a YAML, JSON or Bicep file."));
            if (c == '\ufffd' || (char.IsSurrogate(c) && !IsPair(text, ref at)))
                return At(text, at, Finding.Error("not-utf8", "", "The file is not encoded in UTF-8: a character here cannot be read.", "Save it as UTF-8."));
        }
        return null;
    }

    private static bool IsPair(string text, ref int at)
    {
        if (!char.IsHighSurrogate(text[at]) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1]))
            return false;
        at++;
        return true;
    }

    private static Finding At(string text, int at, Finding finding)
    {
        var before = text.AsSpan(0, at);
        return finding with { Line = before.Count('\n') + 1, Column = at - before.LastIndexOf('\n') };
    }
}
